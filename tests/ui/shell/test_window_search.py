"""What the search everywhere finds in the real window."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.errcode_page import ErrcodePage
from guarddog_gui.ui.shell.help_dialog import HelpDialog
from guarddog_gui.ui.shell.search_dialog import SearchDialog
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.widgets.page import SearchField
from tests.ui import find
from tests.ui.app_windows import AppLauncher, AppWindows

CTRL = Qt.KeyboardModifier.ControlModifier


def search(program: AppWindows, text: str, qtbot: QtBot) -> None:
    """Open the search with its shortcut, type a text, and press Enter."""
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    QTest.keyClick(program.window, Qt.Key.Key_K, CTRL)
    dialog = find.widget(program.window, SearchDialog)
    qtbot.waitExposed(dialog)
    QTest.keyClicks(find.widget(dialog, SearchField), text)
    QTest.keyClick(find.widget(dialog, SearchField), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not program.window.findChildren(SearchDialog))


def test_a_page_an_errcode_and_an_account_are_found(app_launcher: AppLauncher, qtbot: QtBot) -> None:
    program = app_launcher.start("en")
    search(program, "sign a page", qtbot)
    assert program.page(SignPage).isVisible()
    search(program, "40164", qtbot)
    assert "whitelist" in find.label(program.page(ErrcodePage), "errcode-meaning").text()
    account = program.harness.accounts.load()[-1]
    search(program, account.appid, qtbot)
    assert program.window.current_account.appid == account.appid


def test_a_value_is_copied_from_the_search(app_launcher: AppLauncher, qtbot: QtBot) -> None:
    program = app_launcher.start("en")
    copied: list[str] = []
    program.harness.controller.copies.copy_ready.connect(lambda _appid, kind, _value: copied.append(kind))
    search(program, "copy access_token", qtbot)
    qtbot.waitUntil(lambda: copied == ["ACCESS_TOKEN"])
    QGuiApplication.clipboard().clear()


def test_a_url_that_was_never_signed_is_signed(app_launcher: AppLauncher, qtbot: QtBot) -> None:
    program = app_launcher.start("en")
    QGuiApplication.clipboard().setText("https://b.cn/other")
    search(program, "https://a.cn/p", qtbot)
    page = program.page(SignPage)
    assert page.isVisible()
    assert find.field(page, "Page's URL").text() == "https://a.cn/p"
    QGuiApplication.clipboard().clear()


def test_the_search_is_opened_once(app_launcher: AppLauncher, qtbot: QtBot) -> None:
    program = app_launcher.start("en")
    assert program.window.open_search() is program.window.open_search()
    handle = program.window.windowHandle()
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    qtbot.waitUntil(lambda: not program.window.findChildren(SearchDialog))


def test_f1_lists_the_shortcuts(app_launcher: AppLauncher, qtbot: QtBot) -> None:
    program = app_launcher.start("en")
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    QTest.keyClick(program.window, Qt.Key.Key_F1)
    dialog = find.widget(program.window, HelpDialog)
    qtbot.waitExposed(dialog)
    assert find.label(dialog, "Ctrl+K").isVisible()
    find.button(dialog, "Close").click()
    qtbot.waitUntil(lambda: not program.window.findChildren(HelpDialog))


def test_a_number_that_only_the_lists_have_is_looked_up(app_launcher: AppLauncher, qtbot: QtBot) -> None:
    program = app_launcher.start("en")
    search(program, "93004", qtbot)
    assert find.label(program.page(ErrcodePage), "errcode-meaning").text() == "The robot is disabled. (93004)"
