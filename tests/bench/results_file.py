"""RESULTS.md: the table of all rows, of which a run replaces those it has measured."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from tests.bench.rows import Result, Row

ROOT = Path(__file__).parents[2]
RESULTS_FILE = Path(__file__).parent / "RESULTS.md"
HEAD = """\
# What Guard Dog costs, measured

Written by `python3 packaging/dev.py bench`: ours and the other side in one run, in turn. The figures are medians, in
brackets the smallest and the largest; the ratio is that of the medians. Nothing of it is a timed test.

"""
TABLE_HEAD = """
| row | what | against | bound | ours | the other | ratio | in bounds | rounds | run |
|---|---|---|---|---:|---:|---:|---|---:|---|
"""
REMARKS_HEAD = "\n## Rows outside their bound\n\n"


class Cells(Struct, frozen=True):
    """One line of the table."""

    row: str
    what: str
    against: str
    bound: str
    ours: str
    other: str
    ratio: str
    is_in_bounds: str
    rounds: str
    run: str

    def to_markdown(self) -> str:
        return f"| {' | '.join(getattr(self, name) for name in self.__struct_fields__)} |"


def describe_machine() -> str:
    """Return one line about the machine; rows of another machine are not kept beside new ones."""
    from PySide6.QtCore import qVersion

    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    memory_kb = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    system = platform.freedesktop_os_release()["PRETTY_NAME"] if Path("/etc/os-release").exists() else platform.system()
    return (
        f"Machine: {os.cpu_count()} × {model}, {memory_kb / 2**20:.0f} GB, {system}; "
        f"Python {platform.python_version()}, Qt {qVersion()}."
    )


def describe_run() -> str:
    """Return the date and the commit, which has a `+` if files differ from it."""
    commit = _git("rev-parse", "--short", "HEAD")
    has_changes = _git("status", "--porcelain", "--untracked-files=no", "--", "guarddog_gui")
    return f"{datetime.now(UTC):%Y-%m-%d}, {commit}{'+' if has_changes else ''}"


def _git(*arguments: str) -> str:
    try:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        return ""


def _lines(path: str) -> list[str]:
    return Path(path).read_text("utf-8", "replace").splitlines() if Path(path).exists() else []


def to_cells(bench_name: str, result: Result, run: str) -> Cells:
    row, ours, other = result.row, statistics.median(result.ours), statistics.median(result.other)
    in_bounds = "" if row.bound is None else "yes" if row.bound.holds(ours, other) else "**no**"
    return Cells(
        row_id(bench_name, row),
        row.what,
        row.against,
        "" if row.bound is None else row.bound.text,
        f"{format_figures(result.ours)} {row.unit}",
        f"{format_figures(result.other)} {row.unit}",
        f"{ours / other:.2f}" if other else "",
        in_bounds,
        str(len(result.ours)),
        run,
    )


def row_id(bench_name: str, row: Row) -> str:
    return f"{bench_name}: {row.key}"


def format_figures(figures: tuple[float, ...]) -> str:
    return f"{_number(statistics.median(figures))} ({_number(min(figures))} … {_number(max(figures))})"


def _number(figure: float) -> str:
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"


def parse_rows(text: str) -> dict[str, Cells]:
    """Return the lines of a table that an earlier run has written."""
    lines = (line.strip("| \n").split(" | ") for line in text.splitlines() if line.startswith("| "))
    rows = (Cells(*(cell.strip() for cell in line)) for line in lines if len(line) == len(Cells.__struct_fields__))
    return {cells.row: cells for cells in rows if cells.row != "row"}


def merge_results(earlier: str, machine: str, measured: list[Cells], known: dict[str, Row]) -> str:
    """Return the new text: rows that were not measured stay if they are of the same machine and still exist."""
    rows = parse_rows(earlier) if machine in earlier else {}
    rows |= {cells.row: cells for cells in measured}
    shown = [rows[name] for name in known if name in rows]
    missing = [name for name in known if name not in rows]
    text = HEAD + machine + "\n"
    if missing:
        text += f"\nNot measured yet on this machine: {', '.join(missing)}.\n"
    text += TABLE_HEAD + "".join(f"{cells.to_markdown()}\n" for cells in shown)
    outside = [cells.row for cells in shown if cells.is_in_bounds == "**no**"]
    remarks = [f"- **{name}**: {known[name].remark or 'not explained yet'}\n" for name in outside]
    return text + (REMARKS_HEAD + "".join(remarks) if remarks else "")
