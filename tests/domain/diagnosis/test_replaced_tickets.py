"""File of replaced tickets, also damaged ones."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.diagnosis.replaced_tickets import ReplacedTicket, format_tickets, parse_tickets
from tests.fakes import NOW

TICKETS = (ReplacedTicket("sM4AOVdWfPE4Dx", NOW), ReplacedTicket('"\\', NOW - 0.25))


def test_written_tickets_are_read_back() -> None:
    assert parse_tickets(format_tickets(TICKETS)) == TICKETS
    assert format_tickets(TICKETS).isascii()


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[]", "7", "[" * 100_000, '{"tickets":{}}', '{"tickets":null}', '{"version":1}']
)
def test_a_damaged_text_has_no_tickets(text: str) -> None:
    assert parse_tickets(text) == ()


@pytest.mark.parametrize(
    "item",
    [
        None,
        7,
        {},
        {"ticket": "J1"},
        {"ticket": "", "replaced_at": NOW},
        {"ticket": "a\nb", "replaced_at": NOW},
        {"ticket": "t" * 2049, "replaced_at": NOW},
        {"ticket": 7, "replaced_at": NOW},
        {"ticket": "J1", "replaced_at": True},
        {"ticket": "J1", "replaced_at": "now"},
        {"ticket": "J1", "replaced_at": float("nan")},
        {"ticket": "J1", "replaced_at": float("inf")},
    ],
)
def test_a_damaged_entry_is_left_out(item: object) -> None:
    good = json.loads(format_tickets(TICKETS))["tickets"]
    assert parse_tickets(json.dumps({"version": 1, "tickets": [good[0], item, good[1]]})) == TICKETS


@given(st.text())
def test_any_text_can_be_parsed(text: str) -> None:
    assert parse_tickets(text) == ()
