"""Simulated year with all kinds of failures: when a value was valid, when it could have been, and calls to WeChat."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from guarddog_gui.domain.refresh import policy
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW
from tests.hard.results import PromiseRecorder
from tests.simulation.failure_schedule import FailureSchedule
from tests.simulation.measurement import SimulationSummary
from tests.simulation.simulation import DAY_S, SimulatedProgram, Simulation, make_accounts, make_refresh_loop, summarize
from tests.simulation.test_controller import ControllerProgram

PROMISE = "1. A valid token"
YEAR_DAYS = 365
STRETCH_MIN_S = 1.0
REASONS_SHOWN = 6
WORST_DAY_CALLS = 2 * (policy.DAILY_CALL_BUDGET + 3)  # a clock that is set over midnight starts another day

ProgramFactory = Callable[[Simulation], SimulatedProgram]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("what", "program", "account_count", "seed"),
    [
        ("a simulated year of 20 accounts, policy and refreshes", make_refresh_loop, 20, 1),
        ("a simulated year of 4 accounts, with the controller of the tray app", ControllerProgram, 4, 2),
    ],
    ids=["policy", "controller"],
)
def test_in_a_simulated_year_no_value_is_missing_without_an_excuse(
    promise: PromiseRecorder, what: str, program: ProgramFactory, account_count: int, seed: int
) -> None:
    started_at = time.monotonic()
    world = Simulation(make_accounts(account_count), seed, program)
    failures = FailureSchedule(world)
    world.start()
    failures.schedule_all()

    world.run(NOW + promise.scaled(YEAR_DAYS, least=3) * DAY_S)

    numbers = summarize(world, NOW)
    stretches = {
        key: [(round(start - NOW), round(end - NOW)) for start, end in stats.avoidable if end - start > STRETCH_MIN_S]
        for key, stats in world.stats.items()
    }
    without_excuse = {key: found for key, found in stretches.items() if found}
    errcodes = sum(1 for errcode in failures.answered_errcodes if CATALOGUE.find(errcode))
    note = describe(numbers, errcodes) + f"; {time.monotonic() - started_at:.0f} s"
    count = sum(map(len, without_excuse.values()))
    promise.record(PROMISE, what, tries=round(numbers.days) * len(world.stats), failures=count, note=note)

    assert without_excuse == {}, "stretches without a value, in seconds since the start"
    assert numbers.max_calls_in_a_day <= WORST_DAY_CALLS


def describe(numbers: SimulationSummary, errcode_count: int) -> str:
    """Return the figures of a run, one try being a day of a key."""
    reasons = list(numbers.missing_hours_by_reason.items())[:REASONS_SHOWN]
    hours = ", ".join(f"{reason} {spent:.1f} h" for reason, spent in reasons)
    return (
        f"a valid value for {numbers.valid_fraction:.2%} of the time awake, {numbers.best_possible_fraction:.2%} if the"
        f" end of every outage were known at once; {numbers.avoidable_missing_s:.0f} s without an excuse; the"
        f" difference is the time until the end was noticed: {hours}; worst day {numbers.worst_day_gap:.2%} of all;"
        f" {numbers.calls_per_account_per_day:.1f} calls per account and day,"
        f" {numbers.fewest_calls_per_account_per_day:.1f} at least, {numbers.max_calls_in_a_day} on the worst day;"
        f" {errcode_count} errcodes"
    )
