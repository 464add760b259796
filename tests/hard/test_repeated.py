"""Ordinary tests that keep a promise, executed several times."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.hard.promises import REPEATED, RepeatedTests
from tests.hard.results import ROOT, PromiseRecorder

SECONDS = 1800  # one execution of all tests of a row


@pytest.mark.parametrize("repeated", REPEATED, ids=lambda repeated: repeated.promise)
def test_ordinary_tests_pass_each_time(repeated: RepeatedTests, promise: PromiseRecorder, tmp_path: Path) -> None:
    executed: list[str] = []
    failed: list[str] = []
    for number in range(promise.scaled(repeated.times)):
        for name, has_passed in run_tests(repeated.tests, tmp_path / f"{number}.xml"):
            executed.append(name)
            if not has_passed:
                failed.append(f"{number}: {name}")
        note = f"{len(set(executed))} tests, {number + 1} times each"
        promise.record(
            repeated.promise, repeated.what, tries=len(executed), failures=failed, note=note, tests=repeated.tests
        )
    assert failed == []


def run_tests(tests: tuple[str, ...], report: Path) -> list[tuple[str, bool]]:
    """Execute the tests in another process; return the name of each and True if it passed."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *tests]
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    environment["CI"] = "1"  # a skipped test counts as a failed one
    try:
        subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=SECONDS, check=False)
        cases = list(ET.parse(report).iter("testcase"))  # noqa: S314  # our own file
    except (subprocess.TimeoutExpired, OSError, ET.ParseError) as error:
        return [(repr(error), False)]
    return [
        (f"{case.get('classname')}::{case.get('name')}", case.find("failure") is None and case.find("error") is None)
        for case in cases
    ]
