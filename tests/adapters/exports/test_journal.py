"""What came of the outlets, on disk."""

from pathlib import Path

import pytest

from guarddog_gui.adapters.exports.journal import OutletReportFiles
from guarddog_gui.domain.exports.reports import OutletFault, OutletReport, OutletTrouble
from guarddog_gui.domain.exports.targets import Outlet, OutletForm
from guarddog_gui.domain.tokens.record import TokenKind
from tests.adapters.unprivileged import mode
from tests.fakes import NOW

ENV = OutletReport(Outlet(OutletForm.ENV, "/srv/小店/\udcff/.env"), NOW, ((TokenKind.ACCESS_TOKEN, 1),))
RUN = OutletReport(
    Outlet(OutletForm.COMMAND, command=("x",)), trouble=OutletTrouble(OutletFault.FILE, "/\udcff: full")
)


def test_accounts_do_not_mix_and_what_is_kept_is_all_there_is(tmp_path: Path) -> None:
    journal = OutletReportFiles(tmp_path / "outlets")
    assert journal.reports("wx1") == ()

    journal.keep("wx1", (ENV, RUN))
    journal.keep("wx2", (RUN,))
    assert (journal.reports("wx1"), journal.reports("wx2")) == ((ENV, RUN), (RUN,))

    journal.keep("wx1", ())
    journal.keep("wx3", ())
    assert journal.reports("wx1") == ()
    assert [path.name for path in (tmp_path / "outlets").iterdir()] == ["wx2.json"]


@pytest.mark.only_on("linux", "darwin")
def test_it_is_private(tmp_path: Path) -> None:
    OutletReportFiles(tmp_path / "outlets").keep("wx1", (ENV,))

    assert (mode(tmp_path / "outlets"), mode(tmp_path / "outlets" / "wx1.json")) == (0o700, 0o600)


def test_a_disk_that_takes_nothing_and_a_damaged_file_are_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    OutletReportFiles(tmp_path / "file").keep("wx1", (ENV,))
    OutletReportFiles(tmp_path / "file").keep("wx1", ())

    (tmp_path / "wx1.json").write_bytes(b"\xff")
    assert OutletReportFiles(tmp_path).reports("wx1") == ()


def test_accounts_that_are_gone_are_forgotten_and_nothing_else_is_removed(tmp_path: Path) -> None:
    journal = OutletReportFiles(tmp_path)
    journal.keep("wx1", (ENV,))
    journal.keep("wx2", (ENV,))
    (tmp_path / "notes.txt").write_text("")

    journal.keep_only({"wx2"})

    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "wx2.json"]
    OutletReportFiles(tmp_path / "missing").keep_only(set())
