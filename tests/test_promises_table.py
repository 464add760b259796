"""The table of tests/README.md: each promise has a row, each row names tests that exist."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests import conftest
from tests.hard.promises import PROMISES, REPEATED, UNTRIED, RepeatedTests
from tests.hard.results import PromiseRecorder, Report, Result
from tests.hard.table import BEGIN, END, README, make_row, parse_rows, update_readme, update_rows

ROOT = Path(__file__).parents[1]
ROWS = parse_rows(README.read_text("utf-8"))
TORN, KEYRING = PROMISES[1], PROMISES[5]


def exists(test: str) -> bool:
    file, _, name = test.partition("::")
    path = ROOT / file
    if path.is_dir():
        return any(path.glob("test_*.py"))
    if not path.is_file():
        return False
    functions = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)]
    return not name or any(function.name == name.rpartition("::")[2] for function in functions)


def test_each_row_names_tests_that_exist() -> None:
    assert [row.what for row in ROWS if not row.tests or not all(map(exists, row.tests))] == []


def test_each_promise_has_a_row_unless_it_is_listed_as_untried() -> None:
    missing = set(PROMISES) - {row.promise for row in ROWS}
    assert missing <= set(UNTRIED)


@pytest.mark.parametrize("repeated", REPEATED, ids=lambda repeated: repeated.what)
def test_each_repeated_test_exists(repeated: RepeatedTests) -> None:
    assert [test for test in repeated.tests if not exists(test)] == []


def test_the_ordinary_run_leaves_the_hard_tests_out() -> None:
    assert ("hard" in conftest.collect_ignore) is (conftest.HARD_SCALE is None)


def test_a_missing_test_is_noticed() -> None:
    assert exists("tests/test_promises_table.py::test_a_missing_test_is_noticed")
    assert not exists("tests/test_promises_table.py::test_that_nobody_wrote")
    assert not exists("tests/hard/test_that_nobody_wrote.py")


def recorded(tmp_path: Path, test: str, *results: tuple[str, str, int, int], failed: bool = False) -> None:
    recorder = PromiseRecorder(test, 1, tmp_path)
    for promise, what, tries, failures in results:
        recorder.record(promise, what, tries=tries, failures=failures)
    if failed:
        recorder.test_failed()


def table_of(tmp_path: Path, readme: Path, run: str) -> dict[str, tuple[str, str, str]]:
    update_readme(readme, tmp_path, run)
    return {row.what: (row.tries, row.failures, row.run) for row in parse_rows(readme.read_text("utf-8"))}


@pytest.fixture
def readme(tmp_path: Path) -> Path:
    file = tmp_path / "README.md"
    file.write_text(f"before\n{BEGIN}\n{END}\nafter\n", "utf-8")
    return file


def test_figures_are_written_between_the_markers(tmp_path: Path, readme: Path) -> None:
    recorded(tmp_path, "tests/hard/test_a.py::test_a", (TORN, "kills", 2000, 0))
    assert table_of(tmp_path, readme, "monday") == {"kills": ("2,000", "0", "monday")}
    text = readme.read_text("utf-8")
    assert text.startswith(f"before\n{BEGIN}\nLast run: monday.\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "14. Many machines" in text.partition("Not tried yet: ")[2].partition("\n")[0]


def test_rows_that_did_not_run_keep_their_figures_and_date(tmp_path: Path, readme: Path) -> None:
    recorded(tmp_path, "tests/hard/test_a.py::test_a", (TORN, "kills", 2000, 0))
    recorded(tmp_path, "tests/hard/test_b.py::test_b", (KEYRING, "locked", 10, 0))
    table_of(tmp_path, readme, "monday")
    (tmp_path / "test_b.py-test_b.json").unlink()
    recorded(tmp_path, "tests/hard/test_a.py::test_a", (TORN, "kills by signal", 3000, 0))
    assert table_of(tmp_path, readme, "friday") == {
        "kills by signal": ("3,000", "0", "friday"),
        "locked": ("10", "0", "monday"),
    }


def test_one_parameter_replaces_its_own_row_only() -> None:
    old = [
        make_row(
            Result(promise=TORN, what=what, tries=9, failures=0, note="n", tests=["t.py::t"], details=[]), "monday"
        )
        for what in ("add", "remove")
    ]
    result = Result(promise=TORN, what="add", tries=10, failures=0, note="", tests=["t.py::t"], details=[])
    rows = update_rows(old, [Report(test="t.py::t[add]", failed=False, results=[result])], "friday")
    assert [(row.what, row.run) for row in rows] == [("add", "friday"), ("remove (n)", "monday")]


def test_a_failed_test_never_shows_zero_failures(tmp_path: Path, readme: Path) -> None:
    recorded(tmp_path, "tests/hard/test_a.py::test_a", (TORN, "kills", 2000, 0), failed=True)
    assert table_of(tmp_path, readme, "monday") == {"kills": ("2,000", "1", "monday")}
    recorded(tmp_path, "tests/hard/test_a.py::test_a", failed=True)
    assert table_of(tmp_path, readme, "friday") == {"kills": ("2,000", "did not finish", "friday")}


def test_the_first_failures_stay_in_the_json_file(tmp_path: Path, readme: Path) -> None:
    texts = [f"failure {number}" for number in range(30)]
    PromiseRecorder("t.py::t", 1, tmp_path).record(TORN, "kills", tries=50, failures=texts)
    assert table_of(tmp_path, readme, "monday") == {"kills": ("50", "30", "monday")}
    assert "failure 19" in (tmp_path / "t.py-t.json").read_text("utf-8")


def test_tries_are_scaled_and_never_fewer_than_one(tmp_path: Path) -> None:
    recorder = PromiseRecorder("t.py::t", 0.01, tmp_path)
    assert (recorder.scaled(2000), recorder.scaled(10), recorder.scaled(10, least=3)) == (20, 1, 3)


def test_an_unknown_promise_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"promises\.py"):
        PromiseRecorder("t.py::t", 1, tmp_path).record("99. World peace", "talks", tries=1, failures=0)
