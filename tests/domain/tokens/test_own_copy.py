"""The copy that Guard Dog keeps of its value: its name, and when it proves a value."""

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.tokens.own_copy import is_same_value_and_life, own_copy_name
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
