"""Help: the shortcuts that it names are those of the window."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.main_window import MainWindow
from guarddog_gui.ui.shell.help_dialog import HelpDialog
from guarddog_gui.ui.window_pages import PageName
from tests.fakes import FakeClock
from tests.runtime.harness import RuntimeHarness


def test_every_page_is_named_with_its_shortcut(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
    window = MainWindow(harness.controller, harness.signing, Clipboard(FakeClock()), formatter)
    qtbot.addWidget(window)
    texts = [label.text() for label in HelpDialog(window).findChildren(QLabel)]
    assert f"Alt+1 … Alt+{len(PageName)}" in texts
    (pages,) = (text for text in texts if text.startswith("Show a page: "))
    assert pages.removeprefix("Show a page: ").split(", ") == list(window.pages.titles())
