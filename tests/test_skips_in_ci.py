"""The rule of conftest.py: where CI is set, a test that was not run is a failure."""

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
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.stdout


def test_in_ci_only_what_is_impossible_here_may_be_skipped(tmp_path: Path) -> None:
    said = outcome(tmp_path, SUITE, ci="true")
    assert "1 failed, 1 passed, 1 skipped, 1 xfailed, 1 error" in said
    assert "In CI nothing may be skipped. Skipped: frobnicate is not installed" in said


@pytest.mark.parametrize("ci", [None, "", "false"])
def test_elsewhere_a_skip_is_a_skip(tmp_path: Path, ci: str | None) -> None:
    assert "1 passed, 3 skipped, 1 xfailed" in outcome(tmp_path, SUITE, ci=ci)


def test_in_ci_a_whole_module_may_not_be_skipped_either(tmp_path: Path) -> None:
    module = "import pytest\npytest.importorskip('frobnicate')\n"
    assert "In CI nothing may be skipped" in outcome(tmp_path, module, ci="true")
