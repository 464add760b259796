"""Sections of CHANGELOG.md, for the release's notes, AppStream and the .deb."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

CHANGELOG = Path(__file__).resolve().parent.parent / "CHANGELOG.md"

_HEADING = re.compile(r"^## \[(\d+\.\d+\.\d+[^\]]*)\] - (\d{4}-\d{2}-\d{2})$", re.MULTILINE)


class Release(NamedTuple):
    """One version with the day of its release (ISO 8601) and what a user can notice, in Markdown."""

    version: str
    date: str
    text: str


def parse_changelog(text: str) -> list[Release]:
    """Return the versions, newest first; what is not released is left out."""
    parts = _HEADING.split(text)[1:]
    return [Release(version, date, body.strip()) for version, date, body in zip(*[iter(parts)] * 3, strict=True)]


def read_changelog() -> list[Release]:
    return parse_changelog(CHANGELOG.read_text("utf-8"))


def main(arguments: list[str]) -> None:
    """Print the text of a version, given with or without the `v` of its tag."""
    version = arguments[0].removeprefix("v")
    release = next((release for release in read_changelog() if release.version == version), None)
    if release is None:
        sys.exit(f"CHANGELOG.md has no section for {version}. Write one, then try again.")
    print(release.text)


if __name__ == "__main__":
    main(sys.argv[1:])
