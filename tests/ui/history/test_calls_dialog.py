"""The dialog with today's calls of all accounts."""

import threading
from unittest.mock import patch

from msgspec.structs import replace
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account, Environment
from guarddog_gui.domain.refresh.history import CallCount, Trigger
from guarddog_gui.domain.refresh.policy import DAILY_CALL_BUDGET
from guarddog_gui.domain.wechat.errcodes import beijing_day_start
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.calls_dialog import CallsDialog
from tests.fakes import NOW
from tests.runtime.harness import SHOP, RuntimeHarness
from tests.ui import find
from tests.ui.history.entries import SUCCESS


def open_dialog(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot, *accounts: Account) -> CallsDialog:
    dialog = CallsDialog(harness.controller, formatter, {account.appid: account for account in accounts})
    qtbot.addWidget(dialog)
    dialog.show()
    harness.wait_until_idle(qtbot)
    return dialog


def test_only_the_calls_of_today_are_counted(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
    midnight = beijing_day_start(NOW)
    for at in (midnight - 1, midnight, NOW - 1):
        harness.history.append(replace(SUCCESS, at=at, calls=2))
    harness.history.append(replace(SUCCESS, at=NOW - 5, forced=True, trigger=Trigger.USER))
    dialog = open_dialog(harness, formatter, qtbot, SHOP)
    for text in ("access_token 5", f"4 / {DAILY_CALL_BUDGET}", "19 / 20"):
        assert find.has(dialog, text), text


def test_all_accounts_are_shown(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
    accounts = [replace(SHOP, appid=f"wx{number:016x}", name=f"Shop {number}") for number in range(12)]
    dialog = open_dialog(harness, formatter, qtbot, *accounts)
    for account in accounts:
        assert find.has(dialog, account.name)


def test_wechat_is_asked_about_the_account_of_the_row(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    other = replace(SHOP, appid="wx00000000000000ff", name="Other")
    dialog = open_dialog(harness, formatter, qtbot, SHOP, other)
    with qtbot.waitSignal(dialog.quota_query_requested) as asked:
        find.button(dialog, "Ask WeChat for the counters of Other").click()
    assert asked.args == [other.appid]


def test_no_row_is_wider_than_the_dialog(harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot) -> None:
    long = replace(SHOP, name="Shanghai Pudong flagship store, hall 10", environment=Environment.PRODUCTION)
    dialog = open_dialog(harness, formatter, qtbot, long)
    area = find.widget(dialog, QScrollArea)
    qtbot.waitUntil(lambda: find.has(dialog, long.name))
    assert area.horizontalScrollBar().maximum() == 0


def test_counts_that_come_after_the_dialog_is_deleted_are_ignored(
    harness: RuntimeHarness, formatter: Formatter, qtbot: QtBot
) -> None:
    harness.calls.quick_wait_s = 0
    released = threading.Event()
    with patch.object(harness.history, "count_calls", lambda *_: released.wait(20) and CallCount()):
        dialog = CallsDialog(harness.controller, formatter, {SHOP.appid: SHOP})
        with qtbot.waitSignal(dialog.destroyed):
            dialog.deleteLater()
        released.set()
        qtbot.waitUntil(lambda: harness.calls.is_idle)
