"""A token through its life."""

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


def test_a_record_from_the_future_is_not_believed_but_a_nudge_of_the_clock_is_no_lie() -> None:
    assert record().remaining_s(NOW - 5) == 7205
    assert record().phase(NOW - 5) is TokenPhase.FRESH
    assert record().remaining_s(NOW - 5.1) == 0
    assert record().phase(NOW - 5.1) is TokenPhase.EXPIRED


def test_a_life_shorter_than_ahead_is_looked_at_again_near_its_end() -> None:
    assert record(expires_in=100).refresh_at == NOW + 90
    assert record(expires_in=290).refresh_at == NOW + 261
    assert record(expires_in=291).refresh_at == NOW + 1


def test_the_account_decides_about_ahead_not_the_writer_of_the_file() -> None:
    assert record().with_ahead(60).refresh_at == NOW + 7140
    assert record().with_ahead(60).value == VALUE


def test_a_fingerprint_tells_values_apart_and_gives_none_away() -> None:
    assert fingerprint(VALUE) == "91_a…wxyz (29)"
    assert VALUE[4:-4] not in fingerprint(VALUE)
    assert fingerprint("short") != fingerprint("shore")
    assert "short" not in fingerprint("short")
    assert fingerprint("short").endswith("(5)")


def test_a_mask_shows_two_ends_of_a_long_value_and_nothing_of_a_short_one() -> None:
    assert mask(VALUE) == "91_a…wxyz"
    assert mask("x" * 23) == "••••••••"
