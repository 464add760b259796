"""Due times, and limits of the refresh policy."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.refresh import policy, retries
from guarddog_gui.domain.refresh.history import AttemptResult, CallCount, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.retries import RetryState
from guarddog_gui.domain.tokens.record import TokenRecord
from tests.domain.refresh.history_entries import (
    HOUR,
    MIDNIGHT,
    MINUTE,
    TICKET,
    TOKEN,
    after,
    entry,
    record,
    refused,
    ticket,
)
from tests.fakes import NOW

# -- when a token is due --------------------------------------------------------------------------------


def test_a_key_without_a_value_is_due_at_once_after_its_wait() -> None:
    assert policy.due_at(TOKEN, None, RetryState(), NOW) == NOW
    assert policy.due_at(TOKEN, None, after(refused(-1)), NOW) == NOW + 1
    assert policy.due_at(TOKEN, record(at=NOW - 7200), RetryState(), NOW) == NOW


def test_a_token_is_due_shortly_before_its_expiry() -> None:
    assert policy.due_at(TOKEN, record(), after(entry(AttemptResult.NEW)), NOW) == NOW + 6910
    assert policy.due_at(TOKEN, record(ahead=60), after(entry(AttemptResult.NEW)), NOW) == NOW + 7140


def test_an_unchanged_token_is_due_by_its_new_lifetime() -> None:
    assert policy.due_at(TOKEN, record(expires_in=345), after(entry(AttemptResult.SAME)), NOW) == NOW + 55


def test_a_token_from_the_future_is_due_at_once() -> None:
    assert policy.due_at(TOKEN, record(at=NOW + HOUR), RetryState(), NOW) == NOW


def test_a_wait_timed_by_a_wrong_clock_is_ignored() -> None:
    retry_state = after(refused(45009, NOW + 5 * HOUR))
    assert policy.due_at(TOKEN, None, retry_state, NOW) == NOW


def test_after_the_clock_was_set_back_every_value_is_due_once() -> None:
    suspect = retries.after_clock_set_back(after(entry(AttemptResult.NEW, NOW)))
    assert policy.due_at(TOKEN, record(), suspect, NOW + MINUTE) == NOW + MINUTE

    checked = after(entry(AttemptResult.SAME, NOW + MINUTE), before=suspect)
    assert policy.due_at(TOKEN, record(), checked, NOW + MINUTE) == NOW + 6910


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({"endpoint": "token", "calls": 1}, NOW + 2),
        ({"endpoint": "stable_token", "calls": 1, "forced": True}, NOW + 2),
        ({"endpoint": "stable_token", "calls": 1}, NOW + 6910),
        ({"endpoint": "token", "calls": 0}, NOW + 6910),
    ],
)
def test_a_lost_reply_may_have_replaced_the_token(changes: dict[str, object], due: float) -> None:
    lost = replace(entry(AttemptResult.NO_ANSWER, detail="timeout read"), **changes)  # see the table

    assert policy.due_at(TOKEN, record(), after(entry(AttemptResult.NEW), lost), NOW) == due


def test_an_unwritten_value_is_due_although_it_is_fresh() -> None:
    unwritten = after(entry(AttemptResult.NOT_WRITTEN, value="x"))
    assert policy.due_at(TOKEN, record(), unwritten, NOW) == NOW + 2

    offline_now = after(entry(AttemptResult.NO_ANSWER, NOW + 2, detail="offline"), before=unwritten)
    assert offline_now.is_unwritten

    written = after(entry(AttemptResult.SAME, NOW + 9, value="x"), before=offline_now)
    assert policy.due_at(TOKEN, record(at=NOW + 9), written, NOW + 9) == NOW + 9 + 6910


# -- when a ticket is due -------------------------------------------------------------------------------


def ticket_due(retry_state: RetryState, held: TokenRecord, now: float) -> float | None:
    return policy.due_at(TICKET, held, retry_state, now)


def test_a_ticket_of_unknown_age_is_polled_every_20_minutes() -> None:
    cold = after(ticket(AttemptResult.NEW, NOW))
    assert ticket_due(cold, record(), NOW) == NOW + 20 * MINUTE

    looked = after(ticket(AttemptResult.SAME, NOW + 20 * MINUTE, kept=True), before=cold)
    assert ticket_due(looked, record(), NOW + 20 * MINUTE) == NOW + 40 * MINUTE


def test_a_ticket_seen_replacing_another_has_a_known_expiry() -> None:
    seen = after(ticket(AttemptResult.NEW, NOW - 20 * MINUTE), ticket(AttemptResult.NEW, NOW, "B"))
    assert ticket_due(seen, record(), NOW) == NOW + 6910


def test_a_ticket_without_recent_polls_has_no_known_age() -> None:
    slept = after(ticket(AttemptResult.NEW, NOW - 60 * MINUTE), ticket(AttemptResult.NEW, NOW, "B"))
    assert ticket_due(slept, record(), NOW) == NOW + 20 * MINUTE


def test_a_known_age_makes_the_next_one_known() -> None:
    known = after(
        ticket(AttemptResult.NEW, NOW - 20 * MINUTE),
        ticket(AttemptResult.NEW, NOW, "B"),
        ticket(AttemptResult.NEW, NOW + 6910, "C"),
    )
    assert ticket_due(known, record(at=NOW + 6910), NOW + 6910) == NOW + 6910 + 6910


def test_a_known_age_is_lost_without_polls_near_the_expiry() -> None:
    known = after(ticket(AttemptResult.NEW, NOW - 20 * MINUTE), ticket(AttemptResult.NEW, NOW, "B"))
    due = after(ticket(AttemptResult.SAME, NOW + 6910, "B", kept=True), before=known)
    late = after(ticket(AttemptResult.NEW, NOW + 9000, "C"), before=due)
    assert ticket_due(late, record(at=NOW + 9000), NOW + 9000) == NOW + 9000 + 20 * MINUTE


def test_a_lost_file_does_not_make_a_ticket_younger() -> None:
    again = after(ticket(AttemptResult.NEW, NOW - 20 * MINUTE, "A"), ticket(AttemptResult.NEW, NOW, "A"))
    assert ticket_due(again, record(), NOW) == NOW + 20 * MINUTE


def test_times_written_by_another_program_give_no_age() -> None:
    known = after(ticket(AttemptResult.NEW, NOW - 20 * MINUTE), ticket(AttemptResult.NEW, NOW, "B"))
    rewritten = record(at=NOW + HOUR)
    assert ticket_due(known, rewritten, NOW + HOUR) == NOW + 20 * MINUTE  # that is: now


def test_an_adopted_ticket_has_an_unknown_age() -> None:
    adopted = after(entry(AttemptResult.ADOPTED, NOW, key=TICKET))
    assert ticket_due(adopted, record(at=NOW - MINUTE), NOW) == NOW + 19 * MINUTE


def test_an_unchanged_due_ticket_is_polled_just_before_and_after_its_expiry() -> None:
    held = record()
    known = after(ticket(AttemptResult.NEW, NOW - 20 * MINUTE), ticket(AttemptResult.NEW, NOW, "B"))
    due = after(ticket(AttemptResult.SAME, NOW + 6910, "B", kept=True), before=known)
    assert ticket_due(due, held, NOW + 6910) == NOW + 7170

    last = after(ticket(AttemptResult.SAME, NOW + 7170, "B"), before=due)
    rewritten = record(at=NOW + 7170, expires_in=60)
    assert ticket_due(last, rewritten, NOW + 7170) == NOW + 7224

    replaced = after(ticket(AttemptResult.NEW, NOW + 7224, "C"), before=last)
    assert ticket_due(replaced, record(at=NOW + 7224), NOW + 7224) == NOW + 7224 + 6910


def test_a_ticket_that_outlives_its_expiry_is_polled_every_20_minutes() -> None:
    known = after(ticket(AttemptResult.NEW, NOW - 20 * MINUTE), ticket(AttemptResult.NEW, NOW, "B"))
    last = after(ticket(AttemptResult.SAME, NOW + 7170, "B"), before=known)
    still = after(ticket(AttemptResult.SAME, NOW + 7236, "B", kept=True), before=last)
    assert ticket_due(still, record(at=NOW + 7170), NOW + 7236) == NOW + 7236 + 20 * MINUTE


def test_an_unwritten_ticket_is_not_new_once_it_is_written() -> None:
    known = after(ticket(AttemptResult.NEW, NOW - 20 * MINUTE), ticket(AttemptResult.NEW, NOW, "B"))
    unwritten = after(ticket(AttemptResult.NOT_WRITTEN, NOW + 6910, "C"), before=known)
    written = after(ticket(AttemptResult.NEW, NOW + 7100, "C"), before=unwritten)
    assert ticket_due(written, record(at=NOW + 7100), NOW + 7100) == NOW + 7100 + 20 * MINUTE


def test_a_lock_failure_does_not_change_the_last_answer() -> None:
    known = after(ticket(AttemptResult.NEW, NOW - 20 * MINUTE), ticket(AttemptResult.NEW, NOW, "B"))
    blocked = after(entry(AttemptResult.NOT_WRITTEN, NOW + 6910, key=TICKET), before=known)
    assert (blocked.observed_at, blocked.last_fingerprint) == (known.observed_at, known.last_fingerprint)


def test_an_answer_from_the_future_is_ignored() -> None:
    wrong = after(ticket(AttemptResult.SAME, NOW + 3 * HOUR, kept=True))
    assert ticket_due(wrong, record(at=NOW - HOUR), NOW) == NOW - 40 * MINUTE


@pytest.mark.parametrize("set_back_s", [3 * HOUR, 30 * MINUTE])
def test_after_a_clock_was_set_back_the_age_of_a_ticket_is_unknown(set_back_s: float) -> None:
    observed = after(ticket(AttemptResult.NEW, NOW - 20 * MINUTE), ticket(AttemptResult.NEW, NOW, "B"))
    again = ticket(AttemptResult.SAME, NOW + HOUR - set_back_s, "B")
    if again.at > NOW:  # the times alone do not show it
        again = replace(again, detail=retries.CLOCK_SET_BACK)
    assert retries.ticket_life(observed, again, 7200) == 20 * MINUTE

    state = after(again, before=retries.after_clock_set_back(observed))
    assert (state.observed_at, state.seen_at, state.is_clock_set_back) == (0.0, again.at, False)
    following = ticket(AttemptResult.NEW, again.at + 20 * MINUTE, "C")
    assert retries.ticket_life(state, following, 7200) == 7200, "seen replacing the other by the clock of now"


def test_a_file_from_the_future_is_written_again_with_the_same_expiry() -> None:
    assert not policy.keeps_expiry(record(at=NOW + HOUR, expires_in=3600), record())


def test_an_unchanged_ticket_keeps_its_file_if_it_has_the_same_expiry() -> None:
    held = record()
    assert policy.keeps_expiry(held, record())
    assert policy.keeps_expiry(held, record(at=NOW + 1200, expires_in=6000))
    assert not policy.keeps_expiry(held, record(at=NOW + 1200))
    assert not policy.keeps_expiry(held, replace(record(), value="another"))
    assert not policy.keeps_expiry(None, record())


def test_a_file_that_ends_at_once_is_written_again() -> None:
    held = record(at=NOW - 7200 + 5)  # five seconds are left
    assert not policy.keeps_expiry(held, record(at=NOW, expires_in=1))


def test_a_ticket_waits_for_an_unwritten_token() -> None:
    assert policy.ticket_waits_for_token(record(), after(entry(AttemptResult.NOT_WRITTEN)), NOW)
    assert not policy.ticket_waits_for_token(record(), after(entry(AttemptResult.NEW)), NOW)
    assert policy.ticket_waits_for_token(None, RetryState(), NOW)


# -- an account as a whole ------------------------------------------------------------------------------


def test_a_ticket_waits_for_a_token_with_enough_lifetime() -> None:
    assert policy.ticket_needs_token(None, NOW)
    assert policy.ticket_needs_token(record(), NOW + 7198)
    assert not policy.ticket_needs_token(record(), NOW + 7197)


# -- limits ---------------------------------------------------------------------------------------------


def test_forced_tokens_are_limited_to_twenty_a_day_30_s_apart() -> None:
    assert policy.force_allowance(CallCount(), NOW) == policy.ForceAllowance(
        is_allowed=True, allowed_at=NOW, remaining_today=20
    )
    just_now = CallCount(forced=1, last_forced_at=NOW)
    assert policy.force_allowance(just_now, NOW + 29) == policy.ForceAllowance(
        is_allowed=False, allowed_at=NOW + 30, remaining_today=19
    )
    assert policy.force_allowance(just_now, NOW + 30).is_allowed
    used_up = CallCount(forced=20, last_forced_at=NOW - HOUR)
    assert policy.force_allowance(used_up, NOW) == policy.ForceAllowance(
        is_allowed=False, allowed_at=MIDNIGHT, remaining_today=0
    )
    assert policy.force_allowance(replace(used_up, forced=25), NOW).remaining_today == 0


def test_a_forced_token_from_the_future_is_ignored() -> None:
    assert policy.force_allowance(CallCount(forced=1, last_forced_at=NOW + HOUR), NOW).is_allowed


def test_a_part_of_the_budget_is_reserved_for_the_token() -> None:
    assert policy.remaining_budget(CallCount(automatic=0), TOKEN) == 500
    assert policy.remaining_budget(CallCount(automatic=400), TICKET) == 0
    assert policy.remaining_budget(CallCount(automatic=400), TOKEN) == 100
    assert policy.remaining_budget(CallCount(automatic=501), TOKEN) == 0


@pytest.mark.parametrize("trigger", Trigger)
def test_the_budget_counts_all_but_manual_attempts(trigger: Trigger) -> None:
    assert policy.is_automatic(trigger) == (trigger is not Trigger.USER)


# -- the token before -----------------------------------------------------------------------------


def replaced_by(*, forced: bool, endpoint: str, result: AttemptResult = AttemptResult.NEW) -> HistoryEntry:
    return replace(entry(result), forced=forced, endpoint=endpoint)


@pytest.mark.parametrize(
    ("forced", "endpoint", "is_accepted"),
    [
        (False, "stable_token", True),
        (True, "stable_token", False),  # a forced token invalidates the previous one at once
        (False, "token", True),
        (True, "token", True),  # each call to the classic endpoint issues a new token
    ],
)
def test_a_replaced_token_is_valid_for_five_minutes_unless_forced(
    forced: bool,  # noqa: FBT001 - a column of the table
    endpoint: str,
    is_accepted: bool,  # noqa: FBT001 - a column of the table
) -> None:
    old = record(at=NOW - HOUR)
    until = policy.old_token_valid_until(old, replaced_by(forced=forced, endpoint=endpoint), NOW)
    assert until == (NOW + 5 * MINUTE if is_accepted else None)


def test_a_replaced_token_is_not_valid_after_its_expiry() -> None:
    old = record(at=NOW - 7200 + MINUTE)
    new = replaced_by(forced=False, endpoint="stable_token")
    assert policy.old_token_valid_until(old, new, NOW) == NOW + MINUTE
    assert policy.old_token_valid_until(old, new, NOW + MINUTE) is None


def test_a_replaced_token_is_invalid_after_five_minutes() -> None:
    new = replaced_by(forced=False, endpoint="stable_token")
    assert policy.old_token_valid_until(record(), new, NOW + 5 * MINUTE - 1) == NOW + 5 * MINUTE
    assert policy.old_token_valid_until(record(), new, NOW + 5 * MINUTE) is None


@pytest.mark.parametrize("result", [result for result in AttemptResult if result is not AttemptResult.NEW])
def test_only_a_new_token_replaces_one(result: AttemptResult) -> None:
    told = replaced_by(forced=False, endpoint="stable_token", result=result)
    assert policy.old_token_valid_until(record(), told, NOW) is None


# -- checks of a classic token --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age_s", "seen_s", "checked_s", "started_s", "is_due"),
    [
        (HOUR, 25 * HOUR, 240, HOUR, True),
        (HOUR, 25 * HOUR, 239, HOUR, False),
        (HOUR, HOUR, 60, HOUR, True),
        (HOUR, HOUR, 59, HOUR, False),
        (239, HOUR, HOUR, HOUR, False),
        (240, HOUR, HOUR, HOUR, True),
        (HOUR, HOUR, HOUR, 59, False),
        (HOUR, HOUR, HOUR, 60, True),
        (HOUR, HOUR, -3 * HOUR, -3 * HOUR, True),
    ],
    ids=[
        "four minutes", "too soon", "a minute beside another program", "too soon beside it",
        "new token", "no longer new", "just started", "a minute later", "clock set back",
    ],
)  # fmt: skip
def test_a_classic_token_is_checked_at_a_pace(
    age_s: float, seen_s: float, checked_s: float, started_s: float, *, is_due: bool
) -> None:
    held = record(at=NOW - age_s)
    assert policy.is_token_check_due(held, NOW - seen_s, NOW - checked_s, NOW - started_s, NOW) is is_due
