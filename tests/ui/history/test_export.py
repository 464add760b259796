"""Export of the history: no row is lost or repeated, and a spreadsheet runs none of the texts."""

import codecs
import csv
import io
import json
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, HistoryFilter, HistoryRow, Trigger
from guarddog_gui.runtime.jobs import HistoryPageQuery, JobCrashed, JobHandle
from guarddog_gui.ui.history.export import PAGE_SIZE, HistoryExporter, format_csv_line
from tests.fakes import NOW
from tests.runtime.harness import SHOP, TOKEN, FakePagedHistoryStore

GOOD = HistoryEntry(NOW, SHOP.appid, TOKEN, Trigger.TIMER, AttemptResult.NEW, calls=1, endpoint="stable_token")
ODD = replace(
    GOOD, result=AttemptResult.REFUSED, errcode=40164, ip="203.0.113.9", rid=None, expires_at=NOW + 7200.5,
    errmsg='=HYPERLINK("http://x","y"), "quoted"\nnext line; 中文 \U0001f600',
)  # fmt: skip
ALL = HistoryFilter()
NAMES = list(HistoryEntry.__struct_fields__)


class GrowingHistoryStore(FakePagedHistoryStore):
    """History that grows by seven entries whenever a page is read."""

    def read_page(self, history_filter: HistoryFilter, before_id: int | None, limit: int) -> tuple[HistoryRow, ...]:
        page = super().read_page(history_filter, before_id, limit)
        for _ in range(7):
            self.append(replace(GOOD, at=NOW + 10_000 + len(self.entries)))
        return page


def filled(history: FakePagedHistoryStore, rows: int) -> FakePagedHistoryStore:
    for number in range(rows):
        history.append(replace(GOOD, at=NOW + number, took_ms=number))
    return history


class PagedHistoryReader(Protocol):
    """History that can be read in pages."""

    def read_page(self, history_filter: HistoryFilter, before_id: int | None, limit: int) -> tuple[HistoryRow, ...]: ...


def exporting(history: PagedHistoryReader, path: Path, wanted: HistoryFilter = ALL) -> HistoryExporter:
    """Return an export that gets its pages in the next pass of the event loop, as from a worker."""
    handles = []  # a handle that is in no pool has to be kept until it is finished

    def load_page(query: HistoryPageQuery) -> JobHandle[tuple[HistoryRow, ...]]:
        handle = JobHandle(query)
        handles.append(handle)
        rows = history.read_page(query.history_filter, query.before_id, query.limit)
        QTimer.singleShot(0, handle, partial(handle.finished.emit, rows, query))
        return handle

    return HistoryExporter(load_page, wanted, path)


def exported(qtbot: QtBot, history: PagedHistoryReader, path: Path, wanted: HistoryFilter = ALL) -> tuple[int, str]:
    """Return the number of rows and the error."""
    export = exporting(history, path, wanted)
    with qtbot.waitSignal(export.finished, timeout=20_000) as finished:
        export.start()
    rows, trouble = finished.args or (-1, "no answer")
    return rows, trouble


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_json(path: Path) -> list[dict[str, object]]:
    lines: list[dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))
    return lines


def test_a_csv_file_contains_every_field_unchanged(qtbot: QtBot, tmp_path: Path) -> None:
    history = FakePagedHistoryStore()
    history.append(GOOD)
    history.append(ODD)
    assert exported(qtbot, history, tmp_path / "x.csv") == (2, "")
    odd, good = read_csv(tmp_path / "x.csv")
    assert list(good) == NAMES
    assert good["result"] == "new"
    assert float(good["at"]) == NOW
    assert (good["errcode"], good["expires_at"]) == ("", "")
    assert (odd["errcode"], odd["ip"], float(odd["expires_at"])) == ("40164", "203.0.113.9", NOW + 7200.5)
    assert odd["errmsg"] == f"'{ODD.errmsg}"
    assert (tmp_path / "x.csv").read_bytes().startswith(codecs.BOM_UTF8)  # or Excel guesses wrong


