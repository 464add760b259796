"""A month in seconds: real policy and refreshes against the sandbox's WeChat, with all kinds of failures.

tests/hard/test_simulated_year.py makes it a year of 20 accounts. `-s` prints the numbers.
"""

from collections import Counter
from itertools import pairwise

import pytest

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.foreign_writes import is_of_other_program
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.errcodes import beijing_day_start
from tests.fakes import NOW
from tests.simulation.failure_schedule import FailureSchedule
from tests.simulation.simulation import DAY_S, MINUTE_S, Simulation, make_accounts, summarize

DAYS = 30
ACCOUNTS = 4
SEEDS = (4, 13, 24, 47)
# the most calls of one account per day: its budget, and a refresh that was under way
WORST_DAY = policy.DAILY_CALL_BUDGET + 3


def report(text: str) -> None:
    print(f"\n{text}")  # noqa: T201 - the numbers, for who asks for them with -s


def calls_a_day(world: Simulation, account: Account, *endpoints: str) -> float:
    calls = sum(n for (appid, name, _), n in world.calls.items() if appid == account.appid and name in endpoints)
    return calls / ((world.true_now - NOW) / DAY_S)


def automatic_calls_by_day(entries: list[HistoryEntry]) -> Counter[tuple[str, float]]:
    """Count as the program does: by its own clock."""
    days: Counter[tuple[str, float]] = Counter()
    for entry in entries:
        if policy.is_automatic(entry.trigger):
            days[entry.appid, beijing_day_start(entry.at)] += entry.calls
    return days


def test_in_a_calm_month_files_are_valid_and_few_calls_are_wasted() -> None:
    world = Simulation(make_accounts(4), seed=0)
    world.start()

    world.run(NOW + 30 * DAY_S)

    report(f"calm: {summarize(world, NOW)}")
    for account in world.accounts:
        fewest = DAY_S / (7200 - account.ahead)
        assert fewest <= calls_a_day(world, account, "token", "stable_token") < fewest + 0.1
        tickets = len(account.token_kinds) - 1
        if tickets:
            # per life of a ticket: when due, shortly before its end, and after it
            assert fewest <= calls_a_day(world, account, "getticket") / tickets < 3 * DAY_S / 7200 + 0.5
    for key, tally in world.stats.items():
        assert tally.missing_s < 2, key  # before the first refresh
        assert tally.past_expiry_s < 0.01 * tally.running_s, key


@pytest.mark.parametrize("seed", SEEDS)
def test_the_refresh_loop_recovers_soon_after_every_failure(seed: int) -> None:
    world = Simulation(make_accounts(ACCOUNTS), seed)
    misfortunes = FailureSchedule(world)
    world.start()
    misfortunes.schedule_all()

    world.run(NOW + DAYS * DAY_S)

    numbers = summarize(world, NOW)
    report(f"seed {seed}, {len(misfortunes.answered_errcodes)} errcodes, {world.tick_count} looks: {numbers}")
    late = {key: t.longest_avoidable for key, t in world.stats.items() if t.avoidable_missing_s > 1}
    assert not late, f"without a value at these seconds: {late}"
    assert numbers.assessed_fraction > 0.5  # otherwise the test proves nothing
    assert numbers.valid_fraction > numbers.best_possible_fraction - 0.04
    assert len(misfortunes.answered_errcodes) >= 30
    assert numbers.calls_per_account_per_day < 90
    assert numbers.max_calls_in_a_day <= 2 * WORST_DAY  # a clock set over midnight starts another day
    assert max(automatic_calls_by_day(world.history.entries).values()) <= WORST_DAY
    assert world.tick_count < 2000 * DAYS * ACCOUNTS / 4  # it does not spin


@pytest.mark.parametrize("seed", SEEDS[:1])
def test_an_impatient_user_cannot_exceed_the_limit_of_forced_tokens(seed: int) -> None:
    world = Simulation(make_accounts(4), seed)
    misfortunes = FailureSchedule(world)
    world.start()
    for minute in range(0, 24 * 60, 20):
        world.schedule_after(minute * MINUTE_S, misfortunes.repeated_force)

    world.run(NOW + 2 * DAY_S)

    for account in world.accounts:
        forced = [entry.at for entry in world.history.entries if entry.forced and entry.appid == account.appid]
        days = Counter(beijing_day_start(at) for at in forced)
        assert 10 < max(days.values()) <= policy.DAILY_FORCED_MAX
        assert all(later - earlier >= policy.FORCED_INTERVAL_S for earlier, later in pairwise(forced))
        # a refused forced request does not delay others
        assert all(t.avoidable_missing_s == 0 for key, t in world.stats.items() if key[0] == account.appid)


def test_a_ticket_refused_all_month_does_not_affect_its_token() -> None:
    world = Simulation(make_accounts(4), seed=0)
    official = [account for account in world.accounts if TokenKind.JSAPI_TICKET in account.token_kinds]
    misfortunes = FailureSchedule(world)
    world.start()
    for account, errcode in zip(official, (40001, 45011, -1), strict=True):
        misfortunes.start_fault(errcode, account, frozenset({"getticket"}), duration_s=40 * DAY_S)

    world.run(NOW + 30 * DAY_S)

    for account in official:
        assert world.stats[account.appid, TokenKind.ACCESS_TOKEN].missing_s < 2
    refused_for_its_token = official[0]
    assert refused_for_its_token.endpoint is Endpoint.STABLE
    assert calls_a_day(world, refused_for_its_token, "getticket") < 40  # hourly in the end, and after each new token


@pytest.mark.parametrize("ahead", [2, 600])
@pytest.mark.parametrize("endpoint", Endpoint)
def test_writes_of_another_program_are_verified_at_a_bounded_cost(ahead: int, endpoint: Endpoint) -> None:
    """The other program asks the classic endpoint: its tokens are those of a classic account only."""
    account = Account("wx0000000000000000", "Shop", endpoint=endpoint)
    world = Simulation((account,), seed=0)
    world.start()
    world.run(NOW + 10 * MINUTE_S)
    ours = calls_of(world, "token", "stable_token")

    writes = world.run_external_refresher(account, ahead)
    world.run(NOW + 3 * DAY_S)

    noticed = [entry for entry in world.history.entries if is_of_other_program(entry)]
    assert len(writes) > 30
    assert [entry.at for entry in noticed] == pytest.approx(writes, abs=31)  # the next look
    adopts = endpoint is Endpoint.CLASSIC
    assert {entry.result for entry in noticed} == {AttemptResult.ADOPTED if adopts else AttemptResult.NOT_ADOPTED}
    assert world.stats[account.appid, TokenKind.ACCESS_TOKEN].missing_s < 2
    more = calls_of(world, "token", "stable_token") - ours
    if adopts and ahead > account.ahead:
        assert more == 0  # theirs always comes before ours is due
    else:
        assert more <= len(writes) * (1 if adopts else 3)


def calls_of(world: Simulation, *endpoints: str) -> int:
    return sum(n for (_, name, _), n in world.calls.items() if name in endpoints)
