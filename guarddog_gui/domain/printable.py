"""Text for people: no control characters that a terminal obeys, and no marks that reverse what is shown."""

import json
from unicodedata import category


def printable(text: str, *, keep: str = "") -> str:
    r"""Return the text with \x1b, \u202e and the like spelled out, except for the characters in `keep`.

    Spaces of every kind stay, so that Chinese texts keep theirs.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep or category(c) == "Zs" else ascii(c)[1:-1] for c in text)


def shorten_middle(text: str, length_max: int) -> str:
    """Return the text with `…` in its middle if it has more characters than that; both ends stay readable."""
    if len(text) <= length_max:
        return text
    kept = length_max - 1
    return f"{text[: kept - kept // 2]}…{text[len(text) - kept // 2 :]}"


def printable_json(fields: object) -> str:
    """Return the fields as JSON; characters that are not printable are escaped, so the values are the same."""
    text = json.dumps(fields, ensure_ascii=False, indent=2)
    if text.isprintable():
        return text
    # outside of strings there are only line feeds; json.dumps itself escapes those inside
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)
