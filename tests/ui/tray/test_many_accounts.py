"""What an overview costs the main thread with many accounts, counted in calls of functions."""

import sys
from collections.abc import Callable
from types import FrameType

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.runtime.controller import PUBLISH_DELAY_MS, PUBLISH_DELAY_PER_ACCOUNT_MS
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tray.icon import SUBMENUS_MAX, TrayIcon
from tests.fakes import NOW
from tests.runtime.harness import RuntimeHarness
from tests.ui.account_statuses import make_account_status
from tests.ui.tray.test_icon import FakeTrayAvailability

ACCOUNTS = tuple(Account(f"wx{number:016x}", f"Account {number}") for number in range(SUBMENUS_MAX))
STATUSES = tuple(make_account_status(account) for account in ACCOUNTS)


def count_calls(work: Callable[[], object]) -> int:
    """Return how many Python functions are called."""
    count = 0

    def on_event(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(on_event)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_accounts_that_have_not_changed_cost_the_menu_next_to_nothing(
    harness: RuntimeHarness, formatter: Formatter
) -> None:
    tray = TrayIcon(harness.controller, FakeTrayAvailability(uses_dbus=False), formatter)  # type: ignore[arg-type]
    first = count_calls(lambda: tray._show_overview(Overview(NOW, STATUSES)))
    again = count_calls(lambda: tray._show_overview(Overview(NOW + 1, STATUSES)))
    changed = (make_account_status(ACCOUNTS[0], left=60), *STATUSES[1:])
    one_changed = count_calls(lambda: tray._show_overview(Overview(NOW + 2, changed)))

    assert again < first / 2
    assert one_changed < again + first / len(ACCOUNTS) * 3


def test_the_texts_of_all_accounts_are_new_on_a_new_day(harness: RuntimeHarness, formatter: Formatter) -> None:
    tray = TrayIcon(harness.controller, FakeTrayAvailability(uses_dbus=False), formatter)  # type: ignore[arg-type]
    first = count_calls(lambda: tray._show_overview(Overview(NOW, STATUSES)))
    tomorrow = count_calls(lambda: tray._show_overview(replace(Overview(NOW, STATUSES), at=NOW + 86_400)))
    assert tomorrow > first / 2


def test_overviews_of_many_accounts_are_published_more_rarely(harness: RuntimeHarness) -> None:
    harness.accounts.update(lambda _: ACCOUNTS)
    harness.controller.reload_from_disk()
    harness.controller._schedule_publish()
    expected = PUBLISH_DELAY_MS + PUBLISH_DELAY_PER_ACCOUNT_MS * len(ACCOUNTS)
    assert harness.controller._publish_timer.interval() == expected
