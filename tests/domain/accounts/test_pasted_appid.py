"""An AppID is read with whatever is pasted around it; other ids are kept for `account_problem` to name."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.accounts.account import appid_problem
from guarddog_gui.domain.accounts.pasted_appid import is_complete_appid, read_appid
from tests.pasted_cases import APPIDS, PIECES


@pytest.mark.parametrize("case", APPIDS["cases"], ids=lambda case: ascii(case["text"])[:40])
def test_every_pasted_id_is_read_or_named_for_what_it_is(case: dict[str, Any]) -> None:
    appid = read_appid(case["text"])
    assert appid_problem(appid) == case["problem"]
    if case["problem"] is None:
        assert appid == case["appid"]


@pytest.mark.parametrize("typed", ["", "w", "wx", "wx12345", "gh_", "gh_1", "my-id"])
def test_an_id_that_is_being_typed_is_not_complete(typed: str) -> None:
    assert not is_complete_appid(typed)
    assert read_appid(typed) == typed


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
def test_any_text_can_be_read(text: str) -> None:
    assert read_appid(read_appid(text)) == read_appid(text)
