"""Results of the hard tests: one JSON file per test in a folder that git ignores."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TypedDict

from tests.hard.promises import PROMISES

ROOT = Path(__file__).parents[2]
RESULTS_FOLDER = ROOT / "build" / "hard"
DETAILS_MAX = 20


class Result(TypedDict):
    """One row of the table."""

    promise: str
    what: str
    tries: int
    failures: int
    note: str
    tests: list[str]  # node ids without parameters
    details: list[str]  # of the first failures; they stay in the JSON file


class Report(TypedDict):
    """File of one test."""

    test: str
    failed: bool
    results: list[Result]


class PromiseRecorder:
    """Fixture with which a test reports its figures."""

    def __init__(self, test: str, scale: float, folder: Path = RESULTS_FOLDER) -> None:
        self._test = test
        self._scale = scale
        self._folder = folder
        self._results: list[Result] = []

    def scaled(self, full: int, *, least: int = 1) -> int:
        """Return the number of tries: the full figure times GUARDDOG_HARD_SCALE."""
        return max(least, round(full * self._scale))

    def record(
        self,
        promise: str,
        what: str,
        *,
        tries: int,
        failures: int | list[str],
        note: str = "",
        tests: tuple[str, ...] = (),
    ) -> None:
        """Write a row of the table. Call it before the assertion; a second call for the same row replaces the first.

        `failures` is their number, or their texts: the JSON file of the test keeps the first of these.
        """
        if promise not in PROMISES:
            raise ValueError(f"{promise!r} is not in tests/hard/promises.py")
        names = [strip_parameters(test) for test in tests] or [strip_parameters(self._test)]
        details = failures[:DETAILS_MAX] if isinstance(failures, list) else []
        count = len(failures) if isinstance(failures, list) else failures
        result = Result(
            promise=promise, what=what, tries=tries, failures=count, note=note, tests=names, details=details
        )
        others = [old for old in self._results if (old["promise"], old["what"]) != (promise, what)]
        self._results = [*others, result]
        self._save()

    def test_failed(self) -> None:
        """Count the failure of the test itself, so that no row can look better than its test."""
        for result in self._results:
            result["failures"] = max(result["failures"], 1)
        self._save(failed=True)

    def _save(self, *, failed: bool = False) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        content = Report(test=self._test, failed=failed, results=self._results)
        name = re.sub(r"[^\w.]+", "-", self._test.removeprefix("tests/hard/")).strip("-")
        (self._folder / f"{name}.json").write_text(json.dumps(content, indent=1), "utf-8")


def strip_parameters(test: str) -> str:
    return test.partition("[")[0]
