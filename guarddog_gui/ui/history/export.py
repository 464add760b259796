"""Export of the history to a CSV or JSON file, page by page so that the window stays responsive."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import asdict
from PySide6.QtCore import QObject, Signal, Slot

from guarddog_gui.domain.refresh.history import HistoryEntry, HistoryFilter, HistoryRow
from guarddog_gui.runtime.jobs import HistoryPageQuery, JobFailure, JobHandle

PAGE_SIZE = 200  # rows that block the main thread for about 10 ms
ROWS_MAX = 1_000_000
_FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class HistoryExporter(QObject):
    """Write the entries that match a filter to one file; deletes itself when finished."""

    finished = Signal(int, str)  # number of rows, error ("" for success)

    def __init__(
        self,
        load_page: Callable[[HistoryPageQuery], JobHandle[tuple[HistoryRow, ...]]],
        history_filter: HistoryFilter,
        path: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._load_page = load_page
        self._filter = history_filter
        self._path = path
        self._is_json = path.suffix.lower() == ".json"
        self.row_count = 0  # written so far
        self._file: io.TextIOWrapper | None = None

    def start(self) -> None:
        try:
            # without a byte order mark Excel reads a CSV file in the local code page
            encoding = "utf-8" if self._is_json else "utf-8-sig"
            self._file = self._path.open("w", encoding=encoding, errors="backslashreplace", newline="")
            self._file.write("[" if self._is_json else format_csv_line(list(HistoryEntry.__struct_fields__)))
        except OSError as error:
            self._finish(error.strerror or str(error))
            return
        self._request_page(None)

    def _request_page(self, before_id: int | None) -> None:
        handle = self._load_page(HistoryPageQuery(self._filter, before_id, PAGE_SIZE))
        handle.notify(self._on_page_loaded, self._on_page_failed)

    @Slot(object)
    def _on_page_failed(self, _failure: JobFailure) -> None:
        self._finish(self.tr("the history could not be read"))

    @Slot(object)
    def _on_page_loaded(self, page: tuple[HistoryRow, ...]) -> None:
        if self._file is None:
            return
        try:
            for row in page:
                self._file.write(self._format_row(row))
                self.row_count += 1
            if len(page) < PAGE_SIZE or self.row_count >= ROWS_MAX:
                if self._is_json:
                    self._file.write("\n]\n")
                self._finish("")
                return
        except OSError as error:
            self._finish(error.strerror or str(error))
            return
        self._request_page(page[-1].id)

    def _format_row(self, row: HistoryRow) -> str:
        values = asdict(row.entry)
        if not self._is_json:
            return format_csv_line(list(values.values()))
        return (",\n" if self.row_count else "\n") + json.dumps(values, ensure_ascii=False)

    def _finish(self, error: str) -> None:
        if self._file is not None:
            try:
                self._file.close()
            except OSError as close_error:
                error = error or close_error.strerror or str(close_error)
            self._file = None
        self.finished.emit(self.row_count, error)
        self.deleteLater()


def format_csv_line(values: list[object]) -> str:
    """Return one line of CSV, in which no text is a formula for a spreadsheet: it gets an apostrophe in front."""
    line = io.StringIO()
    csv.writer(line).writerow([_escape_formula(value) for value in values])
    return line.getvalue()


def _escape_formula(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_PREFIXES) else value
