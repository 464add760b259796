import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guarddog_gui.cli.argument_types import parse_since, resolve_path_argument
from guarddog_gui.domain.errors import FileError
from tests.fakes import NOW


def test_a_path_is_made_whole_from_here_and_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert resolve_path_argument("shop/.env") == resolve_path_argument("~/shop/.env") == str(tmp_path / "shop" / ".env")


@pytest.mark.only_on("linux", "darwin")
def test_there_is_no_here_in_a_folder_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(FileError, match="no such file or folder"):
        resolve_path_argument(".env")
    os.chdir(tmp_path)


def test_nobody_has_that_home() -> None:
    with pytest.raises(FileError, match="such a home"):
        resolve_path_argument("~nobody-of-that-name/.env")


@pytest.mark.parametrize(
    ("text", "seconds"), [("45s", 45), ("30m", 1800), ("2h", 7200), ("7d", 604_800), ("1w", 604_800), ("0s", 0)]
)
def test_a_length_counts_back_from_now(text: str, seconds: int) -> None:
    assert parse_since(text, NOW) == NOW - seconds


@pytest.mark.parametrize("text", ["1790000000", "1790000000.25"])
def test_a_number_is_unix_seconds(text: str) -> None:
    assert parse_since(text, NOW) == float(text)


def test_iso_8601_with_an_offset_is_that_moment_and_without_one_it_is_local() -> None:
    assert parse_since("2026-11-03T14:40:00+08:00", NOW) == datetime(2026, 11, 3, 6, 40, tzinfo=UTC).timestamp()
    assert parse_since("2026-11-03 14:40", NOW) == datetime(2026, 11, 3, 14, 40).astimezone().timestamp()
    assert parse_since("2026-11-03", NOW) == datetime(2026, 11, 3).astimezone().timestamp()


@pytest.mark.parametrize("text", ["", "yesterday", "2 h", "-2h", "2y", "2026-13-01", "9" * 400, "9" * 400 + "d", "nan"])
def test_anything_else_is_no_moment(text: str) -> None:
    assert parse_since(text, NOW) is None
