"""Reads what a person pastes: a `wx.config` block from source or console, JSON, lines, or a single value."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from guarddog_gui.domain.problems import InputProblem

TEXT_MAX = 2**18  # characters that are read, from the first wx.config( on
_VALUES_PER_FIELD_MAX = (
    16  # values of one field that are looked at: a page's source has more than one `timestamp`
)

_NAMES_OF = {
    "appid": ("appid", "app_id"),
    "nonce": ("noncestr", "nonce_str", "nonce"),
    "timestamp": ("timestamp", "time_stamp"),
    "signature": ("signature",),
    "url": ("url",),
    "ticket": ("jsapi_ticket", "jsapiticket", "ticket"),
}
_FIELD_OF = {name: field for field, names in _NAMES_OF.items() for name in names}
_NAMES = "|".join(sorted(_FIELD_OF, key=len, reverse=True))
_NAME = rf"(?<![\w$])(?P<name>{_NAMES})(?![\w$])"

_DOUBLE = r'"(?:[^"\\\n]++|\\.)*+"'
_SINGLE = _DOUBLE.replace('"', "'")
_BACKTICK = r"`(?:[^`\\]++|\\.)*+`"
_STRING = f"{_DOUBLE}|{_SINGLE}|{_BACKTICK}"
_COMMENT = r"//[^\n]*|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?"

# outside of a string an escape is passed over: what follows it begins no string
_TOKEN = re.compile(rf"{_COMMENT}|\\.|(?P<string>{_STRING})|{_NAME}", re.IGNORECASE | re.DOTALL)
_NAME_ANYWHERE = re.compile(_NAME, re.IGNORECASE)
_SEPARATOR = re.compile(r"[\"'`]?[ \t]*(?:=>|[:=：]|\t)\s*")
_STRING_VALUE = re.compile(_STRING, re.DOTALL)
_BARE_VALUE = re.compile(r"[^\s\"'`{}\[\](),;&]+")
_BARE_URL = re.compile(r"[^\s\"'`{}]+")
_URL_TRAILER = re.compile(rf"[,;)]+$|&(?:{_NAMES})=.*", re.IGNORECASE | re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_ESCAPED_CHARACTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_ENTITIES = {"&quot;": '"', "&#34;": '"', "&#39;": "'", "&apos;": "'", "&amp;": "&"}
_ENTITY = re.compile("|".join(_ENTITIES), re.IGNORECASE)  # html.unescape would make ×tamp of &timestamp
_CONFIG_CALL = re.compile(r"wx\s{0,9}\.\s{0,9}config\s{0,9}\(")

_SIGNATURE = re.compile(r"[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}")
_TIMESTAMP = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,9})?")
_VARIABLE = re.compile(r"[A-Za-z_$<@#][\w$.<>%=?@#-]*")
_VALUE_MATCHERS: dict[str, Callable[[str], object]] = {
    "signature": _SIGNATURE.fullmatch,
    "timestamp": _TIMESTAMP.fullmatch,
    "url": re.compile(r"https?://", re.IGNORECASE).match,
}
_SINGLE_VALUE_MATCHERS: dict[str, Callable[[str], object]] = {
    "signature": re.compile(r"[0-9A-Fa-f]{40}").fullmatch,
    "timestamp": re.compile(r"[0-9]{10}(?:[0-9]{3})?").fullmatch,
    "appid": re.compile(r"wx[0-9a-f]{16}").fullmatch,
    "url": re.compile(r"https?://\S+", re.IGNORECASE).fullmatch,
}


@dataclass(frozen=True, slots=True)
class PastedConfig:
    """What a text has of a `wx.config`; what it does not have is empty. `timestamp` is as it was pasted."""

    appid: str = ""
    nonce: str = ""
    timestamp: str = ""
    signature: str = ""
    url: str = ""
    ticket: str = field(default="", repr=False)

    @property
    def timestamp_number(self) -> int | None:
        """The timestamp where it is a whole number, of seconds or milliseconds."""
        return (
            int(self.timestamp) if self.timestamp.isdigit() and _TIMESTAMP.fullmatch(self.timestamp) else None
        )

    @property
    def problem(self) -> InputProblem | None:
        """What is missing for a diagnosis, or None if nothing is."""
        if not (self.nonce or self.timestamp or self.signature):
            return InputProblem.CONFIG_NOT_FOUND
        if _VARIABLE.fullmatch(self.timestamp) or (
            _VARIABLE.fullmatch(self.signature) and not _SIGNATURE.fullmatch(self.signature)
        ):
            return InputProblem.CONFIG_HAS_VARIABLES
        if not self.signature:
            return InputProblem.SIGNATURE_MISSING
        if not _SIGNATURE.fullmatch(self.signature):
            return InputProblem.SIGNATURE_INVALID
        if not self.nonce:
            return InputProblem.NONCE_MISSING
        if not self.timestamp:
            return InputProblem.TIMESTAMP_MISSING
        return None if _TIMESTAMP.fullmatch(self.timestamp) else InputProblem.TIMESTAMP_NOT_A_NUMBER

    @property
    def found_count(self) -> int:
        """How many of the fields the text has."""
        return sum(map(bool, (self.appid, self.nonce, self.timestamp, self.signature, self.url, self.ticket)))


def parse_pasted_config(text: str) -> PastedConfig:
    """The fields that the text has, in any quoting and order; `problem` says what it lacks."""
    text = text.strip()
    for name, is_one in _SINGLE_VALUE_MATCHERS.items():
        if is_one(text):
            return PastedConfig(**{name: text})
    best = PastedConfig()
    for pairs in _parse_attempts(text):
        read = _build_config(pairs)
        if read.problem is None:
            return read
        if read.found_count > best.found_count:
            best = read
    return best


def trim_to_config(text: str, max_chars: int) -> str:
    """The text, or of a long one at most so many characters: from its first wx.config( on, if it has one."""
    if len(text) <= max_chars:
        return text
    call = _CONFIG_CALL.search(text)
    begin = call.start() if call is not None else 0
    return text[begin : begin + max_chars]


def _parse_attempts(text: str) -> Iterator[Iterator[tuple[str, str]]]:
    """The ways to read it, the strictest first; each gives fields with their values."""
    if _NAME_ANYWHERE.search(text) is None:
        return
    call = _CONFIG_CALL.search(text)
    if call is not None:
        yield _parse_outside_comments(text[call.end() : call.end() + TEXT_MAX])
    text = text[:TEXT_MAX]
    yield _parse_outside_comments(text)
    unquoted = text
    for _ in range(2):  # JSON in a string of JSON, or in an attribute of HTML
        if "\\" not in unquoted and "&" not in unquoted:
            break
        unquoted = _unescape(_ENTITY.sub(lambda found: _ENTITIES[found[0].lower()], unquoted))
        yield _parse_outside_comments(unquoted)
    yield _parse_anywhere(text)


def _build_config(pairs: Iterator[tuple[str, str]]) -> PastedConfig:
    """The first value of each field that can be one, else the first that there is."""
    values: dict[str, list[str]] = {name: [] for name in _NAMES_OF}
    for name, value in pairs:
        values[name].append(value)
    chosen: dict[str, str] = {}
    for name, seen in values.items():
        fits = _VALUE_MATCHERS.get(name, bool)
        first = "" if name == "url" else next(filter(None, seen), "")
        chosen[name] = next((value for value in seen if fits(value)), first)
    return PastedConfig(**chosen)


def _parse_outside_comments(text: str) -> Iterator[tuple[str, str]]:
    """What stands outside of comments, with names that may be strings."""
    tries = dict.fromkeys(_NAMES_OF, _VALUES_PER_FIELD_MAX)
    at = 0
    while (token := _TOKEN.search(text, at)) is not None:
        at = token.end()
        name = _FIELD_OF.get((token["name"] or (token["string"] or "")[1:-1]).lower())
        if name is None or not tries[name]:
            continue
        separator = _SEPARATOR.match(text, at)
        if separator is not None:
            tries[name] -= 1
            value, at = _parse_value(text, separator.end(), name)
            yield name, value


def _parse_anywhere(text: str) -> Iterator[tuple[str, str]]:
    """Wherever a name stands: an apostrophe in a sentence is no beginning of a string."""
    tries = dict.fromkeys(_NAMES_OF, _VALUES_PER_FIELD_MAX)
    for found in _NAME_ANYWHERE.finditer(text):
        name = _FIELD_OF[found["name"].lower()]
        separator = _SEPARATOR.match(text, found.end()) if tries[name] else None
        if separator is not None:
            tries[name] -= 1
            yield name, _parse_value(text, separator.end(), name)[0]


def _parse_value(text: str, start: int, name: str) -> tuple[str, int]:
    """The value that begins there, and where it ends."""
    string = _STRING_VALUE.match(text, start)
    if string is not None:
        return _unescape(string[0][1:-1]), string.end()
    bare = (_BARE_URL if name == "url" else _BARE_VALUE).match(text, start)
    if bare is None:
        return "", start
    value = _URL_TRAILER.sub("", bare[0]) if name == "url" else bare[0]
    return value, start + len(value)


def _unescape(text: str) -> str:
    """The text of a string literal."""
    if "\\" not in text:
        return text
    raw = _ESCAPE.sub(_unescape_match, text)
    # two escapes may be the halves of one character
    return raw.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _unescape_match(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    return chr(int(digits, 16)) if digits else _ESCAPED_CHARACTERS.get(match[3], match[3])
