"""A change of theme updates every open window completely."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.settings import Theme
from guarddog_gui.ui.theme import apply_theme
from tests.ui import find
from tests.ui.app_windows import VIEWS, AppLauncher, populated_app

WINDOWS = [view for view in VIEWS if view not in ("tray", "context menu")]


@pytest.fixture
def app_launcher(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[AppLauncher]:
    with populated_app(qapp, qtbot, tmp_path) as app_launcher:
        try:
            yield app_launcher
        finally:
            app_launcher.close()
            apply_theme(qapp, Theme.SYSTEM)


def opened(view: str, app_launcher: AppLauncher, qtbot: QtBot) -> QWidget:
    program = app_launcher.start("en")
    find.field(program.window, "Nonce").setText("2718281828")  # instead of a random one
    window = VIEWS[view](program, qtbot)
    qtbot.waitExposed(window)
    return window


def picture(window: QWidget, qapp: QApplication) -> QImage:
    """Return a picture in a fixed size, without the blinking text cursor."""
    window.resize(1200, 800)
    for _ in range(5):
        qapp.sendPostedEvents()
        qapp.processEvents()
    focused = window.focusWidget()
    if focused is not None:
        focused.clearFocus()
    return window.grab().toImage()


@pytest.mark.parametrize(("before", "after"), [(Theme.LIGHT, Theme.DARK), (Theme.DARK, Theme.LIGHT)])
@pytest.mark.parametrize("view", WINDOWS)
def test_after_a_change_of_theme_every_window_looks_like_a_new_one(
    view: str, before: Theme, after: Theme, app_launcher: AppLauncher, qtbot: QtBot, qapp: QApplication
) -> None:
    apply_theme(qapp, after)
    wanted = picture(opened(view, app_launcher, qtbot), qapp)
    apply_theme(qapp, before)
    window = opened(view, app_launcher, qtbot)
    assert picture(window, qapp) != wanted
    apply_theme(qapp, after)
    changed = picture(window, qapp)
    assert changed == wanted
