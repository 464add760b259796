"""Columns and colours of a terminal, in which a Chinese character is two cells wide.

Not made with `rich`: importing it takes 40 ms, more than half of a whole `status`, and the live table of
`watch` alone does not justify a second way to draw tables.
"""

from collections.abc import Mapping
from typing import TextIO
from unicodedata import category, east_asian_width

COLUMN_GAP = "  "
GREEN, YELLOW, BLUE, RED, MAGENTA, GREY = 32, 33, 34, 31, 35, 90  # ANSI colour codes


def display_width(text: str) -> int:
    """Return how many cells of a terminal the text takes."""
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1


def pad(text: str, width: int) -> str:
    """Append spaces up to a width in cells."""
    return text + " " * max(0, width - display_width(text))


def column_widths(rows: list[tuple[str, ...]]) -> list[int]:
    return [max(display_width(cell) for cell in column) for column in zip(*rows, strict=True)]


def table_width(rows: list[tuple[str, ...]]) -> int:
    """Return how many cells of a terminal a table takes."""
    widths = column_widths(rows)
    return sum(widths) + len(COLUMN_GAP) * (len(widths) - 1)


def align_rows(rows: list[tuple[str, ...]]) -> list[str]:
    """Return one line per row; all rows have the same number of columns."""
    widths = column_widths(rows)
    return [COLUMN_GAP.join(map(pad, row, widths)).rstrip() for row in rows]


def truncate(text: str, width: int) -> str:
    """Return the text, cut and ended with … if it is wider than this many cells."""
    if display_width(text) <= width:
        return text
    used, start = 1, ""  # one cell for the …
    for character in text:
        used += _character_width(character)
        if used > width:
            break
        start += character
    return start + "…" if width > 0 else ""


def shorten(text: str, width: int) -> str:
    """Return the text with a … in the middle if it is wider than this many cells: names often differ in their end."""
    if display_width(text) <= width:
        return text
    end, room = "", (width - 1) // 2
    for character in reversed(text):
        room -= _character_width(character)
        if room < 0:
            break
        end = character + end
    start = truncate(text, width - display_width(end))
    return start + end if start else ""


def wrap(text: str, width: int) -> list[str]:
    """Break the text at spaces or before Chinese characters, in lines of at most this many cells."""
    lines, line = [], ""
    for word in _split_breakable(text):
        if line and display_width(line) + display_width(word.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()] if line.strip() else lines


def _split_breakable(text: str) -> list[str]:
    """Split into pieces that must not be broken, each with the spaces that follow it."""
    words, word = [], ""
    for character in text:
        starts = _character_width(character) == 2 and category(character).startswith("L")
        if word and (word[-1] == " " != character or starts):
            words.append(word)
            word = ""
        word += character
    return [*words, word] if word else words


def should_use_colours(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Return whether the stream is a colour terminal and NO_COLOR is not set (https://no-color.org)."""
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def colourize(text: str, colour: int) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m"
