"""Actions for requests of the window, the controller and notifications, with a window that records them."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.app.window_actions import WindowActions
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh.notifications import NotificationAction
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.ui.main_window import MainWindow
from tests.app.settings_home import SettingsHome
from tests.fakes import NOW, OWN_IP, error_reply
from tests.runtime.harness import SHOP, RuntimeHarness, runtime_harness, started

URL = "https://shop.example.com/p?id=1"
CONFIG = WxConfig(SHOP.appid, int(NOW), "nonce", "0" * 40, ("chooseImage",))


class FakeWindow:
    """Main window that records what it is asked to show and to copy."""

    def __init__(self) -> None:
        self.activation_count = 0
        self.statuses: list[str] = []
        self.copied: list[tuple[str, str]] = []  # text, and its name if it has one

    def show_and_activate(self) -> None:
        self.activation_count += 1

    def show_status(self, text: str) -> None:
        self.statuses.append(text)

    def copy_text(self, text: str) -> None:
        self.copied.append((text, ""))

    def copy_named_text(self, text: str, name: str) -> None:
        self.copied.append((text, name))


class FakeBrowser(QObject):
    """Browser that records the pages that it is asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[QUrl] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.urls.append(url)


class ActionsSetup:
    """The actions over a container on disk, a real controller with fakes, and a fake window."""

    def __init__(self, home: SettingsHome, harness: RuntimeHarness) -> None:
        self.settings = home.start()
        self.container = home.container
        self.harness = harness
        self.window = FakeWindow()
        self.actions = WindowActions(
            self.container, self.settings, harness.controller, lambda: cast("MainWindow", self.window)
        )


@pytest.fixture
def setup(at_home: SettingsHome, qapp: QApplication) -> Iterator[ActionsSetup]:  # noqa: ARG001 - threads need one
    with runtime_harness(SHOP) as harness:
        setup = ActionsSetup(at_home, harness)
        yield setup
        setup.actions.stop()


@pytest.fixture
def browser() -> Iterator[FakeBrowser]:
    browser = FakeBrowser()
    QDesktopServices.setUrlHandler("http", browser, "open")  # type: ignore[arg-type]  # PySide6 declares bytes, and takes only str
    yield browser
    QDesktopServices.unsetUrlHandler("http")


def test_the_window_is_activated_with_the_token_of_the_click(
    setup: ActionsSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "")
    setup.actions.activate_window()
    assert os.environ["XDG_ACTIVATION_TOKEN"] == ""
    setup.actions.activate_window("token-1")
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "token-1"
    assert setup.window.activation_count == 2


def test_copy_ip_in_a_notification_copies_the_ip_of_the_failure(setup: ActionsSetup, qtbot: QtBot) -> None:
    setup.harness.wechat.forced_token_reply = error_reply(40164, f"invalid ip {OWN_IP}, not in whitelist")
    started(setup.harness, qtbot)
    setup.actions.handle_notification(SHOP.appid, NotificationAction.COPY_IP, "")
    assert setup.window.copied == [(OWN_IP, "")]
    assert setup.window.activation_count == 0


def test_copy_ip_without_a_failure_or_an_account_copies_nothing(setup: ActionsSetup, qtbot: QtBot) -> None:
    started(setup.harness, qtbot)
    for appid in (SHOP.appid, "wx-unknown"):
        setup.actions.handle_notification(appid, NotificationAction.COPY_IP, "")
    assert setup.window.copied == []


def test_try_again_in_a_notification_refreshes_the_account(setup: ActionsSetup, qtbot: QtBot) -> None:
    setup.harness.put_fresh_values(SHOP)
    started(setup.harness, qtbot)
    setup.actions.handle_notification(SHOP.appid, NotificationAction.TRY_AGAIN, "")
    setup.harness.wait_until_idle(qtbot)
    assert setup.harness.transport.endpoints == ["stable_token", "getticket"]


@pytest.mark.parametrize("action", [NotificationAction.OPEN, "default"])
def test_any_other_click_on_a_notification_opens_the_window(setup: ActionsSetup, action: str) -> None:
    setup.actions.handle_notification(SHOP.appid, action, "")
    assert setup.window.activation_count == 1


def test_the_node_loader_reads_the_file_of_the_account(setup: ActionsSetup) -> None:
    setup.actions.copy_node_loader(SHOP, TokenKind.JSAPI_TICKET)
    ((text, name),) = setup.window.copied
    assert name == "follower.js"
    assert f"{SHOP.appid}" in text
    assert "JSAPI_TICKET.dog" in text


@pytest.mark.parametrize("has_file_manager", [True, False])
def test_the_folder_of_an_account_is_opened_or_shown(
    setup: ActionsSetup,
    monkeypatch: pytest.MonkeyPatch,
    has_file_manager: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return has_file_manager

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    setup.actions.open_folder(SHOP)
    folder = str(setup.container.dog_files.path(SHOP, TokenKind.ACCESS_TOKEN).parent)
    assert opened == [folder]
    assert setup.window.statuses == ([] if has_file_manager else [folder])


def test_a_file_error_is_shown_in_the_open_window(setup: ActionsSetup) -> None:
    setup.actions.show_file_error(FileError("/srv/accounts.json", "permission denied"))
    assert setup.window.activation_count == 1
    (status,) = setup.window.statuses
    assert status.startswith("/srv/accounts.json could not be read or written: permission denied.")


def test_damaged_files_are_shown_with_their_copies_and_sound_ones_are_not(setup: ActionsSetup) -> None:
    setup.actions.show_damaged_files()
    assert setup.window.statuses == []
    file = setup.container.paths.accounts_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("{half", encoding="utf-8")
    setup.container.accounts.load()
    setup.actions.show_damaged_files()
    setup.actions.show_damaged_account_list()
    assert setup.window.statuses == [setup.window.statuses[0]] * 2
    assert str(setup.container.accounts.damaged_backup) in setup.window.statuses[0]


def test_without_an_editor_for_a_crash_report_its_path_is_shown(
    setup: ActionsSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    answers = iter((True, False))

    def open_url(url: QUrl) -> bool:
        opened.append(url)
        return next(answers)

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    report = Path("/home/x/logs/crashes/crash-1.txt")
    setup.actions.show_crash_file(report)
    assert setup.window.statuses == []
    setup.actions.show_crash_file(report)
    assert setup.window.statuses == [str(report)]
    assert [url.toLocalFile() for url in opened] == [str(report)] * 2


def test_without_a_live_ticket_no_test_page_is_opened(setup: ActionsSetup) -> None:
    setup.actions.open_test_page(SHOP, URL, CONFIG)
    assert setup.window.statuses == ["There is no live jsapi_ticket to sign with."]


def test_a_test_page_is_opened_in_the_browser_on_this_computer(setup: ActionsSetup, browser: FakeBrowser) -> None:
    generated_ms = int(setup.container.clock() * 1000)
    record = TokenRecord("T" * 40, 7200, generated_ms, "", SHOP.ahead)
    setup.container.dog_files.write(SHOP, TokenKind.JSAPI_TICKET, record)
    setup.actions.open_test_page(SHOP, URL, CONFIG)
    (url,) = browser.urls
    assert url.host() in ("127.0.0.1", "localhost")
    assert (url.path(), setup.window.statuses) == ("/jssdk/p", [])
