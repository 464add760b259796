"""What is remembered of an outlet, and what a damaged memory is worth."""

import json
from typing import Any

import pytest

from guarddog_gui.domain.exports.reports import OutletFault, OutletReport, OutletTrouble, from_text, to_text
from guarddog_gui.domain.exports.targets import Outlet, OutletForm
from guarddog_gui.domain.tokens.record import TokenKind
from tests.fakes import NOW

ENV = Outlet(OutletForm.ENV, "/srv/.env")
RUN = Outlet(OutletForm.COMMAND, command=("notify", "a b"))
BORN = ((TokenKind.ACCESS_TOKEN, 1790000000000), (TokenKind.JSAPI_TICKET, 1790000000500))
GOOD = OutletReport(ENV, NOW, BORN)
FAILED = OutletReport(RUN, None, (), OutletTrouble(OutletFault.EXIT, "3"))
ITEM: dict[str, Any] = {
    "form": "env",
    "path": "/x",
    "written_at": 1.5,
    "gen_time": {},
    "fault": None,
    "detail": "",
}


def test_what_is_kept_is_read_back() -> None:
    assert from_text(to_text((GOOD, FAILED))) == (GOOD, FAILED)
    assert from_text(json.dumps({"outlets": [ITEM]})) == (OutletReport(Outlet(OutletForm.ENV, "/x"), 1.5),)


def test_it_has_what_it_got_as_long_as_nothing_went_wrong() -> None:
    assert GOOD.has(BORN)
    assert not GOOD.has(BORN[:1])
    assert not OutletReport(ENV, NOW, BORN, FAILED.trouble).has(BORN)
    assert not OutletReport(ENV).has(())


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"outlets": 5}', '{"outlets": [null, 5, {}]}', "[" * 100_000]
)
def test_a_damaged_file_is_as_good_as_none(text: str) -> None:
    assert from_text(text) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"written_at": "1"},
        {"written_at": True},
        {"written_at": -1},
        {"written_at": 1e300},
        {"gen_time": None},
        {"gen_time": {"ACCESS_TOKEN": "1"}},
        {"fault": "unheard of"},
        {"fault": []},
        {"fault": "exit", "detail": 3},
        {"form": "redis"},
    ],
    ids=repr,
)
def test_an_item_that_is_not_whole_is_left_out_and_the_others_stay(changes: dict[str, Any]) -> None:
    text = json.dumps({"outlets": [ITEM | changes, ITEM]})

    assert len(from_text(text)) == 1
