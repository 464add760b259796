"""Files with the last result of each export target."""

from pathlib import Path

import pytest

from guarddog_gui.adapters.exports.files import ExportStatusStore
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind, ExportStatus
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.tokens.record import TokenKind
from tests.adapters.unprivileged import permission_bits
from tests.fakes import NOW

ENV = ExportStatus(ExportTarget(ExportFormat.ENV, "/srv/小店/\udcff/.env"), NOW, ((TokenKind.ACCESS_TOKEN, 1),))
RUN = ExportStatus(
    ExportTarget(ExportFormat.COMMAND, command=("x",)), error=ExportError(ExportErrorKind.FILE, "/\udcff: full")
)


def test_each_account_has_exactly_the_statuses_that_were_saved(tmp_path: Path) -> None:
    journal = ExportStatusStore(tmp_path / "outlets")
    assert journal.load("wx1") == ()

    journal.save("wx1", (ENV, RUN))
    journal.save("wx2", (RUN,))
    assert (journal.load("wx1"), journal.load("wx2")) == ((ENV, RUN), (RUN,))

    journal.save("wx1", ())
    journal.save("wx3", ())
    assert journal.load("wx1") == ()
    assert [path.name for path in (tmp_path / "outlets").iterdir()] == ["wx2.json"]


@pytest.mark.only_on("linux", "darwin")
def test_file_and_folder_are_private(tmp_path: Path) -> None:
    ExportStatusStore(tmp_path / "outlets").save("wx1", (ENV,))

    assert (permission_bits(tmp_path / "outlets"), permission_bits(tmp_path / "outlets" / "wx1.json")) == (0o700, 0o600)


def test_write_errors_and_damaged_files_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ExportStatusStore(tmp_path / "file").save("wx1", (ENV,))
    ExportStatusStore(tmp_path / "file").save("wx1", ())

    (tmp_path / "wx1.json").write_bytes(b"\xff")
    assert ExportStatusStore(tmp_path).load("wx1") == ()


def test_only_files_of_removed_accounts_are_deleted(tmp_path: Path) -> None:
    journal = ExportStatusStore(tmp_path)
    journal.save("wx1", (ENV,))
    journal.save("wx2", (ENV,))
    (tmp_path / "notes.txt").write_text("")

    journal.delete_all_except({"wx2"})

    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "wx2.json"]
    ExportStatusStore(tmp_path / "missing").delete_all_except(set())
