"""The copy that Guard Dog keeps of its value: its name, and when it proves a value."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.tokens import dog_format
from guarddog_gui.domain.tokens.own_copy import (
    CHECK_RETRY_S,
    CHECK_SHARED_S,
    NEW_TOKEN_WORKS_S,
    format_own_copy,
    is_check_due,
    is_same_value_and_life,
    next_check_at,
    own_copy_name,
    token_check_at,
)
from guarddog_gui.domain.tokens.record import TokenKind
from tests.builders import make_record

RECORD = make_record("91_" + "v" * 100)


def test_the_name_is_different_for_each_account_and_key() -> None:
    assert own_copy_name("wx1", TokenKind.ACCESS_TOKEN) == "wx1_ACCESS_TOKEN.dog"
    names = {own_copy_name(appid, kind) for appid in ("wx1", "wx2") for kind in TokenKind}
    assert len(names) == 2 * len(TokenKind)


def test_the_folder_and_the_padding_make_no_difference() -> None:
    assert is_same_value_and_life(replace(RECORD, directory="/elsewhere", ahead=1), RECORD)


@pytest.mark.parametrize("change", [{"value": "other"}, {"expires_in": 7199}, {"generated_ms": 1}])
def test_another_value_or_life_is_not_the_same(change: dict[str, str | int]) -> None:
    assert not is_same_value_and_life(replace(RECORD, **change), RECORD)


def test_a_new_token_needs_a_check_some_minutes_after_its_request() -> None:
    assert token_check_at(dog_format.format_token_record(RECORD), RECORD) == RECORD.generated_at + NEW_TOKEN_WORKS_S


def test_the_time_of_the_next_check_is_in_the_copy_which_stays_a_dog_file() -> None:
    text = format_own_copy(RECORD, 1_790_000_123.5)
    assert token_check_at(text, RECORD) == 1_790_000_123.5
    assert dog_format.parse_token_record(text) == RECORD


@pytest.mark.parametrize(
    ("left_s", "is_due"), [(1, False), (240, False), (0, True), (-1, True), (241, True)],
    ids=["a second left", "just checked", "now", "late", "the clock was set back"],
)  # fmt: skip
def test_a_check_is_due_at_its_time(left_s: float, *, is_due: bool) -> None:
    assert is_check_due(1_790_000_000 + left_s, 1_790_000_000) is is_due


def test_after_a_check_the_next_one_is_due_soon_but_not_while_the_token_is_new() -> None:
    issued_at = RECORD.generated_at
    assert next_check_at(RECORD, issued_at + 1000, has_answer=True) == issued_at + 1000 + CHECK_SHARED_S
    assert next_check_at(RECORD, issued_at + 1000, has_answer=False) == issued_at + 1000 + CHECK_RETRY_S
    assert next_check_at(RECORD, issued_at + 10, has_answer=True) == issued_at + NEW_TOKEN_WORKS_S
