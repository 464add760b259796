"""A ticket is read from any wrapping, and nothing else is taken for one."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guarddog_gui.domain.paste.ticket import read_ticket
from tests.pasted_cases import GARBAGE, PIECES, TICKETS


@pytest.mark.parametrize("case", TICKETS["cases"], ids=lambda case: case["form"])
def test_the_ticket_is_read_from_every_wrapping(case: dict[str, Any]) -> None:
    assert read_ticket(case["text"]) == case.get("ticket", TICKETS["ticket"])


@pytest.mark.parametrize("text", ["", " ", "two words", '{"access_token":"93_a","expires_in":7200}', "ticket: null"])
def test_a_text_without_a_ticket_gives_none(text: str) -> None:
    assert read_ticket(text) == ""


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=60).map("".join)))
def test_any_text_can_be_read(text: str) -> None:
    assert read_ticket(text) == read_ticket(text).strip()


@pytest.mark.parametrize("piece", GARBAGE)
def test_a_megabyte_of_garbage_takes_less_than_a_second(piece: str) -> None:
    text = "ticket: " + piece * (2**20 // len(piece))
    started = time.process_time()

    read_ticket(text)

    assert time.process_time() - started < 1.0
