"""The page that is shown while there is no account."""

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.transfer.import_dialog import ImportDialog
from guarddog_gui.ui.welcome_page import WelcomePage
from tests.ui import find
from tests.ui.app_windows import AppLauncher


def test_the_welcome_page_adds_an_account_and_links_to_the_appid(qtbot: QtBot) -> None:
    page = WelcomePage()
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.add_account_requested):
        find.button(page, "Add an account").click()
    links = find.widget(page, QLabel, "welcome-links")
    assert "https://mp.weixin.qq.com" in links.text()
    assert links.openExternalLinks()


def test_the_welcome_page_opens_the_sandbox(app_launcher: AppLauncher, qtbot: QtBot) -> None:
    program = app_launcher.start("en")
    program.show_welcome_page()
    with qtbot.waitSignal(program.window.sandbox_requested):
        find.button(program.window, "Try the sandbox").click()


def test_a_new_computer_imports_accounts_from_the_welcome_page(
    app_launcher: AppLauncher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/tmp/x.age", ""))
    program = app_launcher.start("en")
    program.show_welcome_page()
    button = find.button(program.window, "Import accounts…")
    assert button.isVisible()

    button.click()

    dialog = find.dialog(program.window, ImportDialog)
    assert find.shows(dialog, "Import accounts from x.age")
    dialog.reject()
