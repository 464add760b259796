"""Reader for a pasted AppID: with blanks, quotes and invisible characters around it, or below its name."""

import re

from guarddog_gui.domain.paste.layers import clean_text, fold_text

_READ_MAX = 2000  # characters
_KNOWN_FORM = re.compile(r"(?<![A-Za-z0-9_])(?:w[xw][0-9a-f]{16}|gh_[0-9a-z]{6,32})(?![A-Za-z0-9_])", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_EDGES = " \t\n\r\"'`,;:()[]<>*"


def read_appid(text: str) -> str:
    """Return the AppID in the text, or the text without its edges if none is in it.

    An original ID (gh_…) or a corp ID of WeCom (ww…) is returned too: `account_problem` names it.
    """
    plain = _tidy(text)
    found = _find_complete(plain)
    return found[0].lower() if found is not None else plain


def is_complete_appid(text: str) -> bool:
    """Return True if an AppID or another id of an account is in the text, and not only its beginning."""
    return _find_complete(_tidy(text)) is not None


def _tidy(text: str) -> str:
    return fold_text(clean_text(text[:_READ_MAX])).strip(_EDGES)


def _find_complete(plain: str) -> re.Match[str] | None:
    return _KNOWN_FORM.search(plain) or _KNOWN_FORM.fullmatch(_BLANKS.sub("", plain))
