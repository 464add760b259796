"""Status file of export targets, also a damaged one."""

import json
from typing import Any

import pytest

from guarddog_gui.domain.exports.reports import (
    ExportError,
    ExportErrorKind,
    ExportStatus,
    format_statuses,
    parse_statuses,
)
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.tokens.record import TokenKind
from tests.fakes import NOW

ENV = ExportTarget(ExportFormat.ENV, "/srv/.env")
RUN = ExportTarget(ExportFormat.COMMAND, command=("notify", "a b"))
BORN = ((TokenKind.ACCESS_TOKEN, 1790000000000), (TokenKind.JSAPI_TICKET, 1790000000500))
GOOD = ExportStatus(ENV, NOW, BORN)
FAILED = ExportStatus(RUN, None, (), ExportError(ExportErrorKind.EXIT, "3"))
ITEM: dict[str, Any] = {"form": "env", "path": "/x", "written_at": 1.5, "gen_time": {}, "fault": None, "detail": ""}


def test_a_stored_value_is_read_back() -> None:
    assert parse_statuses(format_statuses((GOOD, FAILED))) == (GOOD, FAILED)
    assert parse_statuses(json.dumps({"outlets": [ITEM]})) == (ExportStatus(ExportTarget(ExportFormat.ENV, "/x"), 1.5),)


def test_a_target_is_up_to_date_until_a_write_fails() -> None:
    assert GOOD.is_up_to_date(BORN)
    assert not GOOD.is_up_to_date(BORN[:1])
    assert not ExportStatus(ENV, NOW, BORN, FAILED.error).is_up_to_date(BORN)
    assert not ExportStatus(ENV).is_up_to_date(())


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"outlets": 5}', '{"outlets": [null, 5, {}]}', "[" * 100_000])
def test_a_damaged_file_counts_as_empty(text: str) -> None:
    assert parse_statuses(text) == ()


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
def test_a_damaged_item_is_left_out(changes: dict[str, Any]) -> None:
    text = json.dumps({"outlets": [ITEM | changes, ITEM]})

    assert len(parse_statuses(text)) == 1
