"""Aligned columns in a terminal, where a Chinese character takes two places."""

from unicodedata import category, east_asian_width

GAP = "  "


def width_of(text: str) -> int:
    """How many places of a terminal the text takes."""
    return sum(_places(character) for character in text)


def _places(character: str) -> int:
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1


def padded(text: str, width: int) -> str:
    """The text with spaces behind it up to this many places."""
    return text + " " * max(0, width - width_of(text))


def widths_of(rows: list[tuple[str, ...]]) -> list[int]:
    """The places that each column needs."""
    return [max(width_of(cell) for cell in column) for column in zip(*rows, strict=True)]


def aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """One line per row; every row has the same number of cells."""
    widths = widths_of(rows)
    return [GAP.join(map(padded, row, widths)).rstrip() for row in rows]


def clipped(text: str, width: int) -> str:
    """The text, cut with … where it takes more places than there are."""
    if width_of(text) <= width:
        return text
    taken, kept = 1, ""
    for character in text:
        taken += _places(character)
        if taken > width:
            break
        kept += character
    return kept + "…" if width > 0 else ""


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most this many places, broken at spaces or after Chinese characters."""
    lines, line = [], ""
    for word in _words(text):
        if line and width_of(line) + width_of(word.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()] if line.strip() else lines


def _words(text: str) -> list[str]:
    """The pieces that must stay together, each with the spaces behind it."""
    words, word = [], ""
    for character in text:
        starts = _places(character) == 2 and category(character).startswith("L")
        if word and (word[-1] == " " != character or starts):
            words.append(word)
            word = ""
        word += character
    return [*words, word] if word else words
