"""The accounts that the tokens page shows, their order, and the line above them."""

import math

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Environment
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, Overview, Renewal
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tokens.selection import AccountChip, overview_summary, select_accounts, useful_chips
from tests.fakes import NOW
from tests.runtime.harness import CAFE, GAME, SHOP, TOKEN
from tests.ui.account_statuses import make_account_status

REFUSED = HistoryEntry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.REFUSED, errcode=40164)
SHOP_STATUS, CAFE_STATUS, GAME_STATUS = map(make_account_status, (SHOP, CAFE, GAME))


def failing(status: AccountStatus, renewal: Renewal = Renewal.STOPPED) -> AccountStatus:
    keys = tuple(replace(key, state=KeyState.FAILED, failure=REFUSED, renewal=renewal) for key in status.keys)
    return replace(status, keys=keys)


def names(*statuses: AccountStatus, chip: AccountChip = AccountChip.ALL, text: str = "") -> list[str]:
    return [status.account.name for status in select_accounts(Overview(NOW, statuses), chip, text)]


def test_trouble_comes_first_else_the_users_order_stays() -> None:
    assert names(SHOP_STATUS, CAFE_STATUS, GAME_STATUS) == ["Shop", "Café", "Game"]
    assert names(SHOP_STATUS, CAFE_STATUS, failing(GAME_STATUS)) == ["Game", "Shop", "Café"]
    warned = failing(CAFE_STATUS, Renewal.FAILING)  # it passes by itself, and the value works
    assert names(SHOP_STATUS, warned, failing(GAME_STATUS)) == ["Game", "Café", "Shop"]
    superseded = replace(CAFE_STATUS, superseded_entry=REFUSED)
    assert names(SHOP_STATUS, superseded) == ["Café", "Shop"]


def test_an_account_keeps_its_place_while_it_is_tried_again() -> None:
    trying = failing(GAME_STATUS, Renewal.OK)
    trying = replace(trying, keys=tuple(replace(key, state=KeyState.REFRESHING) for key in trying.keys))
    assert names(SHOP_STATUS, trying) == ["Game", "Shop"]


def test_chips_select_by_environment_platform_and_need() -> None:
    test = replace(SHOP_STATUS, account=replace(SHOP, environment=Environment.TEST))
    production = replace(CAFE_STATUS, account=replace(CAFE, environment=Environment.PRODUCTION))
    statuses = (test, production, failing(GAME_STATUS))
    assert names(*statuses, chip=AccountChip.TEST) == ["Shop"]
    assert names(*statuses, chip=AccountChip.PRODUCTION) == ["Café"]
    assert names(*statuses, chip=AccountChip.MINI_PROGRAMS) == ["Game"]
    assert names(*statuses, chip=AccountChip.NEEDS_YOU) == ["Game"]
    assert names(*statuses, chip=AccountChip.TEST, text="nowhere") == []
    assert useful_chips(Overview(NOW, statuses)) == frozenset(AccountChip)


def test_chips_that_match_none_or_all_accounts_are_not_offered() -> None:
    assert useful_chips(Overview(NOW, (SHOP_STATUS, CAFE_STATUS))) == {AccountChip.ALL}
    assert useful_chips(Overview(NOW, (GAME_STATUS,))) == {AccountChip.ALL}
    assert AccountChip.NEEDS_YOU in useful_chips(Overview(NOW, (failing(GAME_STATUS),)))


def test_the_summary_says_who_needs_the_user_or_what_comes_next(formatter: Formatter) -> None:
    def summary(overview: Overview) -> str:
        return overview_summary(overview, formatter.messages)

    time = formatter.format_time(NOW + 3600)
    assert summary(Overview(NOW, (SHOP_STATUS, CAFE_STATUS))) == f"Everything is usable · next check {time}"
    one = Overview(NOW, (failing(SHOP_STATUS), CAFE_STATUS))
    assert summary(one) == "1 account needs you · everything else is usable"
    expired = make_account_status(CAFE, left=-5)
    two = Overview(NOW, (failing(SHOP_STATUS), failing(GAME_STATUS), expired))
    assert summary(two) == "2 accounts need you · 3 of 5 usable"
    assert summary(Overview(NOW, (expired, GAME_STATUS))).startswith("1 of 3 usable · ")


@pytest.mark.parametrize(("until", "text"), [(math.inf, "paused"), (NOW + 60, "paused until ")])
def test_the_summary_says_that_refreshes_are_paused(formatter: Formatter, until: float, text: str) -> None:
    overview = Overview(NOW, (SHOP_STATUS,), paused_until=until)
    assert text in overview_summary(overview, formatter.messages)
