"""Due times, retry states after events, and limits of the refresh policy."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import SUCCESS_RESULTS, AttemptResult, CallCount, HistoryEntry, Trigger
from guarddog_gui.domain.refresh.policy import RetryState
from guarddog_gui.domain.tokens.record import TokenRecord
from tests.domain.refresh.history_entries import HOUR, MIDNIGHT, MINUTE, TICKET, TOKEN, after, entry, record, refused
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW

FAILURES = [
    *(entry(result) for result in AttemptResult if result not in (*SUCCESS_RESULTS, AttemptResult.NOT_ADOPTED)),
    *(entry(AttemptResult.NO_ANSWER, detail=how) for how in ("offline", "timeout")),
    *(refused(code, endpoint=call) for code in CATALOGUE.codes() for call in ("stable_token", "getticket")),
]
LIFTS = [
    policy.after_user_action,
    policy.after_restart,
    policy.after_resume,
    policy.after_reconnect,
    policy.after_clock_set_back,
    lambda retry_state: policy.after_new_token(retry_state, CATALOGUE),
]


@given(
    st.lists(
        st.tuples(st.sampled_from(FAILURES), st.none() | st.sampled_from(LIFTS), st.floats(-9000, 90_000)), max_size=12
    ),
    st.sampled_from(FAILURES),
    st.floats(0, 1),
)
def test_after_any_history_a_failure_waits_a_moment_or_for_the_user(
    past: list[tuple[HistoryEntry, Callable[[RetryState], RetryState] | None, float]], last: HistoryEntry, jitter: float
) -> None:
    retry_state, at = RetryState(), NOW
    for failure, lift, later in past:
        at += later
        retry_state = policy.next_retry_state(retry_state, replace(failure, at=at), CATALOGUE, jitter)
        retry_state = lift(retry_state) if lift else retry_state

    failed = policy.next_retry_state(retry_state, replace(last, at=at), CATALOGUE, jitter)

    assert failed.is_stopped or failed.not_before >= at + 0.75


# -- what holds nothing back ----------------------------------------------------------------------------


def test_a_success_ends_all_waits() -> None:
    for good in (AttemptResult.NEW, AttemptResult.SAME, AttemptResult.ADOPTED):
        retry_state = after(refused(40125), entry(good, NOW + 1))
        assert (retry_state.is_stopped, retry_state.failure_count, retry_state.last_failure) == (False, 0, None)


def test_failed_attempts_are_counted_until_the_next_success() -> None:
    twice = after(refused(40125), refused(40164, NOW + MINUTE))
    assert (twice.failed_attempts, twice.failing_since) == (2, NOW)
    by_user = after(refused(40125, NOW + HOUR), before=policy.after_user_action(twice))
    assert (by_user.failed_attempts, by_user.failing_since) == (3, NOW)
    for result in (AttemptResult.NEW, AttemptResult.ADOPTED):
        well = after(entry(result, NOW + 2 * HOUR, value="v"), before=by_user)
        assert (well.failed_attempts, well.failing_since) == (0, 0.0)


def test_a_fresh_file_leaves_a_failure_as_it_is() -> None:
    before = after(refused(40125))
    assert after(entry(AttemptResult.STILL_FRESH), before=before) is before


def test_a_denied_force_does_not_delay_automatic_attempts() -> None:
    before = after(entry(AttemptResult.NEW))
    assert after(entry(AttemptResult.BUDGET_EXCEEDED, detail="forced 1790000030"), before=before) is before


def test_a_restart_retries_stopped_keys_once_and_keeps_waits() -> None:
    started = policy.after_restart(after(refused(40125)))
    assert (started.is_stopped, started.is_untried_since_start) == (False, True)
    again = after(refused(40125, at=NOW + 1), before=started)
    assert (again.is_stopped, again.is_untried_since_start) == (True, False)
    waiting = after(refused(45009))
    assert policy.after_restart(waiting) is waiting


def test_a_user_action_ends_waits_but_not_an_unreliable_expiry() -> None:
    doubtful = policy.after_clock_set_back(after(entry(AttemptResult.NOT_WRITTEN, value="x"), refused(40125)))
    acted = policy.after_user_action(doubtful)
    assert (acted.is_stopped, acted.not_before, acted.failure_count) == (False, 0, 0)
    assert (acted.is_expiry_unreliable, acted.is_unwritten) == (True, True)


@pytest.mark.parametrize("result", [AttemptResult.KEYRING_LOCKED, AttemptResult.KEYRING_DOWN])
def test_a_resume_retries_the_keyring(result: AttemptResult) -> None:
    stopped = after(*[entry(result)] * 5)
    woken = policy.after_resume(stopped)
    assert (woken.is_stopped, woken.not_before, woken.failure_count) == (False, 0, 0)


@pytest.mark.parametrize("result", [AttemptResult.KEYRING_LOCKED, AttemptResult.KEYRING_DOWN])
def test_an_available_keyring_is_tried_once_and_not_in_a_fast_loop(result: AttemptResult) -> None:
    stopped = after(*[entry(result)] * 5)
    available = policy.after_keyring_available(stopped)
    assert (available.is_stopped, available.not_before) == (False, 0)
    assert available.failure_count == stopped.failure_count


@pytest.mark.parametrize("errcode", [40125, 45009, 40164])
def test_an_available_keyring_changes_no_refusal(errcode: int) -> None:
    before = after(refused(errcode))
    assert policy.after_keyring_available(before) is before
    assert policy.after_keyring_available(RetryState()) == RetryState()


def test_a_reconnect_ends_waits_for_the_network() -> None:
    waiting = after(*[entry(AttemptResult.NO_ANSWER, detail="offline")] * 9)
    assert policy.after_reconnect(waiting).not_before == 0
    assert policy.after_resume(waiting).not_before == 0


def test_a_reconnect_retries_a_refused_ip() -> None:
    elsewhere = after(refused(40164, ip="198.51.100.7"))
    assert elsewhere.is_stopped
    assert not policy.after_reconnect(elsewhere).is_stopped
    assert not policy.after_resume(elsewhere).is_stopped


@pytest.mark.parametrize("errcode", [40125, 45009, -1])
def test_a_resume_keeps_other_refusals(errcode: int) -> None:
    before = after(refused(errcode))
    assert policy.after_resume(before) is before
    assert policy.after_reconnect(before) is before


def test_a_resume_without_failure_changes_nothing() -> None:
    before = after(entry(AttemptResult.NEW))
    assert policy.after_resume(before) is before


def test_a_new_token_ends_the_wait_of_a_ticket_refused_for_the_old_one() -> None:
    ticket = after(*[refused(42001, endpoint="getticket")] * 5)
    renewed = policy.after_new_token(ticket, CATALOGUE)
    assert renewed.not_before == 0
    assert renewed.failure_count == 5  # it may be refused, too, and then the waits continue to grow


@pytest.mark.parametrize("failure", [refused(48001, endpoint="getticket"), entry(AttemptResult.NO_ANSWER), None])
def test_a_new_token_keeps_the_wait_after_other_failures(failure: HistoryEntry | None) -> None:
    ticket = after(failure) if failure else RetryState()
    assert policy.after_new_token(ticket, CATALOGUE) is ticket


def test_the_same_history_gives_the_same_retry_state() -> None:
    past = (entry(AttemptResult.NEW), refused(-1, NOW + 7000), refused(-1, NOW + 7001), refused(45011, NOW + 7003))
    assert policy.retry_state_from_history(past, CATALOGUE) == policy.retry_state_from_history(past, CATALOGUE)
    assert policy.retry_state_from_history(past, CATALOGUE).failure_count == 3
    assert policy.retry_state_from_history((), CATALOGUE) == RetryState()


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
    suspect = policy.after_clock_set_back(after(entry(AttemptResult.NEW, NOW)))
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


def ticket(result: AttemptResult, at: float, value: str = "A", *, kept: bool = False) -> HistoryEntry:
    return entry(result, at, key=TICKET, value=value, detail=policy.EXPIRY_KEPT if kept else "")


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
        again = replace(again, detail=policy.CLOCK_SET_BACK)
    assert policy.ticket_life(observed, again, 7200) == 20 * MINUTE

    state = after(again, before=policy.after_clock_set_back(observed))
    assert (state.observed_at, state.seen_at, state.is_clock_set_back) == (0.0, again.at, False)
    following = ticket(AttemptResult.NEW, again.at + 20 * MINUTE, "C")
    assert policy.ticket_life(state, following, 7200) == 7200, "seen replacing the other by the clock of now"


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


def test_a_ticket_is_relied_on_by_what_the_history_shows_of_its_age() -> None:
    first = ticket(AttemptResult.NEW, NOW)
    assert policy.ticket_life(RetryState(), first, 7200) == 20 * MINUTE

    same = ticket(AttemptResult.SAME, NOW + 110 * MINUTE)
    assert policy.ticket_life(after(first), same, 7200) == 10 * MINUTE, "it was seen 110 minutes ago"

    next_one = ticket(AttemptResult.NEW, NOW + 20 * MINUTE, "B")
    assert policy.ticket_life(after(first), next_one, 7200) == 7200

    again = ticket(AttemptResult.SAME, NOW + HOUR, "B")
    assert policy.ticket_life(after(first, next_one), again, 7200) == 80 * MINUTE


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
