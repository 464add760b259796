"""The interface of all benches: rows with their bounds, and the two sides that are measured in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from enum import Enum

from msgspec import Struct

Figures = Mapping[str, float]  # by the key of the row


class Size(Enum):
    """How much is measured: all of it, enough for an impression, or just enough to execute the code once."""

    FULL = "full"
    QUICK = "quick"
    TINY = "tiny"

    def choose(self, full: int, quick: int, tiny: int) -> int:
        return {Size.FULL: full, Size.QUICK: quick, Size.TINY: tiny}[self]


class Bound(Struct, frozen=True):
    """What a row promises: `limit` for the ratio of the two sides, for ours alone, or for their difference."""

    limit: float
    text: str
    kind: str  # "ratio at most", "ratio at least", "at most" or "difference at most"

    def holds(self, ours: float, other: float) -> bool:
        match self.kind:
            case "ratio at most":
                return ours <= self.limit * other
            case "ratio at least":
                return ours >= self.limit * other
            case "at most":
                return ours <= self.limit
            case _:
                return ours - other <= self.limit


def at_most_times(limit: float) -> Bound:
    return Bound(limit, f"≤ {limit:g} ×", "ratio at most")


def at_least_times(limit: float) -> Bound:
    return Bound(limit, f"≥ {limit:g} ×", "ratio at least")


def at_most(limit: float, unit: str) -> Bound:
    return Bound(limit, f"≤ {limit:g} {unit}", "at most")


def at_most_more(limit: float, unit: str) -> Bound:
    return Bound(limit, f"≤ {limit:g} {unit} more", "difference at most")


class Row(Struct, frozen=True):
    """One row of RESULTS.md. Without a bound it is shown for information.

    what       what is measured of ours
    against    the opponent, measured in the same round
    unit       of both figures
    remark     why the bound cannot be kept, if it cannot, with the profile that shows it
    """

    key: str
    what: str
    against: str
    unit: str
    bound: Bound | None = None
    remark: str = ""


class Sides(Struct, frozen=True):
    """The two things to measure. Each call is one round and returns one figure per row."""

    ours: Callable[[], Figures]
    other: Callable[[], Figures]


class Bench(Struct, frozen=True):
    """Rows that are measured together, by the name that `dev.py bench NAME` takes.

    `open` prepares both sides for a size, and cleans up at the end.
    """

    name: str
    rows: tuple[Row, ...]
    rounds: int
    quick_rounds: int
    open: Callable[[Size], AbstractContextManager[Sides]]

    def round_count(self, size: Size) -> int:
        return size.choose(self.rounds, self.quick_rounds, 1)


class Result(Struct, frozen=True):
    """The figures of one row, one per round and side."""

    row: Row
    ours: tuple[float, ...]
    other: tuple[float, ...]


def run_bench(bench: Bench, size: Size) -> Iterator[Result]:
    """Measure both sides in turn; which one begins alternates, so that warming up favours neither."""
    ours: list[Figures] = []
    other: list[Figures] = []
    with bench.open(size) as sides:
        for number in range(bench.round_count(size)):
            turns = ((sides.ours, ours), (sides.other, other))
            for measure, figures in turns if number % 2 == 0 else reversed(turns):
                figures.append(measure())
    for row in bench.rows:
        yield Result(row, tuple(round_[row.key] for round_ in ours), tuple(round_[row.key] for round_ in other))
