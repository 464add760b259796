"""Removal of secrets, tokens and personal data from texts: lightly for the log, strictly for crash reports."""

import re

from guarddog_gui.domain.tokens.record import fingerprint

_SENSITIVE_NAME = r"(?:secret|token|ticket)"  # also at the end of longer names such as access_token
_QUERY_SECRET = re.compile(rf"(?i)({_SENSITIVE_NAME}(?:=|%3D))[^\s&\"'<>,;)\]}}]+")
_JSON_SECRET = re.compile(rf"(?i)({_SENSITIVE_NAME}\\?[\"']\s*:\s*)(\\?[\"'])(?:(?!\2).)*")
_URL_LOGIN = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,12}://)[^\s/@\"'<>]{1,600}@")  # of a proxy
_APPSECRET = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{32}(?![0-9A-Za-z])")
# the base64 form of an AppSecret, for example: long, with small and capital letters and digits
_MIXED_VALUE = re.compile(
    r"(?<![0-9A-Za-z_+-])(?=[0-9A-Z_+-]*[a-z])(?=[0-9a-z_+-]*[A-Z])(?=[A-Za-z_+-]*[0-9])[0-9A-Za-z_+-]{40,59}(?![0-9A-Za-z_+-])"
)
_CLIENT_KEY = re.compile(r"gdk_[0-9A-Za-z_-]{8,}")  # of `serve`, or a part of one
_LONG_VALUE = re.compile(r"[0-9A-Za-z_-]{60,}")  # access tokens have 100 characters and more, tickets 86

_APPID = re.compile(r"(?<![0-9A-Za-z])w[xw][0-9A-Fa-f]{12}([0-9A-Fa-f]{4})(?![0-9A-Za-z])")
_IP_ADDRESS = re.compile(r"(?<![\d.])(?!127\.)\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_HEX_DUMP = re.compile(r"(?<![0-9A-Za-z])(?:(?:0x|\\x)?[0-9a-fA-F]{2}[ ,:]{0,2}){12,}(?![0-9A-Za-z])")
_RUN = r"[0-9A-Za-z_+/=%~.-]+"
# bounded, or a text of a million line breaks would take minutes
_LINE_BREAK = r"[ \t]{0,80}+(?:(?:\r?\n|\\{1,8}+[nrt])[ \t]{0,80}+){1,4}+"
# Line breaks are part of it, also those that repr() has escaped: a value that was wrapped is still one value.
_RUNS = re.compile(rf"{_RUN}(?:{_LINE_BREAK}{_RUN})*")
_SEPARATORS = re.compile(r"[_+/=~.-]+")
_WORD = re.compile(r"[A-Z]*[a-z]*(?:[A-Z][a-z]+)*[A-Z]{0,4}|[0-9]{1,13}|v?[A-Za-z]{1,10}[0-9]{1,3}")
_WORD_LENGTH_MAX = 30
_LONGEST_NAME = 160  # of a file, with its folders
_SHORT_RUN = 8  # characters; a shorter one alone is no token
_UPPER_CASE_SHARE = 3  # of a word in mixed case, at most every third letter is a capital


def redact(text: str) -> str:
    """Replace AppSecrets, tokens and tickets: in URLs, in JSON, and alone in the text."""
    text = _CLIENT_KEY.sub("gdk_…", _redact_named_values(text))
    text = _APPSECRET.sub("…", text)
    text = _MIXED_VALUE.sub("…", text)
    return _LONG_VALUE.sub(lambda match: fingerprint(match[0]), text)


def redact_strictly(text: str, home: str = "", user: str = "") -> str:
    """Return a text that its reader may publish, whatever foreign code has put into it.

    Only what looks like words, short numbers and names of files stays. Anything else becomes an ellipsis:
    it may be a secret or a token, in base64, in hexadecimal, percent-encoded or wrapped over several lines.
    `home` becomes `~`, the name of the `user` `<user>`; an AppID keeps its last four characters.
    """
    text = _CLIENT_KEY.sub("gdk_…", _redact_named_values(text))
    if len(home) > 1:
        text = text.replace(home, "~")
    if user:
        text = re.sub(rf"(?<![0-9A-Za-z_]){re.escape(user)}(?![0-9A-Za-z_])", "<user>", text)
    text = _APPID.sub(r"wx…\1", text)
    text = _IP_ADDRESS.sub("…", text)
    text = _HEX_DUMP.sub("…", text)
    return _RUNS.sub(lambda match: _keep_words(match[0]), text)


def redact_beginning(text: str, length_max: int, home: str = "", user: str = "") -> str:
    """Return the redacted beginning of a text of any length.

    A value that the cut has made too short to be recognised is left out, too.
    """
    if len(text) <= length_max:
        return redact_strictly(text, home, user)
    beginning = text[:length_max]
    for run in _RUNS.finditer(beginning):
        if run.end() == len(beginning):
            beginning = beginning[: run.start()]
    return redact_strictly(beginning, home, user).rstrip() + " …"


def _redact_named_values(text: str) -> str:
    """Replace what follows a name such as `secret=`, and the login in a URL, whatever it looks like."""
    text = _URL_LOGIN.sub(r"\1…@", text)
    return _QUERY_SECRET.sub(r"\1…", _JSON_SECRET.sub(r"\1\2…", text))


def _keep_words(chain: str) -> str:
    """Return the runs of a chain, which line breaks separate, or an ellipsis if one may be part of a value."""
    runs = re.split(_LINE_BREAK, chain)
    if all(len(run) < _SHORT_RUN or _looks_like_words(run) for run in runs) and (
        len(runs) < 3 or _looks_like_words("".join(runs))
    ):
        return chain
    return "…"


def _looks_like_words(run: str) -> bool:
    if len(run) > _LONGEST_NAME or "%" in run or "+" in run or run.endswith("=="):
        return False
    return all(map(_is_word, filter(None, _SEPARATORS.split(run))))


def _is_word(piece: str) -> bool:
    if len(piece) > _WORD_LENGTH_MAX or not _WORD.fullmatch(piece):
        return False
    capitals = sum(letter.isupper() for letter in piece)
    is_mixed = piece != piece.upper() and len(piece) > _SHORT_RUN
    return not is_mixed or capitals * _UPPER_CASE_SHARE <= len(piece) + 2 * _UPPER_CASE_SHARE
