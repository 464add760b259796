"""Retry states after failures and events, and the age of a ticket."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from guarddog_gui.domain.refresh import retries
from guarddog_gui.domain.refresh.history import SUCCESS_RESULTS, AttemptResult, HistoryEntry
from guarddog_gui.domain.refresh.retries import RetryState
from tests.domain.refresh.history_entries import HOUR, MINUTE, after, entry, refused, ticket
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW

FAILURES = [
    *(entry(result) for result in AttemptResult if result not in (*SUCCESS_RESULTS, AttemptResult.NOT_ADOPTED)),
    *(entry(AttemptResult.NO_ANSWER, detail=how) for how in ("offline", "timeout")),
    *(refused(code, endpoint=call) for code in CATALOGUE.codes() for call in ("stable_token", "getticket")),
]
LIFTS = [
    retries.after_user_action,
    retries.after_restart,
    retries.after_resume,
    retries.after_reconnect,
    retries.after_clock_set_back,
    lambda retry_state: retries.after_new_token(retry_state, CATALOGUE),
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
        retry_state = retries.next_retry_state(retry_state, replace(failure, at=at), CATALOGUE, jitter)
        retry_state = lift(retry_state) if lift else retry_state

    failed = retries.next_retry_state(retry_state, replace(last, at=at), CATALOGUE, jitter)

    assert failed.is_stopped or failed.not_before >= at + 0.75


# -- what holds nothing back ----------------------------------------------------------------------------


def test_a_success_ends_all_waits() -> None:
    for good in (AttemptResult.NEW, AttemptResult.SAME, AttemptResult.ADOPTED):
        retry_state = after(refused(40125), entry(good, NOW + 1))
        assert (retry_state.is_stopped, retry_state.failure_count, retry_state.last_failure) == (False, 0, None)


def test_failed_attempts_are_counted_until_the_next_success() -> None:
    twice = after(refused(40125), refused(40164, NOW + MINUTE))
    assert (twice.failed_attempts, twice.failing_since) == (2, NOW)
    by_user = after(refused(40125, NOW + HOUR), before=retries.after_user_action(twice))
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
    started = retries.after_restart(after(refused(40125)))
    assert (started.is_stopped, started.is_untried_since_start) == (False, True)
    again = after(refused(40125, at=NOW + 1), before=started)
    assert (again.is_stopped, again.is_untried_since_start) == (True, False)
    waiting = after(refused(45009))
    assert retries.after_restart(waiting) is waiting


def test_a_user_action_ends_waits_but_not_an_unreliable_expiry() -> None:
    doubtful = retries.after_clock_set_back(after(entry(AttemptResult.NOT_WRITTEN, value="x"), refused(40125)))
    acted = retries.after_user_action(doubtful)
    assert (acted.is_stopped, acted.not_before, acted.failure_count) == (False, 0, 0)
    assert (acted.is_expiry_unreliable, acted.is_unwritten) == (True, True)


@pytest.mark.parametrize("result", [AttemptResult.KEYRING_LOCKED, AttemptResult.KEYRING_DOWN])
def test_a_resume_retries_the_keyring(result: AttemptResult) -> None:
    stopped = after(*[entry(result)] * 5)
    woken = retries.after_resume(stopped)
    assert (woken.is_stopped, woken.not_before, woken.failure_count) == (False, 0, 0)


@pytest.mark.parametrize("result", [AttemptResult.KEYRING_LOCKED, AttemptResult.KEYRING_DOWN])
def test_an_available_keyring_is_tried_once_and_not_in_a_fast_loop(result: AttemptResult) -> None:
    stopped = after(*[entry(result)] * 5)
    available = retries.after_keyring_available(stopped)
    assert (available.is_stopped, available.not_before) == (False, 0)
    assert available.failure_count == stopped.failure_count


@pytest.mark.parametrize("errcode", [40125, 45009, 40164])
def test_an_available_keyring_changes_no_refusal(errcode: int) -> None:
    before = after(refused(errcode))
    assert retries.after_keyring_available(before) is before
    assert retries.after_keyring_available(RetryState()) == RetryState()


def test_a_reconnect_ends_waits_for_the_network() -> None:
    waiting = after(*[entry(AttemptResult.NO_ANSWER, detail="offline")] * 9)
    assert retries.after_reconnect(waiting).not_before == 0
    assert retries.after_resume(waiting).not_before == 0


def test_a_reconnect_retries_a_refused_ip() -> None:
    elsewhere = after(refused(40164, ip="198.51.100.7"))
    assert elsewhere.is_stopped
    assert not retries.after_reconnect(elsewhere).is_stopped
    assert not retries.after_resume(elsewhere).is_stopped


@pytest.mark.parametrize("errcode", [40125, 45009, -1])
def test_a_resume_keeps_other_refusals(errcode: int) -> None:
    before = after(refused(errcode))
    assert retries.after_resume(before) is before
    assert retries.after_reconnect(before) is before


def test_a_resume_without_failure_changes_nothing() -> None:
    before = after(entry(AttemptResult.NEW))
    assert retries.after_resume(before) is before


def test_a_new_token_ends_the_wait_of_a_ticket_refused_for_the_old_one() -> None:
    ticket = after(*[refused(42001, endpoint="getticket")] * 5)
    renewed = retries.after_new_token(ticket, CATALOGUE)
    assert renewed.not_before == 0
    assert renewed.failure_count == 5  # it may be refused, too, and then the waits continue to grow


@pytest.mark.parametrize("failure", [refused(48001, endpoint="getticket"), entry(AttemptResult.NO_ANSWER), None])
def test_a_new_token_keeps_the_wait_after_other_failures(failure: HistoryEntry | None) -> None:
    ticket = after(failure) if failure else RetryState()
    assert retries.after_new_token(ticket, CATALOGUE) is ticket


def test_the_same_history_gives_the_same_retry_state() -> None:
    past = (entry(AttemptResult.NEW), refused(-1, NOW + 7000), refused(-1, NOW + 7001), refused(45011, NOW + 7003))
    assert retries.retry_state_from_history(past, CATALOGUE) == retries.retry_state_from_history(past, CATALOGUE)
    assert retries.retry_state_from_history(past, CATALOGUE).failure_count == 3
    assert retries.retry_state_from_history((), CATALOGUE) == RetryState()


def test_a_ticket_is_relied_on_by_what_the_history_shows_of_its_age() -> None:
    first = ticket(AttemptResult.NEW, NOW)
    assert retries.ticket_life(RetryState(), first, 7200) == 20 * MINUTE

    same = ticket(AttemptResult.SAME, NOW + 110 * MINUTE)
    assert retries.ticket_life(after(first), same, 7200) == 10 * MINUTE, "it was seen 110 minutes ago"

    next_one = ticket(AttemptResult.NEW, NOW + 20 * MINUTE, "B")
    assert retries.ticket_life(after(first), next_one, 7200) == 7200

    again = ticket(AttemptResult.SAME, NOW + HOUR, "B")
    assert retries.ticket_life(after(first, next_one), again, 7200) == 80 * MINUTE
