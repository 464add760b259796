"""Accessibility of every window: names, keyboard focus, contrast, and space for longer texts."""

import os
import subprocess
import sys
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTranslator
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.message_catalog import MessageCatalog
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.settings import Theme
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.ui.clipboard.subject import KeySubject
from guarddog_gui.ui.style.state_colours import state_colour
from guarddog_gui.ui.style.theme import apply_theme
from guarddog_gui.ui.tokens.key_row import KeyRow
from guarddog_gui.ui.tokens.page import TokensPage
from guarddog_gui.ui.widgets.toast import Toast
from tests.ui import find
from tests.ui.app_windows import OTHER_VIEWS, SHOP, VIEWS, AppLauncher
from tests.ui.contrast import contrast
from tests.ui.palettes import palette_of

RESOURCES = Path(__file__).parents[2] / "resources"
CONTROLS = (QAbstractButton, QLineEdit, QKeySequenceEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)
WINDOWS = [view for view in VIEWS if view not in ("tray", "context menu")]
ALL_WINDOWS = (*WINDOWS, *OTHER_VIEWS)
Role = QAccessible.Role
# of what a screen reader offers to use, and of the rows and cells that it reads
NAMED_ROLES = {
    *(Role.Button, Role.ButtonMenu, Role.CheckBox, Role.RadioButton, Role.ComboBox, Role.EditableText, Role.SpinBox),
    *(
        Role.List,
        Role.Table,
        Role.Tree,
        Role.ListItem,
        Role.TreeItem,
        Role.Cell,
        Role.PageTab,
        Role.Link,
        Role.MenuItem,
    ),
}
ROWS_MAX = 40  # rows of a list or table that are looked at; the others are made alike


def shown(view: str, app_launcher: AppLauncher, qtbot: QtBot, language: str = "en") -> QWidget:
    window = {**VIEWS, **OTHER_VIEWS}[view](app_launcher.start(language), qtbot)
    qtbot.waitExposed(window)
    return window


