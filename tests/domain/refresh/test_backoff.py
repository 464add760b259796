"""Waiting times after each kind of failure."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.refresh import policy, retries
from guarddog_gui.domain.refresh.backoff import jitter_for, manual_retry_at, needs_user_action
from guarddog_gui.domain.refresh.history import AttemptResult
from guarddog_gui.domain.refresh.retries import RetryState
from guarddog_gui.domain.tokens.expiry import DAY_S
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from tests.domain.refresh.history_entries import (
    HOUR,
    MIDDLE,
    MIDNIGHT,
    MINUTE,
    TOKEN,
    after,
    entry,
    refused,
    wait_after,
    waits,
)
from tests.errcode_catalogue import CATALOGUE
from tests.fakes import NOW

# -- how long to wait ---------------------------------------------------------------------------------


def test_without_network_retries_slow_down_to_one_a_minute() -> None:
    offline = entry(AttemptResult.NO_ANSWER, detail="offline no route")
    assert waits(offline, 7) == [2, 4, 8, 16, 32, 60, 60]
    assert waits(offline, 2000)[-1] == 60


@pytest.mark.parametrize(
    "detail", ["timeout read", "http-status 503", "not-json", "cut-off", "tls", "nonsense errcode with a value 40001"]
)
def test_unusable_answers_are_retried_up_to_every_five_minutes(detail: str) -> None:
    assert waits(entry(AttemptResult.NO_ANSWER, detail=detail), 9) == [2, 4, 8, 16, 32, 64, 128, 256, 300]


def test_a_busy_server_is_retried_after_a_second_with_growing_waits() -> None:
    assert waits(refused(-1), 10) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]


def test_an_unknown_errcode_is_transient_with_a_long_back_off() -> None:
    assert waits(refused(987654), 5) == [300, 600, 1200, 2400, 3600]


def test_a_ticket_refused_for_its_token_is_retried_up_to_hourly() -> None:
    assert waits(refused(40001, endpoint="getticket"), 8) == [60, 120, 240, 480, 960, 1920, 3600, 3600]


@pytest.mark.parametrize(
    ("errcode", "endpoint"),
    [
        (40125, "stable_token"),
        (40001, "stable_token"),
        (40164, "token"),
        (48001, "getticket"),
        (41002, "token"),
        (89503, "token"),
    ],
)
def test_errcodes_that_need_the_user_stop_automatic_attempts(errcode: int, endpoint: str) -> None:
    retry_state = after(refused(errcode, endpoint=endpoint))

    assert retry_state.is_stopped
    assert retry_state.last_failure is not None
    assert needs_user_action(retry_state.last_failure, CATALOGUE)
    assert policy.due_at(TOKEN, None, retry_state, NOW + 365 * DAY_S) is None


def test_a_missing_secret_stops_automatic_attempts() -> None:
    assert after(entry(AttemptResult.NO_SECRET)).is_stopped
    assert needs_user_action(entry(AttemptResult.NO_SECRET), CATALOGUE)
    assert not needs_user_action(entry(AttemptResult.NO_ANSWER), CATALOGUE)
    assert not needs_user_action(refused(-1), CATALOGUE)


def test_a_locked_keyring_is_retried_three_times() -> None:
    locked = entry(AttemptResult.KEYRING_LOCKED)
    assert waits(locked, 3) == [10, 30, 120]
    assert not after(locked, locked, locked).is_stopped
    assert after(locked, locked, locked, locked).is_stopped


def test_a_missing_keyring_is_retried_every_ten_minutes() -> None:
    assert waits(entry(AttemptResult.KEYRING_DOWN), 5) == [10, 30, 120, 600, 600]


def test_network_failures_do_not_count_for_a_locked_keyring() -> None:
    night = [entry(AttemptResult.NO_ANSWER, detail="offline")] * 500

    assert wait_after(*night, entry(AttemptResult.KEYRING_LOCKED)) == 10
    assert wait_after(entry(AttemptResult.KEYRING_LOCKED), entry(AttemptResult.NO_ANSWER, detail="timeout")) == 2


def test_a_busy_lock_is_retried_after_seconds_and_a_bug_after_minutes() -> None:
    assert waits(entry(AttemptResult.LOCK_BUSY), 3) == [5, 5, 5]
    assert waits(entry(AttemptResult.INTERNAL_ERROR), 8) == [60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_a_full_disk_is_retried_up_to_every_ten_minutes() -> None:
    assert waits(entry(AttemptResult.NOT_WRITTEN, value="x"), 10)[-2:] == [512, 600]


def test_an_exhausted_budget_waits_for_midnight_in_beijing() -> None:
    assert after(entry(AttemptResult.BUDGET_EXCEEDED)).not_before == MIDNIGHT


def test_the_wait_begins_when_the_attempt_ended() -> None:
    slow = replace(entry(AttemptResult.NO_ANSWER, detail="timeout"), took_ms=30_000)
    assert after(slow).not_before == NOW + 30 + 2


# -- quotas -------------------------------------------------------------------------------------------


def test_a_daily_quota_is_retried_hourly_and_soon_after_midnight_in_beijing() -> None:
    assert waits(refused(45009), 4) == [HOUR, MIDNIGHT + 600 - NOW - HOUR, HOUR, HOUR]


def test_a_manual_attempt_during_a_daily_quota_is_followed_by_the_next_in_an_hour() -> None:
    retry_state = after(refused(45009), refused(45009, NOW + MINUTE))
    assert retry_state.not_before == NOW + MINUTE + HOUR


def test_a_quota_per_minute_waits_a_minute_and_then_longer() -> None:
    assert waits(refused(45011), 8) == [60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_a_manual_attempt_restarts_the_wait_for_a_quota() -> None:
    asked = retries.after_user_action(after(refused(45011)))
    assert after(refused(45011, NOW + 30), before=asked).not_before == NOW + 30 + 60


def test_a_monthly_quota_waits_for_the_month() -> None:
    assert wait_after(refused(48006)) > 5 * DAY_S


def test_a_quota_without_a_documented_wait_is_retried_hourly() -> None:
    known = CATALOGUE.find(45009)
    assert known is not None
    catalogue = ErrcodeCatalog((replace(known, wait=None),))
    assert retries.next_retry_state(RetryState(), refused(45009), catalogue, MIDDLE).not_before == NOW + HOUR


def test_only_waits_that_wechat_does_not_prescribe_have_jitter() -> None:
    assert [after(refused(-1), jitter=j).not_before - NOW for j in (0, 1)] == [0.75, 1.25]
    assert [after(entry(AttemptResult.NO_ANSWER), jitter=j).not_before - NOW for j in (0, 1)] == [1.5, 2.5]
    assert [after(refused(45011), jitter=j).not_before - NOW for j in (0, 1)] == [60, 60]
    assert [after(entry(AttemptResult.BUDGET_EXCEEDED), jitter=j).not_before for j in (0, 1)] == [MIDNIGHT, MIDNIGHT]


def test_a_refusal_with_a_known_wait_has_a_manual_retry_time() -> None:
    assert manual_retry_at(refused(89507), CATALOGUE) == NOW + HOUR
    assert manual_retry_at(refused(40125), CATALOGUE) is None
    assert manual_retry_at(refused(987654), CATALOGUE) is None
    assert manual_retry_at(entry(AttemptResult.NO_ANSWER), CATALOGUE) is None


def test_jitter_is_constant_for_an_attempt_and_differs_between_attempts() -> None:
    many = [jitter_for(refused(-1, NOW + n)) for n in range(100)]
    assert many == [jitter_for(refused(-1, NOW + n)) for n in range(100)]
    assert len(set(many)) > 90
    assert 0 <= min(many) < 0.2
    assert 0.8 < max(many) <= 1
