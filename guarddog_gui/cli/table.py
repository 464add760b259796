"""Aligned columns in a terminal, where a Chinese character takes two places."""

from unicodedata import category, east_asian_width

COLUMN_GAP = "  "


def display_width(text: str) -> int:
    """How many places of a terminal the text takes."""
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1


def pad(text: str, width: int) -> str:
    """The text with spaces behind it up to this many places."""
    return text + " " * max(0, width - display_width(text))


def column_widths(rows: list[tuple[str, ...]]) -> list[int]:
    """The places that each column needs."""
    return [max(display_width(cell) for cell in column) for column in zip(*rows, strict=True)]


def align_rows(rows: list[tuple[str, ...]]) -> list[str]:
    """One line per row; every row has the same number of cells."""
    widths = column_widths(rows)
    return [COLUMN_GAP.join(map(pad, row, widths)).rstrip() for row in rows]


def truncate(text: str, width: int) -> str:
    """The text, cut with … where it takes more places than there are."""
    if display_width(text) <= width:
        return text
    taken, kept = 1, ""
    for character in text:
        taken += _character_width(character)
        if taken > width:
            break
        kept += character
    return kept + "…" if width > 0 else ""


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most this many places, broken at spaces or after Chinese characters."""
    lines, line = [], ""
    for word in _split_breakable(text):
        if line and display_width(line) + display_width(word.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()] if line.strip() else lines


def _split_breakable(text: str) -> list[str]:
    """The pieces that must stay together, each with the spaces behind it."""
    words, word = [], ""
    for character in text:
        starts = _character_width(character) == 2 and category(character).startswith("L")
        if word and (word[-1] == " " != character or starts):
            words.append(word)
            word = ""
        word += character
    return [*words, word] if word else words