def controls(window: QWidget) -> list[QWidget]:
    """Return the usable controls of the window, without the parts of Qt's own compound controls."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, CONTROLS)
        and not isinstance(widget, QHeaderView)
        and not isinstance(widget.parentWidget(), CONTROLS)
        and widget.window() is window
        and widget.isVisible()
        and widget.isEnabled()
    ]


def described(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else widget.accessibleName()
    return f"{type(widget).__name__} {text!r}"


# -- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("view", ALL_WINDOWS)
def test_every_control_and_every_row_has_a_name(
    view: str, language: str, app_launcher: AppLauncher, qtbot: QtBot
) -> None:
    window = shown(view, app_launcher, qtbot, language)
    named = controls(window)
    assert named
    assert [described(widget) for widget in named if not name_of(widget)] == []
    nodes = list(accessible_nodes(QAccessible.queryAccessibleInterface(window)))
    assert any(node.role() in NAMED_ROLES for node in nodes)
    assert [node.role() for node in nodes if node.role() in NAMED_ROLES and not text_of(node)] == []
    assert {name_of(widget) for widget in named} <= {text_of(node) for node in nodes}, "each is in the tree"


def accessible_nodes(node: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """Yield what a screen reader finds below a node, without what is not shown and the inside of compound controls."""
    for number in range(min(node.childCount(), ROWS_MAX)):
        child = node.child(number)
        if not child.isValid() or child.state().invisible:
            continue
        yield child
        if child.role() not in (Role.ComboBox, Role.SpinBox):
            yield from accessible_nodes(child)


def text_of(node: QAccessibleInterface) -> str:
    """Return the name that is read, or the text of a field or cell."""
    return (node.text(QAccessible.Text.Name) or node.text(QAccessible.Text.Value)).strip()


def name_of(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return str(interface.text(QAccessible.Text.Name)).strip()


def test_no_accessible_name_changes_every_second(app_launcher: AppLauncher, qtbot: QtBot) -> None:
    program = app_launcher.start("en")
    program.show_page("tokens")
    page, harness = program.page(TokensPage), program.harness
    names, countdowns = names_of_page(page), {countdown(page)}
    for _ in range(5):
        harness.clock.advance(1)
        harness.monotonic.advance(1)
        page.update_countdowns()
        assert names_of_page(page) == names
        countdowns.add(countdown(page))
    assert len(countdowns) == 6, "the countdown is visible"
    harness.advance(7000)
    harness.wait_until_idle(qtbot)
    page.update_countdowns()
    assert names_of_page(page) != names


def names_of_page(page: TokensPage) -> list[str]:
    """Return what a screen reader reads for each card, row and button."""
    return [name_of(widget) for widget in page.findChildren(QWidget) if widget.isVisible()]


def countdown(page: TokensPage) -> str:
    return next(row for row in page.findChildren(KeyRow) if row.target.appid == SHOP.appid).countdown_text


def test_a_copy_is_read_aloud_once_without_its_countdown(app_launcher: AppLauncher) -> None:
    program = app_launcher.start("en")
    news = find.widget(program.window, Toast)
    program.clipboard.copied.emit(KeySubject(TokenKind.ACCESS_TOKEN, SHOP.name))
    names = set()
    for seconds in (30, 29, 28):
        program.clipboard.countdown_changed.emit(seconds)
        assert news.message.endswith(f"0:{seconds}")
        names.add(name_of(news))
    assert len(names) == 1
    program.window.show_status("Something else")
    assert name_of(news) == "Something else"


# -- the keyboard ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("view", ALL_WINDOWS)
def test_the_tab_key_reaches_every_control_and_the_focus_is_visible(
    view: str, language: str, app_launcher: AppLauncher, qtbot: QtBot, qapp: QApplication
) -> None:
    apply_theme(qapp, Theme.LIGHT)  # the style that paints the focus
    window = shown(view, app_launcher, qtbot, language)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    # a list without the focus is moved in by the arrow keys of the field above it
    wanted = [widget for widget in controls(window) if widget.focusPolicy() is not Qt.FocusPolicy.NoFocus]
    # the default button has its frame unless another button has the focus
    framed = [widget for widget in wanted if isinstance(widget, QPushButton) and widget.isDefault()]
    compared = [widget for widget in wanted if not widget.hasFocus() and widget not in framed]
    without = {widget: look(window, widget) for widget in compared}
    reached: dict[QWidget, QImage] = {}
    for _ in range(3 * len(wanted) + 10):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        at = QApplication.focusWidget()
        if at in wanted:
            reached.setdefault(at, look(window, at))
    assert [described(widget) for widget in wanted if widget not in reached] == []
    unseen = [widget for widget, before in without.items() if reached[widget] == before]
    assert [described(widget) for widget in unseen] == []


def look(window: QWidget, widget: QWidget) -> QImage:
    """Return a picture of the widget with two pixels around it."""
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(-2, -2, 2, 2)
    return window.grab(place).toImage()


# -- contrast -------------------------------------------------------------------------------------

Colour = QPalette.ColorRole
TEXT_ON = [
    (Colour.WindowText, Colour.Window),
    (Colour.PlaceholderText, Colour.Window),
    (Colour.Link, Colour.Window),
    (Colour.LinkVisited, Colour.Window),
    (Colour.Text, Colour.Base),
    (Colour.Text, Colour.AlternateBase),
    (Colour.PlaceholderText, Colour.Base),
    (Colour.ButtonText, Colour.Button),
    (Colour.HighlightedText, Colour.Highlight),
    (Colour.ToolTipText, Colour.ToolTipBase),
]


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON, ids=str)
def test_texts_contrast_with_their_background(theme: Theme, text: Colour, ground: Colour) -> None:
    palette = palette_of(theme)
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        assert contrast(palette.color(group, text), palette.color(group, ground)) >= 4.5


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
@pytest.mark.parametrize("state", KeyState)
def test_states_contrast_with_the_window_and_the_table(theme: Theme, state: KeyState) -> None:
    palette = palette_of(theme)
    colour = state_colour(state, dark=theme is Theme.DARK)
    for ground in (Colour.Window, Colour.Base, Colour.AlternateBase):
        assert contrast(colour, palette.color(ground)) >= 4.5


# -- room for texts -------------------------------------------------------------------------------


class Stretched(QTranslator):
    """Translator that makes every text twice as long."""

    def translate(self, _context: str, text: str, _comment: str | None = None, _n: int = -1) -> str:
        return f"[{text} {text}]"

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's own name
        return False


class StretchedTexts(NullTranslations):
    """Messages that are all twice as long."""

    def gettext(self, message: str) -> str:
        return f"[{message} {message}]"

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002 - gettext's signature
        return self.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(super().ngettext(msgid1, msgid2, n))


@pytest.mark.parametrize("language", ["english", "stretched"])
@pytest.mark.parametrize("view", WINDOWS)
def test_no_text_is_cut_off(
    view: str, language: str, app_launcher: AppLauncher, qtbot: QtBot, qapp: QApplication
) -> None:
    window = shown(view, app_launcher, qtbot)
    translator = Stretched()
    if language == "stretched":
        program = app_launcher.running
        catalog = MessageCatalog("en", StretchedTexts)
        messages = program.formatter.messages
        program.formatter.messages = Messages(catalog, messages.errcode_catalog, messages.format_time)
        qapp.installTranslator(translator)
        program.settings_controller.language_changed.emit()
    try:
        settle(window, qapp)
        assert window.minimumSizeHint().width() <= 1600
        assert [described(widget) for widget in window.findChildren(QWidget) if is_cut_off(widget)] == []
    finally:
        qapp.removeTranslator(translator)
        QApplication.processEvents()


def settle(window: QWidget, qapp: QApplication) -> None:
    """Process events until the layouts have settled."""
    for _ in range(5):
        qapp.sendPostedEvents()
        qapp.processEvents()
    window.resize(window.size().expandedTo(window.minimumSizeHint()))
    for _ in range(5):
        qapp.processEvents()


def is_cut_off(widget: QWidget) -> bool:
    if not widget.isVisible() or getattr(widget, "is_compact", False):  # in the narrow rail there are icons only
        return False
    needed, given = widget.sizeHint(), widget.size()
    match widget:
        case QLabel() if widget.wordWrap():
            return widget.heightForWidth(given.width()) > given.height()
        case QLabel():
            return bool(widget.text()) and needed.width() > given.width()
        case QListWidget() if not widget.wordWrap():
            return widget.sizeHintForColumn(0) > widget.viewport().width()
        case QComboBox():
            return widget.minimumSizeHint().width() > given.width()
        case QAbstractButton() if widget.text():
            return needed.width() > given.width() or needed.height() > given.height()
        case _:
            return False


def test_no_text_is_cut_off_on_a_high_resolution_screen() -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": "2", "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"{__file__}::test_no_text_is_cut_off"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout
    assert f"{2 * len(WINDOWS)} passed" in done.stdout
