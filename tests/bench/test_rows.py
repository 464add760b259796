"""Each row in a form of one second or less, so that none of them rots; what they measure is of no interest here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.bench.all_benches import ALL_BENCHES
from tests.bench.results_file import describe_machine, merge_results, parse_rows, row_id, to_cells
from tests.bench.rows import (
    Bench,
    Bound,
    Figures,
    Result,
    Row,
    Sides,
    Size,
    at_least_times,
    at_most,
    at_most_more,
    at_most_times,
    run_bench,
)
from tests.bench.tray_session import shared_desktop

ROW = Row("icon", "start", "smallest program", "ms", at_most_times(1.5))


@pytest.fixture(scope="module")
def desktop() -> Iterator[None]:
    with shared_desktop():
        yield


@pytest.mark.only_on("linux")
@pytest.mark.usefixtures("desktop")
@pytest.mark.parametrize("bench", ALL_BENCHES, ids=lambda bench: bench.name)
def test_each_row_can_be_measured(bench: Bench) -> None:
    results = list(run_bench(bench, Size.TINY))
    assert [result.row for result in results] == list(bench.rows)
    assert all(len(result.ours) == len(result.other) == 1 for result in results)


def test_names_and_rows_are_unique() -> None:
    names = [bench.name for bench in ALL_BENCHES]
    rows = [row_id(bench.name, row) for bench in ALL_BENCHES for row in bench.rows]
    assert len(set(names)) == len(names)
    assert len(set(rows)) == len(rows)
    assert not any("|" in cell for bench in ALL_BENCHES for row in bench.rows for cell in (row.what, row.against))


@pytest.mark.parametrize(
    ("bound", "ours", "other", "holds"),
    [
        (at_most_times(1.5), 15, 10, True),
        (at_most_times(1.5), 16, 10, False),
        (at_least_times(1), 10, 10, True),
        (at_least_times(1), 9, 10, False),
        (at_most(50, "ms"), 50, 1, True),
        (at_most(50, "ms"), 51, 100, False),
        (at_most_more(3, "a minute"), 13, 10, True),
        (at_most_more(3, "a minute"), 14, 10, False),
    ],
)
def test_bounds(bound: Bound, ours: float, other: float, *, holds: bool) -> None:
    assert bound.holds(ours, other) is holds


def test_the_sides_are_measured_in_turn_and_alternate_who_begins() -> None:
    calls: list[str] = []

    def measure(side: str, figure: float) -> Figures:
        calls.append(side)
        return {"icon": figure}

    @contextmanager
    def open_sides(_size: Size) -> Iterator[Sides]:
        yield Sides(lambda: measure("ours", 3.0), lambda: measure("other", 2.0))
        calls.append("closed")

    bench = Bench("start", (ROW,), rounds=3, quick_rounds=2, open=open_sides)
    assert list(run_bench(bench, Size.QUICK)) == [Result(ROW, (3.0, 3.0), (2.0, 2.0))]
    assert calls == ["ours", "other", "other", "ours", "closed"]


def test_a_line_has_medians_spread_ratio_and_verdict() -> None:
    cells = to_cells("start", Result(ROW, (300.0, 310.0, 500.0), (200.0, 190.0, 210.0)), "today, abc")
    assert cells.to_markdown() == (
        "| start: icon | start | smallest program | ≤ 1.5 × | 310 (300 … 500) ms | 200 (190 … 210) ms | 1.55 | **no** | 3 | today, abc |"
    )


def test_rows_that_were_not_measured_stay_unless_the_machine_is_another_one() -> None:
    known = {row_id(name, ROW): ROW for name in ("a", "b", "c")}
    first = merge_results("", "Machine: 1.", [to_cells("a", Result(ROW, (1.0,), (1.0,)), "one")], known)
    second = merge_results(first, "Machine: 1.", [to_cells("b", Result(ROW, (9.0,), (1.0,)), "two")], known)
    assert [cells.run for cells in parse_rows(second).values()] == ["one", "two"]
    assert "Not measured yet on this machine: c: icon." in second
    assert "**b: icon**: not explained yet" in second
    assert list(parse_rows(merge_results(second, "Machine: 2.", [], known))) == []
    del known["a: icon"]
    assert list(parse_rows(merge_results(second, "Machine: 1.", [], known))) == ["b: icon"]


def test_the_machine_is_described_by_its_python_and_qt() -> None:
    assert "Python 3." in describe_machine()
    assert "Qt 6." in describe_machine()