def test_a_json_file_contains_every_entry_unchanged(qtbot: QtBot, tmp_path: Path) -> None:
    history = FakePagedHistoryStore()
    history.append(GOOD)
    history.append(ODD)
    assert exported(qtbot, history, tmp_path / "x.JSON") == (2, "")
    assert read_json(tmp_path / "x.JSON") == [asdict(ODD), asdict(GOOD)]


def test_an_empty_history_is_exported_as_a_file_without_rows(qtbot: QtBot, tmp_path: Path) -> None:
    assert exported(qtbot, FakePagedHistoryStore(), tmp_path / "x.csv") == (0, "")
    assert exported(qtbot, FakePagedHistoryStore(), tmp_path / "x.json") == (0, "")
    assert read_csv(tmp_path / "x.csv") == []
    assert read_json(tmp_path / "x.json") == []
    assert (tmp_path / "x.csv").read_text("utf-8").count(",") == len(NAMES) - 1


def test_only_what_is_shown_is_exported(qtbot: QtBot, tmp_path: Path) -> None:
    history = FakePagedHistoryStore()
    for entry in (GOOD, ODD, replace(ODD, appid="wx2"), GOOD):
        history.append(entry)
    wanted = HistoryFilter(appid=SHOP.appid, only_failures=True)
    assert exported(qtbot, history, tmp_path / "x.json", wanted) == (1, "")
    assert read_json(tmp_path / "x.json") == [asdict(ODD)]


@pytest.mark.parametrize("name", ["x.csv", "x.json"])
@pytest.mark.parametrize("rows", [PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 5000])
def test_no_row_is_lost_or_repeated(qtbot: QtBot, tmp_path: Path, name: str, rows: int) -> None:
    assert exported(qtbot, filled(FakePagedHistoryStore(), rows), tmp_path / name) == (rows, "")
    lines: list[dict[str, str]] | list[dict[str, object]]
    lines = read_csv(tmp_path / name) if name.endswith("csv") else read_json(tmp_path / name)
    assert [int(str(line["took_ms"])) for line in lines] == list(reversed(range(rows)))


def test_entries_added_during_the_export_do_not_shift_the_pages(qtbot: QtBot, tmp_path: Path) -> None:
    history = filled(GrowingHistoryStore(), 5000)
    assert exported(qtbot, history, tmp_path / "x.json") == (5000, "")
    assert [line["took_ms"] for line in read_json(tmp_path / "x.json")] == list(reversed(range(5000)))


