"""Expiry, due time and remaining time of tokens and tickets."""

import pytest

from guarddog_gui.domain.tokens.expiry import format_countdown
from tests.builders import make_record
from tests.fakes import NOW


def test_a_value_lives_from_the_start_of_its_request() -> None:
    record = make_record("T1", at=NOW + 0.25, expires_in=7200)

    assert record.generated_at == NOW + 0.25
    assert record.expires_at == NOW + 7200.25


def test_a_value_is_due_ahead_of_its_expiry() -> None:
    assert make_record("T1", expires_in=7200, ahead=290).refresh_at == NOW + 6910
    assert make_record("T1", expires_in=7200, ahead=0).refresh_at == NOW + 7200


def test_a_lifetime_shorter_than_ahead_is_due_near_its_expiry() -> None:
    assert make_record("T1", expires_in=100, ahead=290).refresh_at == NOW + 90
    assert make_record("T1", expires_in=290, ahead=290).refresh_at == NOW + 261
    assert make_record("T1", expires_in=291, ahead=290).refresh_at == NOW + 1


@pytest.mark.parametrize(("now", "left"), [(NOW, 7200), (NOW + 7199.5, 0.5), (NOW + 7200, 0), (NOW + 9_000_000, 0)])
def test_the_remaining_time_ends_at_zero(now: float, left: float) -> None:
    assert make_record("T1").remaining_s(now) == left


@pytest.mark.parametrize(("ahead_of_clock", "is_plausible"), [(0, True), (5, True), (5.1, False), (86_400, False)])
def test_a_value_from_the_future_is_not_believed(ahead_of_clock: float, is_plausible: bool) -> None:  # noqa: FBT001
    record = make_record("T1")

    assert record.is_plausible(NOW - ahead_of_clock) is is_plausible
    assert (record.remaining_s(NOW - ahead_of_clock) > 0) is is_plausible


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (-3, "0:00"),
        (0.9, "0:00"),
        (61, "1:01"),
        (729.9, "12:09"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (4329, "1:12:09"),
        (90_000, "25:00:00"),
    ],
)
def test_a_countdown_shows_hours_only_when_there_are_some(seconds: float, text: str) -> None:
    assert format_countdown(seconds) == text
