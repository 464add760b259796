"""Parser for pasted `wx.config` values: source code, console output, JSON, lines, or a single value."""

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from guarddog_gui.domain.diagnosis.diagnosis_input import SIGNATURE, TIMESTAMP, signature_problem, timestamp_problem
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.problems import InputProblem

TEXT_MAX = 2**18  # characters that are parsed, from the first wx.config( on
_VALUES_PER_FIELD_MAX = 16  # values examined per field: a page's source has more than one `timestamp`

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

# skip escapes outside strings: an escaped quote does not begin a string
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

_VARIABLE = re.compile(r"[A-Za-z_$<@#][\w$.<>%=?@#-]*")
_VALUE_MATCHERS: dict[str, Callable[[str], object]] = {
    "signature": SIGNATURE.fullmatch,
    "timestamp": TIMESTAMP.fullmatch,
    "url": re.compile(r"https?://", re.IGNORECASE).match,
}
_SINGLE_VALUE_MATCHERS: dict[str, Callable[[str], object]] = {
    "signature": re.compile(r"[0-9A-Fa-f]{40}").fullmatch,
    "timestamp": re.compile(r"[0-9]{10}(?:[0-9]{3})?").fullmatch,
    "appid": re.compile(r"wx[0-9a-f]{16}").fullmatch,
    "url": re.compile(r"https?://\S+", re.IGNORECASE).fullmatch,
}


class PastedConfig(HiddenFields, Struct, frozen=True):
    """Values found in a pasted text; missing ones are empty. `timestamp` is unchanged."""

    hidden_fields = ("ticket",)

    appid: str = ""
    nonce: str = ""
    timestamp: str = ""
    signature: str = ""
    url: str = ""
    ticket: str = ""

    @property
    def problem(self) -> InputProblem | None:
        if not (self.nonce or self.timestamp or self.signature):
            return InputProblem.CONFIG_NOT_FOUND
        invalid_signature = signature_problem(self.signature)
        if _VARIABLE.fullmatch(self.timestamp) or (invalid_signature and _VARIABLE.fullmatch(self.signature)):
            return InputProblem.CONFIG_HAS_VARIABLES
        missing_nonce = None if self.nonce else InputProblem.NONCE_MISSING
        return invalid_signature or missing_nonce or timestamp_problem(self.timestamp)

    @property
    def found_count(self) -> int:
        return sum(map(bool, (self.appid, self.nonce, self.timestamp, self.signature, self.url, self.ticket)))


def parse_pasted_config(text: str) -> PastedConfig:
    """Extract the fields, in any quoting and order; `problem` of the result says what is missing."""
    text = text.strip()
    for name, matches in _SINGLE_VALUE_MATCHERS.items():
        if matches(text):
            return PastedConfig(**{name: text})
    best = PastedConfig()
    for pairs in _parse_attempts(text):
        config = _build_config(pairs)
        if config.problem is None:
            return config
        if config.found_count > best.found_count:
            best = config
    return best


def trim_to_config(text: str, max_chars: int) -> str:
    """Cut a long text to `max_chars` characters, from its first `wx.config(` on if it has one."""
    if len(text) <= max_chars:
        return text
    call = _CONFIG_CALL.search(text)
    begin = call.start() if call is not None else 0
    return text[begin : begin + max_chars]


def _parse_attempts(text: str) -> Iterator[Iterator[tuple[str, str]]]:
    """Yield the field-value pairs of each way to read the text, the strictest way first."""
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
        unquoted = _unescape(_ENTITY.sub(lambda match: _ENTITIES[match[0].lower()], unquoted))
        yield _parse_outside_comments(unquoted)
    yield _parse_anywhere(text)


def _build_config(pairs: Iterator[tuple[str, str]]) -> PastedConfig:
    """Choose for each field the first value that is plausible, else the first that is not empty."""
    values: dict[str, list[str]] = {name: [] for name in _NAMES_OF}
    for name, value in pairs:
        values[name].append(value)
    chosen: dict[str, str] = {}
    for name, candidates in values.items():
        fallback = "" if name == "url" else next(filter(None, candidates), "")
        chosen[name] = next(filter(_VALUE_MATCHERS.get(name, bool), candidates), fallback)
    return PastedConfig(**chosen)


def _parse_outside_comments(text: str) -> Iterator[tuple[str, str]]:
    """Find fields outside comments; their names may be quoted."""
    remaining = dict.fromkeys(_NAMES_OF, _VALUES_PER_FIELD_MAX)
    position = 0
    while (token := _TOKEN.search(text, position)) is not None:
        position = token.end()
        name = _FIELD_OF.get((token["name"] or (token["string"] or "")[1:-1]).lower())
        if name is None or not remaining[name]:
            continue
        separator = _SEPARATOR.match(text, position)
        if separator is not None:
            remaining[name] -= 1
            value, position = _parse_value(text, separator.end(), name)
            yield name, value


def _parse_anywhere(text: str) -> Iterator[tuple[str, str]]:
    """Find fields anywhere, ignoring quotes: an apostrophe in prose does not begin a string."""
    remaining = dict.fromkeys(_NAMES_OF, _VALUES_PER_FIELD_MAX)
    for match in _NAME_ANYWHERE.finditer(text):
        name = _FIELD_OF[match["name"].lower()]
        separator = _SEPARATOR.match(text, match.end()) if remaining[name] else None
        if separator is not None:
            remaining[name] -= 1
            yield name, _parse_value(text, separator.end(), name)[0]


def _parse_value(text: str, start: int, name: str) -> tuple[str, int]:
    string = _STRING_VALUE.match(text, start)
    if string is not None:
        return _unescape(string[0][1:-1]), string.end()
    bare = (_BARE_URL if name == "url" else _BARE_VALUE).match(text, start)
    if bare is None:
        return "", start
    value = _URL_TRAILER.sub("", bare[0]) if name == "url" else bare[0]
    return value, start + len(value)


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    raw = _ESCAPE.sub(_unescape_match, text)
    # two escapes may be the halves of one character
    return raw.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _unescape_match(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    return chr(int(digits, 16)) if digits else _ESCAPED_CHARACTERS.get(match[3], match[3])