def test_the_sqlite_history_is_exported_completely_while_it_grows(qtbot: QtBot, tmp_path: Path) -> None:
    history = SqliteHistoryStore(tmp_path / "history.sqlite3", lambda: NOW)
    rows = PAGE_SIZE + 50
    for number in range(rows):
        history.append(replace(GOOD, at=NOW + number // 3, took_ms=number))  # some at the same moment
    export = exporting(history, tmp_path / "x.json")
    with qtbot.waitSignal(export.finished, timeout=20_000) as finished:
        export.start()
        history.append(replace(GOOD, at=NOW + 1, took_ms=-1))  # a clock that was set back
    history.close()
    assert (finished.args or [])[1] == ""
    lines = [line["took_ms"] for line in read_json(tmp_path / "x.json")]
    assert [number for number in lines if number != -1] == list(reversed(range(rows)))


def test_the_main_thread_is_free_between_pages(tmp_path: Path) -> None:
    history = filled(FakePagedHistoryStore(), 2 * PAGE_SIZE + 1)
    loading: list[tuple[HistoryPageQuery, JobHandle[tuple[HistoryRow, ...]]]] = []

    def load_page(query: HistoryPageQuery) -> JobHandle[tuple[HistoryRow, ...]]:
        loading.append((query, JobHandle(query)))
        return loading[-1][1]

    export = HistoryExporter(load_page, ALL, tmp_path / "x.csv")
    export.start()
    written = []
    while loading:
        query, handle = loading.pop()
        written.append(export.row_count)
        handle.finished.emit(history.read_page(query.history_filter, query.before_id, query.limit), query)
    assert written == [0, PAGE_SIZE, 2 * PAGE_SIZE]


def test_pages_requested_by_others_are_not_exported(tmp_path: Path) -> None:
    query = HistoryPageQuery(ALL, None, PAGE_SIZE)
    handle, other_handle = JobHandle(query), JobHandle(query)
    export = HistoryExporter(lambda _query: handle, ALL, tmp_path / "x.csv")
    export.start()
    other_handle.finished.emit((HistoryRow(1, GOOD),), query)
    assert export.row_count == 0
    handle.finished.emit((), query)  # closes the file


def test_a_history_that_cannot_be_read_ends_the_export_with_an_error(qtbot: QtBot, tmp_path: Path) -> None:
    handle = JobHandle(HistoryPageQuery(ALL, None, PAGE_SIZE))
    export = HistoryExporter(lambda _query: handle, ALL, tmp_path / "x.csv")
    QTimer.singleShot(0, handle, partial(handle.failed.emit, JobCrashed("OperationalError"), handle.job))
    with qtbot.waitSignal(export.finished) as finished:
        export.start()
    assert finished.args == [0, "the history could not be read"]


# -- spreadsheets ---------------------------------------------------------------------------------


def cells_of(line: str) -> list[str]:
    (cells,) = csv.reader(io.StringIO(line, newline=""), strict=True)  # one line, whatever is in it
    return cells


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1+1", '=cmd|"/c calc"!A1', "＝1+1", "＋1", "－1", "＠x"]
)
def test_a_text_that_looks_like_a_formula_is_escaped(text: str) -> None:
    assert cells_of(format_csv_line([text, "x"])) == [f"'{text}", "x"]


@pytest.mark.parametrize("text", ["a\r=1+1", "a\n=1+1", "a\r\n=1+1", 'a","=1+1', "a;=1+1"])
def test_no_text_starts_a_new_line_or_cell(text: str) -> None:
    assert cells_of(format_csv_line([text, "x"])) == [text, "x"]


@pytest.mark.parametrize("value", [-5, -1.5, 0, "", None, "40164", "a=b", "invalid ip"])
def test_numbers_and_plain_texts_are_not_escaped(value: object) -> None:
    assert cells_of(format_csv_line([value, "x"])) == ["" if value is None else str(value), "x"]


@given(st.lists(st.text(), min_size=2))
def test_no_text_is_lost_or_starts_like_a_formula(texts: list[str]) -> None:
    cells = cells_of(format_csv_line(list(texts)))
    assert [cell.removeprefix("'") for cell in cells] == [text.removeprefix("'") for text in texts]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in cells)


# -- errors ---------------------------------------------------------------------------------------


def test_a_path_that_cannot_be_written_is_reported_with_the_reason(qtbot: QtBot, tmp_path: Path) -> None:
    history = filled(FakePagedHistoryStore(), 3)
    assert exported(qtbot, history, tmp_path / "nowhere" / "x.csv") == (0, "No such file or directory")
    (tmp_path / "folder.csv").mkdir()
    assert exported(qtbot, history, tmp_path / "folder.csv") == (0, "Is a directory")


@pytest.mark.only_on("linux")
@pytest.mark.parametrize("rows", [3, 5000])
def test_a_full_disk_is_reported(qtbot: QtBot, rows: int) -> None:
    _, trouble = exported(qtbot, filled(FakePagedHistoryStore(), rows), Path("/dev/full"))
    assert trouble == "No space left on device"


def test_a_lone_surrogate_does_not_stop_the_export(qtbot: QtBot, tmp_path: Path) -> None:
    history = FakePagedHistoryStore()
    history.append(replace(GOOD, errmsg="half \ud800 letter"))
    for name in ("x.csv", "x.json"):
        assert exported(qtbot, history, tmp_path / name) == (1, "")
    assert "letter" in read_csv(tmp_path / "x.csv")[0]["errmsg"]
