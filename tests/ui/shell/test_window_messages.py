"""Messages over the pages: results of attempts with the names of their accounts, and removals that can be undone."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.clipboard.subject import NamedTextSubject
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.window_messages import RESULT_TIMEOUT_MS, UNDO_TIMEOUT_MS, WindowMessages
from guarddog_gui.ui.widgets.toast import TIMEOUT_MS, Toast
from tests.fakes import FakeClock
from tests.runtime.harness import SHOP, RuntimeHarness, started
from tests.ui import find


class MessagesSetup:
    """A window with its messages, on the runtime of one account."""

    def __init__(self, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
        self.harness, self.qtbot = harness, qtbot
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.clipboard = Clipboard(FakeClock())
        self.messages = WindowMessages(harness.controller, self.clipboard, formatter, self.window)
        self.toast = find.widget(self.window, Toast)
        self.window.show()
        started(harness, qtbot)

    def refresh(self) -> None:
        self.harness.controller.refresh(SHOP.appid)
        self.harness.wait_until_idle(self.qtbot)

    def durations(self) -> list[int]:
        """Return how long the toast is shown, in milliseconds."""
        return [timer.interval() for timer in self.toast.findChildren(QTimer) if timer.isActive()]


@pytest.fixture
def setup(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> MessagesSetup:
    return MessagesSetup(harness, formatter, qtbot)


def test_only_refreshes_that_the_user_asked_for_are_reported(setup: MessagesSetup) -> None:
    setup.harness.advance(7000)
    setup.harness.wait_until_idle(setup.qtbot)
    assert setup.toast.message == ""
    setup.refresh()
    assert setup.toast.message.startswith("Shop: WeChat gave a new jsapi_ticket, good until")


def test_the_result_of_an_attempt_disappears_after_a_time(setup: MessagesSetup) -> None:
    setup.refresh()
    assert setup.durations() == [RESULT_TIMEOUT_MS]
    setup.messages.show_text("203.0.113.9")
    assert setup.durations() == [TIMEOUT_MS]


def test_the_result_for_an_account_that_is_gone_has_no_name(setup: MessagesSetup) -> None:
    setup.messages.show_for_account("wx0000000000000000", "WeChat accepts the token.")
    assert setup.toast.message == "WeChat accepts the token."


def test_a_removal_is_undone_once(setup: MessagesSetup) -> None:
    undone: list[str] = []
    setup.messages.undo_requested.connect(undone.append)
    setup.messages.offer_undo("Shop is removed.", SHOP.appid)
    assert setup.durations() == [UNDO_TIMEOUT_MS]
    button = find.button(setup.window, "Undo")
    button.click()
    button.click()
    assert undone == [SHOP.appid]
    assert setup.toast.message == ""


def test_a_message_replaces_the_news_about_a_copy(setup: MessagesSetup) -> None:
    setup.clipboard.copied.emit(NamedTextSubject("the address"))
    setup.messages.show_text("Something else")
    setup.messages.retranslate()
    assert "the address" not in setup.toast.message


def test_a_failed_copy_is_shown(setup: MessagesSetup) -> None:
    setup.clipboard.copy_failed.emit(NamedTextSubject("the address"))
    assert "the address" in setup.toast.message
