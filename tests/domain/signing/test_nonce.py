"""Validation of nonces and timestamps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.signing.nonce import ms_to_seconds, nonce_problem, timestamp_problem

NOW = 1_790_000_000.5


@pytest.mark.parametrize("nonce", ["a", "Wm3WZYTPz0wzccnW", "0" * 32, "a-b_c.d=e#f", "随机"])
def test_a_nonce_has_1_to_32_visible_characters(nonce: str) -> None:
    assert nonce_problem(nonce) is None


@pytest.mark.parametrize(
    ("nonce", "problem"),
    [
        ("", "empty-nonce"),
        ("0" * 33, "long-nonce"),
        ("0" * 100_000, "long-nonce"),
        ("a&b", "bad-nonce"),
        ("a b", "bad-nonce"),
        (" ", "bad-nonce"),
        ("a\n", "bad-nonce"),
        ("a\u3000b", "bad-nonce"),
        ("a\x00", "bad-nonce"),
        ("a\u200b", "bad-nonce"),
        ("a\udcff", "bad-nonce"),
    ],
)
def test_an_invalid_nonce_has_a_problem(nonce: str, problem: str) -> None:
    assert nonce_problem(nonce) == problem


@pytest.mark.parametrize("text", ["1790000000", "1789913601", "1790086400"])
def test_a_timestamp_is_within_a_day_of_now(text: str) -> None:
    assert timestamp_problem(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "bad-timestamp"),
        ("now", "bad-timestamp"),
        ("1790000000.5", "bad-timestamp"),
        ("-1790000000", "bad-timestamp"),
        ("+1790000000", "bad-timestamp"),
        ("1_790_000_000", "bad-timestamp"),
        (" 1790000000", "bad-timestamp"),
        ("１７９００００００００", "bad-timestamp"),
        ("1790000000123", "ms-timestamp"),
        ("1414587457000", "ms-timestamp"),
        ("1414587457", "far-timestamp"),
        ("1789913599", "far-timestamp"),
        ("1790086401", "far-timestamp"),
        ("0", "far-timestamp"),
        ("01790000000", "far-timestamp"),
        ("1790000000123456", "far-timestamp"),
        ("9" * 100_000, "far-timestamp"),
    ],
)
def test_an_invalid_timestamp_has_a_problem(text: str, problem: str) -> None:
    assert timestamp_problem(text, NOW) == problem


def test_milliseconds_are_corrected_to_seconds() -> None:
    assert ms_to_seconds("1790000000999") == "1790000000"


@given(st.text())
def test_any_text_can_be_checked_as_timestamp(text: str) -> None:
    nonce_problem(text)
    if timestamp_problem(text, NOW) is None:
        assert abs(int(text) - NOW) <= 86_400
