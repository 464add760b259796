from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from changelog import CHANGELOG, Release, parse_changelog, read_changelog

from guarddog_gui import __version__

TEXT = """# Changelog

## [Unreleased]

### Added
- Not released.

## [1.1.0] - 2026-12-01

### Fixed
- A thing.

## [1.0.0] - 2026-11-01
- The first.
"""


def test_released_versions_come_newest_first_with_their_texts() -> None:
    assert parse_changelog(TEXT) == [
        Release("1.1.0", "2026-12-01", "### Fixed\n- A thing."),
        Release("1.0.0", "2026-11-01", "- The first."),
    ]


def test_the_newest_section_is_of_the_version_of_the_program() -> None:
    assert read_changelog()[0].version == __version__
    assert read_changelog()[0].text


def test_the_version_is_written_in_one_place_only() -> None:
    root = CHANGELOG.parent
    pyproject = (root / "pyproject.toml").read_text("utf-8")
    assert 'dynamic = ["version"' in pyproject
    assert f'"{__version__}"' not in pyproject


def test_the_notes_of_a_tag_are_printed_and_a_missing_section_is_an_error() -> None:
    def notes(tag: str) -> subprocess.CompletedProcess[str]:
        script = Path(__file__).parents[2] / "packaging" / "changelog.py"
        return subprocess.run([sys.executable, script, tag], capture_output=True, encoding="utf-8", check=False)

    assert "### Added" in notes(f"v{__version__}").stdout
    missing = notes("v99.0.0")
    assert missing.returncode == 1
    assert "no section for 99.0.0" in missing.stderr
