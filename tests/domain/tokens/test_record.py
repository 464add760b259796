"""Freshness of a token, fingerprints and masks."""

import pytest

from guarddog_gui.domain.tokens.record import TokenRecord, fingerprint, mask
from tests.fakes import NOW

VALUE = "91_abcdefghijklmnopqrstuvwxyz"


def record(*, expires_in: int = 7200, ahead: int = 290, value: str = VALUE) -> TokenRecord:
    return TokenRecord(value, expires_in, int(NOW * 1000), "/dogs", ahead)


@pytest.mark.parametrize(
    ("age", "left", "is_fresh"),
    [
        (0, 7200, True),
        (6909, 291, True),
        (6910, 290, False),
        (7199.5, 0.5, False),
        (7200, 0, False),
        (10_000_000, 0, False),
    ],
)
def test_a_record_is_fresh_then_due_then_expired(age: float, left: float, *, is_fresh: bool) -> None:
    assert record().remaining_s(NOW + age) == left
    assert record().is_fresh(NOW + age) is is_fresh


def test_a_record_from_the_future_is_implausible_within_a_tolerance() -> None:
    assert record().remaining_s(NOW - 5) == 7205
    assert record().is_fresh(NOW - 5)
    assert record().remaining_s(NOW - 5.1) == 0
    assert not record().is_fresh(NOW - 5.1)


def test_a_lifetime_shorter_than_ahead_is_due_near_its_expiry() -> None:
    assert record(expires_in=100).refresh_at == NOW + 90
    assert record(expires_in=290).refresh_at == NOW + 261
    assert record(expires_in=291).refresh_at == NOW + 1


def test_a_fingerprint_identifies_a_value_without_revealing_it() -> None:
    assert fingerprint(VALUE) == "91_a…wxyz (29)"
    assert VALUE[4:-4] not in fingerprint(VALUE)
    assert fingerprint("short") != fingerprint("shore")
    assert "short" not in fingerprint("short")
    assert fingerprint("short").endswith("(5)")


def test_a_mask_shows_only_the_ends_of_a_long_value() -> None:
    assert mask(VALUE) == "91_a…wxyz"
    assert mask("x" * 23) == "••••••••"
