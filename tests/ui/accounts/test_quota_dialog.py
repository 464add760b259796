"""Tests of the dialog with the quota of an account: the counters, and clearing them."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPushButton

from guarddog_gui.domain.refresh.history import CLEAR_QUOTA_KEY, AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.wechat.errcodes import beijing_month_start
from tests.fakes import NOW, error_reply
from tests.runtime.harness import SHOP
from tests.ui.accounts.query_driver import QueryDriver, shown_answer
from tests.ui.find import button, widget
from tests.ui.message_boxes import MessageBoxAnswerer


def test_the_quota_of_each_api_is_one_line(driver: QueryDriver) -> None:
    dialog = driver.open_quota()
    assert dialog.windowTitle() == "Quota of Shop"
    lines = shown_answer(dialog).splitlines()
    assert lines[0] == "/cgi-bin/token: 12 of 2000 used today, 1988 left"
    assert len(lines) == 3
    assert driver.paths == ["get"] * 3


def test_nothing_can_be_cleared_while_the_answer_is_pending(driver: QueryDriver) -> None:
    dialog = driver.open_quota(answered=False)
    assert shown_answer(dialog) == "Asking WeChat…"
    assert not button(dialog, "Clear the counters…").isEnabled()
    driver.qtbot.waitUntil(button(dialog, "Clear the counters…").isEnabled)


def test_clearing_asks_for_confirmation_and_enter_cancels(driver: QueryDriver) -> None:
    dialog = driver.open_quota()
    answerer = MessageBoxAnswerer(None)
    button(dialog, "Clear the counters…").click()
    (asked,) = answerer.shown
    assert asked.default_button == "Cancel"
    assert asked.is_plain_text
    assert "0 of 10 times this month" in asked.informative_text
    assert "clear_quota" not in driver.paths
    assert shown_answer(dialog).startswith("/cgi-bin/token")


@pytest.mark.parametrize("pressed", ["Cancel", None])
def test_a_cancelled_confirmation_clears_nothing(driver: QueryDriver, pressed: str | None) -> None:
    dialog = driver.open_quota()
    answerer = MessageBoxAnswerer(pressed)
    button(dialog, "Clear the counters…").click()
    assert len(answerer.shown) == 1
    assert not dialog.is_waiting
    assert "clear_quota" not in driver.paths


def test_a_confirmed_clearing_is_done_once_and_reported(driver: QueryDriver) -> None:
    dialog = driver.open_quota()
    answerer = MessageBoxAnswerer("Clear")
    button(dialog, "Clear the counters…").click()
    assert len(answerer.shown) == 1
    driver.qtbot.waitUntil(lambda: not dialog.is_waiting)
    assert driver.paths.count("clear_quota") == 1
    assert dict(driver.harness.transport.requests[-1].body or ()) == {"appid": SHOP.appid}
    assert shown_answer(dialog) == (
        "The day's counters are at zero again. Guard Dog has done this 1 of 10 times this month."
    )


def test_only_successful_clearings_of_this_month_are_counted(driver: QueryDriver) -> None:
    month = beijing_month_start(NOW)
    cleared = HistoryEntry(NOW, SHOP.appid, CLEAR_QUOTA_KEY, Trigger.USER, AttemptResult.QUOTA_CLEARED, calls=1)
    for made in (
        replace(cleared, at=month - 1),
        replace(cleared, at=month),
        replace(cleared, at=NOW - 60),
        replace(cleared, at=NOW - 50, result=AttemptResult.REFUSED, errcode=48006),
        replace(cleared, at=NOW - 40, appid="wxOther"),
    ):
        driver.harness.history.append(made)
    answerer = MessageBoxAnswerer("Clear")
    dialog = driver.open_quota()
    button(dialog, "Clear the counters…").click()
    driver.qtbot.waitUntil(lambda: not dialog.is_waiting)
    assert "2 of 10 times this month" in answerer.shown[0].informative_text
    assert "3 of 10 times this month" in shown_answer(dialog)
    assert driver.harness.history.entries[-1] == cleared


def test_the_eleventh_clearing_in_a_month_shows_the_refusal_of_wechat(driver: QueryDriver) -> None:
    driver.answers["clear_quota"] = error_reply(48006, "forbid to clear quota because of reaching the limit")
    dialog = driver.open_quota()
    answerer = MessageBoxAnswerer("Clear")
    button(dialog, "Clear the counters…").click()
    driver.qtbot.waitUntil(lambda: not dialog.is_waiting)
    assert "(48006)" in shown_answer(dialog)
    entry = driver.harness.history.entries[-1]
    assert (entry.key, entry.result, entry.errcode) == (CLEAR_QUOTA_KEY, AttemptResult.REFUSED, 48006)
    assert driver.harness.controller.history_queries.count_quota_clears_this_month(SHOP.appid) == 0
    assert len(answerer.shown) == 1


def test_enter_in_the_dialog_does_not_clear(driver: QueryDriver) -> None:
    dialog = driver.open_quota()
    clear = widget(dialog, QPushButton, "Clear the counters…")
    assert not clear.autoDefault()
    assert not clear.isDefault()
