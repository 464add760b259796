"""The confirmation before a token is forced: its cost, and when it is not possible."""

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Endpoint, Environment
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.ui.accounts.force_dialog import confirm_and_force
from guarddog_gui.ui.formatter import Formatter
from tests.runtime.harness import SHOP, TOKEN, RuntimeHarness
from tests.ui.message_boxes import MessageBoxAnswerer


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def forced(at: float) -> HistoryEntry:
    return HistoryEntry(at, SHOP.appid, TOKEN, Trigger.USER, AttemptResult.NEW, forced=True, calls=1)


@pytest.mark.parametrize("button", [None, "Cancel"])
def test_forcing_states_its_cost_and_cancel_is_the_default(
    window: QWidget, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot, button: str | None
) -> None:
    harness.controller.reload_from_disk()
    answerer = MessageBoxAnswerer(button)
    confirm_and_force(window, harness.controller, formatter, SHOP)
    (question,) = answerer.shown
    assert question.text == "Force a new token for Shop?"
    assert "dies at once" in question.informative_text
    assert "20 forced refreshes are left" in question.informative_text
    assert question.default_button == "Cancel"
    assert question.is_plain_text
    harness.wait_until_idle(qtbot)
    assert harness.transport.requests == []


def test_a_confirmed_force_is_carried_out(
    window: QWidget, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    harness.put_fresh_values(SHOP)
    harness.controller.reload_from_disk()
    answerer = MessageBoxAnswerer("Force a new token")
    confirm_and_force(window, harness.controller, formatter, SHOP)
    harness.wait_until_idle(qtbot)
    assert len(answerer.shown) == 1
    assert dict(harness.transport.requests[0].body or ())["force_refresh"] is True


@pytest.mark.parametrize(("typed", "is_forced"), [("", False), ("Sho", False), ("shop", False), (" Shop ", True)])
def test_forcing_on_a_production_account_needs_its_name(
    window: QWidget, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot, typed: str, *, is_forced: bool
) -> None:
    harness.put_fresh_values(SHOP)
    harness.controller.reload_from_disk()
    account = replace(SHOP, environment=Environment.PRODUCTION)
    answerer = MessageBoxAnswerer("Force a new token", typed)
    confirm_and_force(window, harness.controller, formatter, account)
    harness.wait_until_idle(qtbot)
    assert len(answerer.shown) == 1
    assert bool(harness.transport.requests) is is_forced


def test_the_cost_on_the_classic_endpoint_differs(
    window: QWidget, harness: RuntimeHarness, formatter: Formatter
) -> None:
    answerer = MessageBoxAnswerer("Cancel")
    confirm_and_force(window, harness.controller, formatter, Account(SHOP.appid, "Shop", endpoint=Endpoint.CLASSIC))
    assert "within five minutes" in answerer.shown[0].informative_text


def test_forcing_too_soon_after_the_last_time_is_not_possible(
    window: QWidget, harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    harness.controller.reload_from_disk()
    harness.history.append(forced(harness.clock() - 10))
    answerer = MessageBoxAnswerer("Close")
    confirm_and_force(window, harness.controller, formatter, SHOP)
    (question,) = answerer.shown
    assert "30 seconds apart" in question.text
    assert question.informative_text == "Wait half a minute, then force it again."
    assert question.buttons == ("Close",)
    harness.wait_until_idle(qtbot)
    assert harness.transport.requests == []


def test_forcing_more_than_twenty_times_a_day_is_not_possible(
    window: QWidget, harness: RuntimeHarness, formatter: Formatter
) -> None:
    for number in range(20):
        harness.history.append(forced(harness.clock() - 3600 + number * 31))
    answerer = MessageBoxAnswerer("Close")
    confirm_and_force(window, harness.controller, formatter, SHOP)
    assert "All 20 forced refreshes of today are used up." in answerer.shown[0].text
