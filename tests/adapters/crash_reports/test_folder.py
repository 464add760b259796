"""Files of crash reports: few, private, and never a reason for a second crash."""

import os
from pathlib import Path

import pytest

from guarddog_gui.adapters.crash_reports.folder import REPORTS_MAX, CrashReportFolder
from tests.adapters.unprivileged import permission_bits, set_umask

POSIX = pytest.mark.only_on("linux", "darwin")
AT = 1_790_000_000.0


def test_the_newest_reports_stay(tmp_path: Path) -> None:
    folder = CrashReportFolder(tmp_path / "crashes")
    for number in range(REPORTS_MAX + 3):
        path = folder.add(f"report {number}", AT, is_seen=True)
        assert path is not None
        os.utime(path, (AT + number, AT + number))
    texts = {path.read_text("utf-8") for path in folder.path.iterdir()}
    assert texts == {f"report {number}" for number in range(3, REPORTS_MAX + 3)}


@POSIX
@pytest.mark.parametrize("bits", [0o000, 0o777])
def test_files_are_private_whatever_the_umask(tmp_path: Path, bits: int) -> None:
    folder = CrashReportFolder(tmp_path / "logs" / "crashes")
    with set_umask(bits):
        assert folder.add("x", AT, is_seen=False) is not None
    assert {permission_bits(path) for path in folder.path.iterdir()} == {0o600}
    assert permission_bits(folder.path) == 0o700


def test_an_unseen_report_is_returned_once(tmp_path: Path) -> None:
    folder = CrashReportFolder(tmp_path)
    assert folder.take_unseen() is None
    folder.add("first", AT, is_seen=False)
    path = folder.add("second", AT, is_seen=False)
    folder.add("third", AT, is_seen=True)
    report = folder.take_unseen()
    assert report is not None
    assert (report.text, report.path, report.is_of_earlier_run) == ("second", path, True)
    assert folder.take_unseen() is None


@pytest.mark.parametrize("name", ["../secret.txt", "crash-/../../x", "/etc/passwd", "crash-gone.txt"])
def test_the_marker_leads_to_no_other_file(tmp_path: Path, name: str) -> None:
    folder = CrashReportFolder(tmp_path / "crashes")
    folder.path.mkdir()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (folder.path / ".unseen").write_text(name, encoding="utf-8")
    assert folder.take_unseen() is None


@POSIX
def test_links_are_not_followed(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs", encoding="utf-8")
    folder = CrashReportFolder(tmp_path / "crashes")
    path = folder.add("x", AT, is_seen=False)
    assert path is not None
    path.unlink()
    path.symlink_to(theirs)
    assert folder.take_unseen() is None
    assert folder.add("y", AT, is_seen=True) != path
    assert theirs.read_text("utf-8") == "theirs"


def test_without_a_folder_there_is_no_report(tmp_path: Path) -> None:
    (tmp_path / "crashes").write_text("a file", encoding="utf-8")
    folder = CrashReportFolder(tmp_path / "crashes")
    assert folder.add("x", AT, is_seen=False) is None
    assert folder.take_unseen() is None
