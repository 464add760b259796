"""Write the table of tests/README.md from the results of a hard run.

`python -m tests.hard.table` keeps the rows of tests that did not run, with the date of their own run.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from guarddog_gui import __version__
from tests.hard.promises import PROMISES
from tests.hard.results import RESULTS_FOLDER, ROOT, Report, Result, strip_parameters

README = ROOT / "tests" / "README.md"
BEGIN, END = "<!-- hard run: begin -->", "<!-- hard run: end -->"
HEAD = "| promise | what was tried | tries | failures | run | test |\n|---|---|---:|---:|---|---|"
DID_NOT_FINISH = "did not finish"


class Row(NamedTuple):
    """One line of the table."""

    promise: str
    what: str
    tries: str
    failures: str
    run: str
    tests: tuple[str, ...]

    def to_markdown(self) -> str:
        tests = "<br>".join(f"`{test}`" for test in self.tests)
        return f"| {self.promise} | {self.what} | {self.tries} | {self.failures} | {self.run} | {tests} |"


def parse_rows(readme: str) -> list[Row]:
    """Return the rows of the table in the text of tests/README.md."""
    table = readme.partition(BEGIN)[2].partition(END)[0]
    rows = []
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and cells[0] in PROMISES:
            tests = tuple(test.strip("`") for test in cells[5].split("<br>") if test)
            promise, what, tries, failures, run = cells[:5]
            rows.append(Row(promise, what, tries, failures, run, tests))
    return rows


def make_row(result: Result, run: str) -> Row:
    what = f"{result['what']} ({result['note']})" if result["note"] else result["what"]
    what = " ".join(what.replace("|", "/").split())
    tries, failures = f"{result['tries']:,}", f"{result['failures']:,}"
    return Row(result["promise"], what, tries, failures, run, tuple(result["tests"]))


def update_rows(old: list[Row], reports: list[Report], run: str) -> list[Row]:
    """Return the rows of these results and the old rows that they do not replace."""
    made = [make_row(result, run) for report in reports for result in report["results"]]
    kept = [row for row in old if not any(is_replaced(row, report) for report in reports)]
    broken = {strip_parameters(report["test"]) for report in reports if report["failed"] and not report["results"]}
    marked = [row._replace(failures=DID_NOT_FINISH, run=run) if broken.intersection(row.tests) else row for row in kept]
    return sorted([*marked, *made], key=lambda row: (PROMISES.index(row.promise), row.tests, row.what))


def is_replaced(row: Row, report: Report) -> bool:
    """Return True if the report has new figures for the row; a test without parameters replaces all its rows."""
    for result in report["results"]:
        if result["promise"] == row.promise and set(result["tests"]).intersection(row.tests):
            is_same = row.what.partition(" (")[0] == result["what"].partition(" (")[0]
            if is_same or "[" not in report["test"]:
                return True
    return False


def render(rows: list[Row], run: str) -> str:
    untried = [promise for promise in PROMISES if all(row.promise != promise for row in rows)]
    notes = [f"Not tried yet: {', '.join(untried)}.\n"] if untried else []
    lines = [row.to_markdown() for row in rows]
    return "\n".join([BEGIN, f"Last run: {run}.\n", *notes, HEAD, *lines, END])


def describe_run() -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short=8", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    today = datetime.now(UTC).date().isoformat()
    return f"{today}, {__version__}" + (f" ({commit})" if commit else "")


def update_readme(readme: Path = README, folder: Path = RESULTS_FOLDER, run: str | None = None) -> int:
    """Write the table and return the number of rows with failures."""
    run = run or describe_run()
    text = readme.read_text("utf-8")
    reports = [json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json"))]
    rows = update_rows(parse_rows(text), reports, run)
    before, _, rest = text.partition(BEGIN)
    readme.write_text(before + render(rows, run) + rest.partition(END)[2], "utf-8")
    return sum(row.failures != "0" for row in rows)


if __name__ == "__main__":
    failed_rows = update_readme()
    sys.stdout.write(f"tests/README.md: the table is written; {failed_rows} rows have failures.\n")
