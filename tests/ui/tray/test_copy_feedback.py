"""Answers to copies: at the tray icon while no window of the program is active."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.clipboard.subject import KeySubject, NamedTextSubject
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tray.copy_feedback import CopyFeedback
from tests.fakes import FakeClock, error_reply
from tests.runtime.harness import SHOP, TOKEN, RuntimeHarness


class FakeTrayIcon(QObject):
    """Tray icon that counts the check marks."""

    def __init__(self) -> None:
        super().__init__()
        self.check_mark_count = 0

    def show_copied(self) -> None:
        self.check_mark_count += 1


class FeedbackSetup:
    """The answers of a program, with its clipboard."""

    def __init__(self, harness: RuntimeHarness, formatter: Formatter) -> None:
        self.clipboard = Clipboard(FakeClock())
        self.tray_icon = FakeTrayIcon()
        self.feedback = CopyFeedback(
            harness.controller, self.clipboard, formatter, self.tray_icon, harness  # type: ignore[arg-type]
        )  # fmt: skip
        self.notifications: list[str] = []
        self.feedback.notification_requested.connect(self.notifications.append)


@pytest.fixture
def setup(harness: RuntimeHarness, formatter: Formatter) -> Iterator[FeedbackSetup]:
    setup = FeedbackSetup(harness, formatter)
    yield setup
    setup.clipboard.clear()


@pytest.fixture
def active_window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_a_copy_from_the_menu_is_answered_at_the_icon_with_name_and_time(
    setup: FeedbackSetup, formatter: Formatter, harness: RuntimeHarness
) -> None:
    until = harness.clock() + 4000
    setup.clipboard.copy_secret("VALUE", KeySubject(TOKEN, "Flower shop", SHOP.appid, valid_until=until), 30)
    assert setup.notifications == [
        f"Copied access_token of Flower shop · works until {formatter.format_time(until)}"
    ]  # fmt: skip
    assert setup.tray_icon.check_mark_count == 1


def test_an_active_window_answers_by_itself(setup: FeedbackSetup, active_window: QWidget) -> None:
    setup.clipboard.copy_text("203.0.113.9", NamedTextSubject("203.0.113.9"))
    assert (setup.notifications, setup.tray_icon.check_mark_count) == ([], 0)
    active_window.hide()
    setup.clipboard.copy_text("203.0.113.9", NamedTextSubject("203.0.113.9"))
    assert (setup.notifications, setup.tray_icon.check_mark_count) == (["Copied 203.0.113.9"], 1)


def test_a_copy_that_no_value_answered_says_why(setup: FeedbackSetup, harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.wechat.forced_token_reply = error_reply(40125)
    harness.controller.start()
    harness.wait_until_idle(qtbot)
    harness.controller.copies.request(SHOP.appid, TOKEN)
    harness.wait_until_idle(qtbot)
    assert setup.notifications
    assert setup.notifications[-1].startswith("Shop: ")
    assert setup.tray_icon.check_mark_count == 0


def test_a_clipboard_that_another_program_holds_opens_the_window(setup: FeedbackSetup, qtbot: QtBot) -> None:
    subject = KeySubject(TOKEN, "Shop")
    with qtbot.waitSignal(setup.feedback.window_requested) as requested:
        setup.clipboard.copy_failed.emit(subject)
    assert requested.args == [subject]
    assert setup.notifications == []
