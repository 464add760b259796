"""Writes what the history shows to a CSV or JSON file, page by page so that nothing stalls."""

import csv
import io
import json
from dataclasses import asdict, fields
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from guarddog_gui.domain.refresh.history import Entry, HistoryFilter, HistoryRow
from guarddog_gui.runtime.jobs import Done, Leaf, Rows

PAGE = 200  # some 10 ms of the main thread to write
ROWS_MAX = 1_000_000
COLUMNS = tuple(field.name for field in fields(Entry))
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class HistoryExport(QObject):
    """One export; `finished` says how many rows were written, or why it could not be done.

    It asks with `wanted`, as the table does, and waits for what came of it.
    """

    wanted = Signal(object)  # Leaf
    finished = Signal(int, str)  # rows, trouble ("" when all is well)

    def __init__(self, chosen: HistoryFilter, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chosen = chosen
        self._path = path
        self._is_json = path.suffix.lower() == ".json"
        self._asked: Leaf | None = None
        self._rows = 0
        self._file: io.TextIOWrapper | None = None

    def start(self) -> None:
        """Begin; the file appears under its name with the first page."""
        try:
            # Excel takes a CSV without the mark for the code page of its country
            encoding = "utf-8" if self._is_json else "utf-8-sig"
            self._file = self._path.open("w", encoding=encoding, errors="backslashreplace", newline="")
            self._file.write("[" if self._is_json else csv_line(list(COLUMNS)))
        except OSError as trouble:
            self._end(trouble.strerror or str(trouble))
            return
        self._ask(None)

    def _ask(self, before_id: int | None) -> None:
        self._asked = Leaf(self._chosen, before_id, PAGE)
        self.wanted.emit(self._asked)

    @Slot(object, object)
    def take(self, job: object, done: Done) -> None:
        """What came of a job; only the page that was asked for is ours."""
        if job is not self._asked or self._file is None:
            return
        if not isinstance(done, Rows):
            self._end(self.tr("the history could not be read"))
            return
        page = done.rows
        try:
            for row in page:
                self._file.write(self._text(row))
                self._rows += 1
            if len(page) < PAGE or self._rows >= ROWS_MAX:
                if self._is_json:
                    self._file.write("\n]\n")
                self._end("")
                return
        except OSError as trouble:
            self._end(trouble.strerror or str(trouble))
            return
        self._ask(page[-1].id)

    def _text(self, row: HistoryRow) -> str:
        if self._is_json:
            start = "\n" if not self._rows else ",\n"
            return start + json.dumps(asdict(row.entry), ensure_ascii=False)
        values = asdict(row.entry)
        return csv_line([values[column] for column in COLUMNS])

    def _end(self, trouble: str) -> None:
        if self._file is not None:
            try:
                self._file.close()
            except OSError as late:
                trouble = trouble or late.strerror or str(late)
            self._file = None
        self.finished.emit(self._rows, trouble)
        self.deleteLater()


def csv_line(values: list[object]) -> str:
    """One line for a spreadsheet; a text that it would take for a formula gets an apostrophe in front."""
    line = io.StringIO()
    csv.writer(line).writerow([_cell(value) for value in values])
    return line.getvalue()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
