"""Light and dark theme: contrast of texts, and the change from one theme to another."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.settings import Theme
from guarddog_gui.ui.dialogs.auto_height_dialog import FormScrollArea
from guarddog_gui.ui.history.page import REDRAW_DELAY_MS
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.style.colours import DARK, LIGHT, Colours, make_palette
from guarddog_gui.ui.style.state_colours import state_colour
from guarddog_gui.ui.style.theme import apply_theme
from tests.ui import find
from tests.ui.app_windows import VIEWS, AppLauncher
from tests.ui.contrast import TEXT_CONTRAST_MIN, contrast

Role = QPalette.ColorRole


@pytest.fixture(autouse=True)
def restore_system_theme(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, Theme.SYSTEM)


def test_contrast_is_calculated_as_wcag_defines_it() -> None:
    assert contrast(QColor("#000"), QColor("#fff")) == pytest.approx(21)
    assert contrast(QColor("#777"), QColor("#fff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("state", KeyState)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_state_contrasts_with_the_areas_of_the_theme(colours: Colours, state: KeyState) -> None:
    colour = state_colour(state, dark=colours is DARK)
    for area in (colours.background, colours.card, colours.rail):
        assert contrast(colour, area) >= TEXT_CONTRAST_MIN


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_disabled_text_is_fainter_than_enabled_text_but_visible(colours: Colours) -> None:
    palette = make_palette(colours)
    for text, background in ((Role.Text, Role.Base), (Role.ButtonText, Role.Button)):
        disabled = contrast(palette.color(QPalette.ColorGroup.Disabled, text), palette.color(background))
        enabled = contrast(palette.color(QPalette.ColorGroup.Active, text), palette.color(background))
        assert 2 < disabled < enabled


def is_dark(application: QApplication) -> bool:
    return application.palette().color(Role.Base).lightness() < 128


def test_a_theme_takes_effect_at_once_and_the_system_theme_comes_back(qapp: QApplication) -> None:
    apply_theme(qapp, Theme.SYSTEM)
    before = qapp.palette().color(Role.Base)
    apply_theme(qapp, Theme.DARK)
    assert is_dark(qapp)
    apply_theme(qapp, Theme.LIGHT)
    assert not is_dark(qapp)
    apply_theme(qapp, Theme.DARK)
    apply_theme(qapp, Theme.SYSTEM)
    assert qapp.palette().color(Role.Base) == before
    assert qapp.styleHints().colorScheme() is not Qt.ColorScheme.Dark


WINDOWS = [view for view in VIEWS if view not in ("tray", "context menu")]


def open_view(view: str, app_launcher: AppLauncher, qtbot: QtBot) -> QWidget:
    program = app_launcher.start("en")
    find.field(program.page(SignPage), "nonceStr").setText("2718281828")  # instead of a random one
    window = VIEWS[view](program, qtbot)
    qtbot.waitExposed(window)
    return window


def settle(window: QWidget, app_launcher: AppLauncher, qtbot: QtBot) -> None:
    """Wait until the history has loaded the columns of its new width."""

    def is_settled() -> bool:
        timers = window.findChildren(QTimer)
        pending = [timer for timer in timers if timer.isActive() and timer.isSingleShot()]
        is_pending = any(timer.interval() <= REDRAW_DELAY_MS for timer in pending)
        return not is_pending and app_launcher.harness.is_idle

    qtbot.waitUntil(is_settled)


def grab(window: QWidget, app_launcher: AppLauncher, qtbot: QtBot, qapp: QApplication) -> QImage:
    """Return a picture in a fixed size, scrolled to the top, without the blinking text cursor."""
    window.resize(1200, 800)
    settle(window, app_launcher, qtbot)
    for _ in range(5):
        qapp.sendPostedEvents()
        qapp.processEvents()
    for area in window.findChildren(FormScrollArea):  # it has scrolled before or after it got this size
        area.verticalScrollBar().setValue(0)
    focused = window.focusWidget()
    if focused is not None:
        focused.clearFocus()
    return window.grab().toImage()


@pytest.mark.parametrize(("before", "after"), [(Theme.LIGHT, Theme.DARK), (Theme.DARK, Theme.LIGHT)])
@pytest.mark.parametrize("view", WINDOWS)
def test_a_window_looks_after_a_change_of_theme_as_if_opened_in_it(
    view: str, before: Theme, after: Theme, app_launcher: AppLauncher, qtbot: QtBot, qapp: QApplication
) -> None:
    apply_theme(qapp, after)
    expected = grab(open_view(view, app_launcher, qtbot), app_launcher, qtbot, qapp)
    apply_theme(qapp, before)
    window = open_view(view, app_launcher, qtbot)
    assert grab(window, app_launcher, qtbot, qapp) != expected
    apply_theme(qapp, after)
    changed = grab(window, app_launcher, qtbot, qapp)
    assert changed == expected
