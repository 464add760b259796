"""In CI a skipped test is a failure: the rule of conftest.py."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = """
import pytest

def test_lacks_a_tool():
    pytest.skip("frobnicate is not installed")

@pytest.mark.skipif(True, reason="switched off")
def test_is_switched_off(): ...

@pytest.mark.only_on("another platform")
def test_is_impossible_here(): ...

@pytest.mark.xfail
def test_is_known_to_fail():
    raise AssertionError

def test_is_well(): ...
"""


def outcome(tmp_path: Path, suite: str, *, ci: str | None) -> str:
    shutil.copy(Path(__file__).parent / "conftest.py", tmp_path)
    (tmp_path / "test_suite.py").write_text(suite)
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    if ci is not None:
        environment["CI"] = ci
    command = [sys.executable, "-m", "pytest", "-p", "no:pytest-qt", "-p", "no:cacheprovider", "-ra", str(tmp_path)]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return result.stdout


def test_in_ci_only_tests_of_other_platforms_may_be_skipped(tmp_path: Path) -> None:
    output = outcome(tmp_path, SUITE, ci="true")
    assert "1 failed, 1 passed, 1 skipped, 1 xfailed, 1 error" in output
    assert "In CI nothing may be skipped. Skipped: frobnicate is not installed" in output


@pytest.mark.parametrize("ci", [None, "", "false"])
def test_outside_ci_tests_may_be_skipped(tmp_path: Path, ci: str | None) -> None:
    assert "1 passed, 3 skipped, 1 xfailed" in outcome(tmp_path, SUITE, ci=ci)


def test_in_ci_a_whole_module_may_not_be_skipped_either(tmp_path: Path) -> None:
    module = "import pytest\npytest.importorskip('frobnicate')\n"
    assert "In CI nothing may be skipped" in outcome(tmp_path, module, ci="true")
