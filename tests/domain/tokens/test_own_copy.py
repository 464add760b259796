"""The copy that Guard Dog keeps of its value: what it says, and whom it does not believe."""

import json

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.tokens.own_copy import format_own_copy, is_same_value_and_life, own_copy_name, parse_own_copy
from tests.builders import make_record

APPID = "wx0123456789abcdef"
RECORD = make_record("91_" + "v" * 100)


def test_a_copy_is_read_as_it_was_written() -> None:
    copy = parse_own_copy(format_own_copy(APPID, RECORD), APPID)
    assert copy is not None
    assert is_same_value_and_life(RECORD, copy)
    assert own_copy_name("ACCESS_TOKEN") == "guarddog_ACCESS_TOKEN.json"


@pytest.mark.parametrize("change", [{"value": "other"}, {"expires_in": 7199}, {"generated_ms": 1}])
def test_another_value_or_life_is_not_the_same(change: dict[str, str | int]) -> None:
    assert not is_same_value_and_life(replace(RECORD, **change), RECORD)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "[" * 100_000, json.dumps({"appid": APPID}), format_own_copy("wx_another", RECORD)]
)
def test_a_damaged_copy_or_that_of_another_account_is_absent(text: str) -> None:
    assert parse_own_copy(text, APPID) is None
