"""Tables whose first row has the names: of Markdown, a spreadsheet, PowerShell, a database, and `INSERT`."""

import re
from collections.abc import Iterator

from guarddog_gui.domain.paste.names import HINT, FieldName, find_field
from guarddog_gui.domain.paste.objects import Pair
from guarddog_gui.domain.paste.values import has_typed_form

_FIELDS_MIN = 3
_ROWS_SKIPPED_MAX = 3  # rules and blank lines between the names and the values
_LINE_MAX = 4000
_RULE = re.compile(r"[\s|+:=─┼├┤┬┴┌┐└┘╋-]*")
_INSERT = re.compile(r"\(([^()]{10,1000})\)\s{0,40}values?\s{0,40}\(([^()]{10,2000})\)", re.IGNORECASE)
_SEPARATORS = (r"\s*\|\s*", r"\t", r"\s*,\s*", r"\s*;\s*", r"\s{2,}", r"\s+")
_CELL_EDGES = " \t\"'`*[]"


def find_tables(folded: str) -> Iterator[list[Pair]]:
    """Yield one list of pairs for each row of values below a row of names."""
    for insert in _INSERT.finditer(folded):
        yield from _row(_split(r"\s*,\s*", insert[1]), _split(r"\s*,\s*", insert[2]), insert.start())
    lines = folded.split("\n") if HINT.search(folded) else []
    position = 0
    for number, line in enumerate(lines):
        if len(line) <= _LINE_MAX and HINT.search(line) and "{" not in line:
            for separator in _SEPARATORS:
                names = _split(separator, line)
                if len(_fields(names)) >= _FIELDS_MIN and len(_fields(names)) * 2 >= len(names):
                    yield from _rows_below(lines, number, separator, names, position)
                    break
        position += len(line) + 1


def _rows_below(lines: list[str], number: int, separator: str, names: list[str], position: int) -> Iterator[list[Pair]]:
    skipped = 0
    for line in lines[number + 1 : number + 9]:
        if _RULE.fullmatch(line[:_LINE_MAX]):
            skipped += 1
            if skipped > _ROWS_SKIPPED_MAX:
                return
            continue
        rows = list(_row(names, _split(separator, line[:_LINE_MAX]), position))
        if not rows:
            return
        yield from rows


def _row(names: list[str], values: list[str], position: int) -> Iterator[list[Pair]]:
    if len(names) != len(values):
        return
    pairs = [
        Pair(known.field, known.rank, value, position)
        for name, value in zip(names, values, strict=True)
        if (known := find_field(name)) is not None and value
    ]
    if sum(has_typed_form(pair.field, pair.value) for pair in pairs) >= _FIELDS_MIN:
        yield pairs


def _fields(names: list[str]) -> list[FieldName]:
    return [known for name in names if (known := find_field(name)) is not None]


def _split(separator: str, line: str) -> list[str]:
    return [cell.strip(_CELL_EDGES) for cell in re.split(separator, line.strip().strip("|").strip())]
