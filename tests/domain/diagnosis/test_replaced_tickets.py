"""Earlier tickets as a text, whatever lies in it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.diagnosis.replaced_tickets import EarlierTicket, from_text, to_text
from tests.fakes import NOW

TICKETS = (EarlierTicket("sM4AOVdWfPE4Dx", NOW), EarlierTicket('"\\', NOW - 0.25))


def test_what_is_written_is_read() -> None:
    assert from_text(to_text(TICKETS)) == TICKETS
    assert to_text(TICKETS).isascii()


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[]", "7", "[" * 100_000, '{"tickets":{}}', '{"tickets":null}', '{"version":1}']
)
def test_a_damaged_text_holds_none(text: str) -> None:
    assert from_text(text) == ()


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
def test_a_damaged_entry_does_not_lose_the_others(item: object) -> None:
    good = json.loads(to_text(TICKETS))["tickets"]
    assert from_text(json.dumps({"version": 1, "tickets": [good[0], item, good[1]]})) == TICKETS


@given(st.text())
def test_no_text_is_a_surprise(text: str) -> None:
    assert from_text(text) == ()
