"""Phases of a token, fingerprints and masks."""

import pytest

from guarddog_gui.domain.tokens.record import TokenPhase, TokenRecord, fingerprint, mask
from tests.fakes import NOW

VALUE = "91_abcdefghijklmnopqrstuvwxyz"


def record(*, expires_in: int = 7200, ahead: int = 290, value: str = VALUE) -> TokenRecord:
    return TokenRecord(value, expires_in, int(NOW * 1000), "/dogs", ahead)


@pytest.mark.parametrize(
    ("age", "left", "phase"),
    [
        (0, 7200, TokenPhase.FRESH),
        (6909, 291, TokenPhase.FRESH),
        (6910, 290, TokenPhase.DUE_SOON),
        (7199.5, 0.5, TokenPhase.DUE_SOON),
        (7200, 0, TokenPhase.EXPIRED),
        (10_000_000, 0, TokenPhase.EXPIRED),
    ],
)
def test_a_record_is_fresh_then_due_then_expired(age: float, left: float, phase: TokenPhase) -> None:
    assert record().remaining_s(NOW + age) == left
    assert record().phase(NOW + age) is phase


def test_a_record_from_the_future_is_implausible_within_a_tolerance() -> None:
    assert record().remaining_s(NOW - 5) == 7205
    assert record().phase(NOW - 5) is TokenPhase.FRESH
    assert record().remaining_s(NOW - 5.1) == 0
    assert record().phase(NOW - 5.1) is TokenPhase.EXPIRED


def test_ahead_of_the_account_replaces_that_of_the_file() -> None:
    assert record().with_ahead(60).refresh_at == NOW + 7140
    assert record().with_ahead(60).value == VALUE


def test_a_fingerprint_identifies_a_value_without_revealing_it() -> None:
    assert fingerprint(VALUE) == "91_a…wxyz (29)"
    assert VALUE[4:-4] not in fingerprint(VALUE)
    assert fingerprint("short") != fingerprint("shore")
    assert "short" not in fingerprint("short")
    assert fingerprint("short").endswith("(5)")


def test_a_mask_shows_only_the_ends_of_a_long_value() -> None:
    assert mask(VALUE) == "91_a…wxyz"
    assert mask("x" * 23) == "••••••••"
