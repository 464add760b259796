"""The public CI and the issue forms."""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TEXT = "\n".join(path.read_text("utf-8") for path in WORKFLOWS)


def test_each_action_is_pinned_to_a_commit_and_names_its_tag() -> None:
    used = re.findall(r"uses: (.+)", TEXT)
    assert used
    pinned = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [line for line in used if not pinned.fullmatch(line)] == []


def test_one_action_has_one_commit() -> None:
    commits = set(re.findall(r"uses: ([\w-]+/[\w-]+)@([0-9a-f]+)", TEXT))
    assert len(commits) == len({action for action, _ in commits})


@pytest.mark.parametrize("wanted", ["ubuntu", "windows", "macos", "3.11", "3.12", "3.13", "3.14"])
def test_ci_covers_three_systems_and_each_python(wanted: str) -> None:
    assert wanted in TEXT


def test_only_the_release_may_write() -> None:
    before_release = TEXT[: TEXT.index("  release:")]
    assert "write" not in re.findall(r"permissions:\n((?: {2,}.+\n)+)", before_release)[0]
    assert "if: startsWith(github.ref, 'refs/tags/v')" in TEXT


def test_the_scripts_that_ci_runs_exist() -> None:
    scripts = set(re.findall(r"(?:python3?|python) (packaging/\S+\.py)", TEXT))
    assert scripts >= {"packaging/dev.py", "packaging/changelog.py"}
    assert [script for script in scripts if not (ROOT / script).is_file()] == []
    assert os.access(ROOT / "packaging" / "macos" / "make_image.sh", os.X_OK)
    assert "packaging/macos/make_image.sh" in TEXT
    assert "packaging\\windows\\guarddog.iss" in TEXT


def test_each_kind_of_file_that_is_made_is_released() -> None:
    kept = set(re.findall(r"build/package/\*(\.\S+)\n", TEXT))
    assert kept == {".whl", ".tar.gz", ".tar.xz", ".zip", ".deb", ".exe", ".dmg"}


def test_a_secret_is_given_to_one_step_as_a_variable_and_never_written_into_a_command() -> None:
    for line in TEXT.splitlines():
        if "secrets." in line:
            assert re.fullmatch(r" {10}[A-Z_]+: \$\{\{ secrets\.[A-Z_]+ \}\}( #.*)?", line)
