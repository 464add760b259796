"""A hundred thousand inputs for each parser, and a megabyte of garbage in less than a second."""

from __future__ import annotations

import gc
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings

from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, HistoryFilter, Trigger
from tests.hard.parsers import FILTERS, NOW, PARSERS, Parser
from tests.hard.results import PromiseRecorder
from tests.pasted_cases import GARBAGE, PIECES

PROMISE = "9. Fuzz"
BATCH = 500  # hypothesis remembers what it tried: longer runs become slow and take gigabytes
MEGABYTE = 2**20


def try_many(parser: Parser, wanted: int) -> tuple[int, list[str]]:
    """Return the number of inputs and the failures."""
    tried = 0
    failures: list[str] = []

    def check(value: Any) -> None:
        nonlocal tried
        tried += 1
        parser.check(value)

    for batch in range(-(-wanted // BATCH)):
        configured = settings(
            max_examples=min(BATCH, wanted), deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        try:
            seed(batch)(configured(given(parser.inputs)(check)))()
        except Exception as error:  # noqa: BLE001 - each is a finding
            notes = " ".join(getattr(error, "__notes__", ()))
            failures.append(f"{error!r} {notes}")
        gc.collect()  # which tests/conftest.py leaves to the end of a test: 100,000 command lines would take 6 GB
    return tried, failures


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_no_input_raises_or_gives_a_senseless_value(parser: Parser, promise: PromiseRecorder) -> None:
    tried, failures = try_many(parser, promise.scaled(100_000))
    promise.record(PROMISE, f"any input: {parser.name}", tries=tried, failures=failures)
    assert failures == []


def test_no_filter_of_the_history_raises(promise: PromiseRecorder, tmp_path: Path) -> None:
    store = SqliteHistoryStore(tmp_path / "history.sqlite3", lambda: NOW)
    for number in range(20):
        store.append(HistoryEntry(NOW + number, "wx1", "ACCESS_TOKEN", Trigger.TIMER, AttemptResult.NEW, errmsg="a%_"))

    def check(history_filter: HistoryFilter) -> None:
        assert len(store.read_page(history_filter, None, 50)) == store.count(history_filter)

    parser = Parser("filters of the history", FILTERS, check)
    tried, failures = try_many(parser, promise.scaled(100_000))
    promise.record(PROMISE, f"any input: {parser.name}", tries=tried, failures=failures)
    store.close()
    assert failures == []


def test_a_megabyte_takes_less_than_a_second(promise: PromiseRecorder) -> None:
    slow = []
    slowest, tried = 0.0, 0
    pieces = sorted({*GARBAGE, *PIECES, '{"a":', "[1,", "https://a.cn/?a=", "%25", "&amp;", "\\u0041"})
    for parser in PARSERS:
        if parser.from_text is None:
            continue
        for piece in pieces[:: max(1, len(pieces) // promise.scaled(len(pieces)))]:
            text = piece * (MEGABYTE // len(piece))
            started = time.process_time()
            parser.from_text(text)
            seconds = time.process_time() - started
            slowest, tried = max(slowest, seconds), tried + 1
            if seconds >= 1.0:
                slow.append(f"{parser.name}: {seconds:.2f} s for {piece!r}")
    note = f"slowest {slowest:.2f} s of CPU"
    promise.record(PROMISE, "1 MB of each of many pieces, each below 1 s", tries=tried, failures=slow, note=note)
    assert slow == []
