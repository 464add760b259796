"""Files with the state of the sharing."""

import os
import stat
from pathlib import Path

import pytest

from guarddog_gui.adapters.sharing.journal import SharingStatusFiles
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.values import SharingStatus
from tests.fakes import NOW

STATUS = SharingStatus(NOW, SharingProblem.TIMEOUT, "", NOW - 60, "laptop", NOW - 600)


def test_what_was_written_is_read_again_and_can_be_removed(tmp_path: Path) -> None:
    files = SharingStatusFiles(tmp_path / "sharing")
    assert files.load("wx1") is None
    files.save("wx1", STATUS)
    assert files.load("wx1") == STATUS
    files.save("wx1", None)
    files.save("wx1", None)
    assert files.load("wx1") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"checked_at": "x"}', '{"checked_at": 1, "problem": "of tomorrow"}'])
def test_a_file_that_is_damaged_or_newer_is_no_state(tmp_path: Path, text: str) -> None:
    (tmp_path / "wx1.json").write_text(text)
    assert SharingStatusFiles(tmp_path).load("wx1") is None


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")
def test_file_and_folder_are_private(tmp_path: Path) -> None:
    SharingStatusFiles(tmp_path / "sharing").save("wx1", STATUS)
    assert stat.S_IMODE((tmp_path / "sharing").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "sharing" / "wx1.json").stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "sharing").write_text("a file in its place")
    SharingStatusFiles(tmp_path / "sharing").save("wx1", STATUS)
