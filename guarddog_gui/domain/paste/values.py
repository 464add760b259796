"""Forms of the values that a `wx.config` holds, and the problem of a value that has another form."""

import re
from decimal import Decimal

from guarddog_gui.domain.problems import InputProblem

TIMESTAMP = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,9})?")
SIGNATURE = re.compile(r"[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}")
APPID = re.compile(r"w[xw][0-9a-f]{16}", re.IGNORECASE)
TICKET = re.compile(r"[\w-]{16,512}", re.ASCII)
URL = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
SECONDS = re.compile(r"[0-9]{10}")
_EXPONENT = re.compile(r"[0-9](?:\.[0-9]{1,15})?[eE]\+?[0-9]{1,2}")
_INTEGER_SUFFIX = re.compile(r"([0-9]{10,16})(?:[lLnfFdD]|[uU]?[lL]{1,2}|\.0+)")

# names of variables and places of templates, where a value should be
_PLACEHOLDER = re.compile(
    r"<[?%#@].*|\{\{.*|\$\{.*|#\{.*|\[\[.*|@\(?[A-Za-z].*|\$[A-Za-z_].*|%[A-Za-z_].*|\{[A-Za-z_.]+\}|.*->.*|\.\.\.|…|"
    r"(?:undefined|null|nil|none|nan|true|false|string|number|int|long|str|integer|function|new|await)",
    re.IGNORECASE | re.DOTALL,
)
_VARIABLE = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\?|!)?\.[\w$]+|\([^()]*\)|\[[^\[\]]*\])*")
_MIXED = re.compile(r"(?=[A-Za-z]*[0-9])[A-Za-z0-9]{12,}")
_NONCE = re.compile(r"(?=[\w-]*[0-9])[\w-]{4,64}|(?=[a-z]*[A-Z])(?=[A-Z]*[a-z])[A-Za-z]{10,64}", re.ASCII)
_MASKED = re.compile(r"[xX*#.…_-]{3,}")

# the most exact form of each, for a value that no separator ties to its name
TYPED = {
    "appid": APPID,
    "nonce": _NONCE,
    "timestamp": re.compile(r"[0-9]{10}(?:[0-9]{3})?"),
    "signature": re.compile(r"[0-9A-Fa-f]{40}"),
    "url": URL,
    "ticket": re.compile(r"[\w-]{40,512}", re.ASCII),
    "secret": re.compile(r"[0-9a-f]{32}"),
    "errcode": re.compile(r"-?[0-9]{1,6}"),
}
ASCII_FIELDS = frozenset({"appid", "nonce", "timestamp", "signature", "ticket", "secret"})
SECRET = re.compile(r"[0-9A-Za-z]{32}")
_FORMS = {
    "secret": SECRET,
    "appid": APPID,
    "timestamp": TIMESTAMP,
    "signature": SIGNATURE,
    "url": URL,
    "ticket": TICKET,
}
_OTHER_FORMS = (APPID, TYPED["signature"], TYPED["timestamp"], URL)


def signature_problem(signature: str) -> InputProblem | None:
    if not signature:
        return InputProblem.SIGNATURE_MISSING
    return None if SIGNATURE.fullmatch(signature) else InputProblem.SIGNATURE_INVALID


def timestamp_problem(timestamp: str) -> InputProblem | None:
    if not timestamp:
        return InputProblem.TIMESTAMP_MISSING
    return None if TIMESTAMP.fullmatch(timestamp) else InputProblem.TIMESTAMP_NOT_A_NUMBER


def is_placeholder(text: str) -> bool:
    """Return True for what a template or a mask puts where a value should be."""
    stripped = text.strip()
    return bool(_PLACEHOLDER.fullmatch(stripped) or _MASKED.fullmatch(stripped))


def is_variable(text: str) -> bool:
    """Return True for a name of the language in place of a literal; letters mixed with digits are a value."""
    return _VARIABLE.fullmatch(text) is not None and _MIXED.fullmatch(text) is None


def has_form(field: str, text: str) -> bool:
    """Return True if the text has the form of the field's values; a nonce may be anything."""
    form = _FORMS.get(field)
    return bool(text) if form is None else form.fullmatch(text.strip()) is not None


def has_typed_form(field: str, text: str) -> bool:
    """Return True if the text can hardly be anything but a value of this field."""
    form = TYPED.get(field)
    if form is None or form.fullmatch(text) is None:
        return False
    return field != "nonce" or not any(other.fullmatch(text) for other in _OTHER_FORMS)


def plain_integer(text: str) -> str:
    """Return an integer as digits that a language printed as `1.7954112E9` or `1795411200L`; else the text."""
    suffixed = _INTEGER_SUFFIX.fullmatch(text)
    if suffixed is not None and not text.endswith("0"):
        return suffixed[1]
    if _EXPONENT.fullmatch(text):
        number = Decimal(text)
        if number == int(number):
            return str(int(number))
    return text
