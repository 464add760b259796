"""A month in seconds: real policy and real refreshes against the embedded WeChat, while everything fails.

`LONG_RUN=1` makes it a year of 20 accounts. `-s` prints the numbers.
"""

import os
from collections import Counter
from itertools import pairwise

import pytest

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.foreign_writes import FOREIGN
from guarddog_gui.domain.refresh.history import Entry
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.errcodes import beijing_day_start
from tests.fakes import NOW
from tests.services.misfortunes import Misfortunes
from tests.services.world import DAY_S, MINUTE, World, some_accounts, summary

IS_LONG = bool(os.environ.get("LONG_RUN"))
DAYS = 365 if IS_LONG else 30
ACCOUNTS = 20 if IS_LONG else 4
SEEDS = (1, 2) if IS_LONG else (4, 13, 24, 47)
# the most that one account may cost in a storm: its budget, and an order that was under way
WORST_DAY = policy.BUDGET_A_DAY + 3


def report(text: str) -> None:
    print(f"\n{text}")  # noqa: T201 - the numbers, for who asks for them with -s


def calls_a_day(world: World, account: Account, *endpoints: str) -> float:
    calls = sum(
        n for (appid, name, _), n in world.calls.items() if appid == account.appid and name in endpoints
    )
    return calls / ((world.true - NOW) / DAY_S)


def automatic_calls_by_day(entries: list[Entry]) -> Counter[tuple[str, float]]:
    """As the program itself counts them: by its own clock."""
    days: Counter[tuple[str, float]] = Counter()
    for entry in entries:
        if policy.is_automatic(entry.trigger):
            days[entry.appid, beijing_day_start(entry.at)] += entry.calls
    return days


def test_in_a_calm_month_every_file_is_always_good_and_hardly_a_call_is_wasted() -> None:
    world = World(some_accounts(4), seed=0)
    world.start()

    world.run(NOW + 30 * DAY_S)

    report(f"calm: {summary(world, NOW)}")
    for account in world.accounts:
        fewest = DAY_S / (7200 - account.ahead)
        assert fewest <= calls_a_day(world, account, "token", "stable_token") < fewest + 0.1
        tickets = len(account.kinds) - 1
        if tickets:
            # in a ticket's life: once when due, once before its end, once after it
            assert fewest <= calls_a_day(world, account, "getticket") / tickets < 3 * DAY_S / 7200 + 0.5
    for key, tally in world.tallies.items():
        assert tally.without < 2, key  # the first seconds, when there was nothing yet
        assert tally.past_its_end < 0.01 * tally.awake, key


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_fails_a_value_that_can_be_had_is_on_disk_soon_after(seed: int) -> None:
    world = World(some_accounts(ACCOUNTS), seed)
    misfortunes = Misfortunes(world)
    world.start()
    misfortunes.plan()

    world.run(NOW + DAYS * DAY_S)

    numbers = summary(world, NOW)
    report(f"seed {seed}, {len(misfortunes.struck)} errcodes, {world.looks} looks: {numbers}")
    late = {key: round(t.worst_at - NOW) for key, t in world.tallies.items() if t.inexcusable > 1}
    assert not late, f"without a value at these seconds: {late}"
    assert numbers.judged_share > 0.5  # else so much was excused that the test says nothing
    assert numbers.valid_share > numbers.best_share - 0.04
    assert len(misfortunes.struck) >= 30
    assert numbers.calls_a_day < 90
    assert numbers.worst_day <= 2 * WORST_DAY  # a clock that is set over midnight begins a new day of ours
    assert max(automatic_calls_by_day(world.history.entries).values()) <= WORST_DAY
    assert world.looks < 2000 * DAYS * ACCOUNTS / 4  # it does not spin


@pytest.mark.parametrize("seed", SEEDS[:1])
def test_however_impatient_the_person_is_tokens_are_forced_as_rarely_as_wechat_wants(seed: int) -> None:
    world = World(some_accounts(4), seed)
    misfortunes = Misfortunes(world)
    world.start()
    for minute in range(0, 24 * 60, 20):
        world.after(minute * MINUTE, misfortunes.impatience)

    world.run(NOW + 2 * DAY_S)

    for account in world.accounts:
        forced = [
            entry.at for entry in world.history.entries if entry.forced and entry.appid == account.appid
        ]
        days = Counter(beijing_day_start(at) for at in forced)
        assert 10 < max(days.values()) <= policy.FORCED_A_DAY
        assert all(later - earlier >= policy.FORCED_APART_S for earlier, later in pairwise(forced))
        # having forced too often holds nothing back
        assert all(t.inexcusable == 0 for key, t in world.tallies.items() if key[0] == account.appid)


def test_a_ticket_that_is_refused_all_month_takes_nothing_from_its_token() -> None:
    world = World(some_accounts(4), seed=0)
    official = [account for account in world.accounts if TokenKind.JSAPI_TICKET in account.kinds]
    misfortunes = Misfortunes(world)
    world.start()
    for account, errcode in zip(official, (40001, 45011, -1), strict=True):
        misfortunes.strike(errcode, account, frozenset({"getticket"}), lasts=40 * DAY_S)

    world.run(NOW + 30 * DAY_S)

    for account in official:
        assert world.tallies[account.appid, TokenKind.ACCESS_TOKEN].without < 2
    refused_for_its_token = official[0]
    assert refused_for_its_token.endpoint is Endpoint.STABLE
    assert (
        calls_a_day(world, refused_for_its_token, "getticket") < 40
    )  # hourly in the end, and with each token


@pytest.mark.parametrize("ahead", [2, 600])
@pytest.mark.parametrize("endpoint", Endpoint)
def test_a_second_writer_is_noticed_each_time_and_never_fought(ahead: int, endpoint: Endpoint) -> None:
    account = Account("wx0000000000000000", "Shop", endpoint=endpoint)
    world = World((account,), seed=0)
    world.start()
    world.run(NOW + 10 * MINUTE)
    ours = calls_of(world, "token", "stable_token")

    writes = world.refresh_as_another(account, ahead)
    world.run(NOW + 3 * DAY_S)

    noticed = [entry.at for entry in world.history.entries if entry.detail == FOREIGN]
    assert len(writes) > 30
    assert noticed == pytest.approx(writes, abs=0.01)
    assert world.tallies[account.appid, TokenKind.ACCESS_TOKEN].without < 2
    more = calls_of(world, "token", "stable_token") - ours
    if ahead > account.ahead:
        assert more == 0  # theirs is always there before ours is due
    else:
        assert more <= len(writes)


def calls_of(world: World, *endpoints: str) -> int:
    return sum(n for (_, name, _), n in world.calls.items() if name in endpoints)
