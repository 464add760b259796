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
_SIGNATURE_LENGTH = 40
NONCE_MAX = 256  # characters of a nonce that is diagnosed
_EXPONENT = re.compile(r"[0-9](?:\.[0-9]{1,15})?[eE]\+?[0-9]{1,2}")
_INTEGER_SUFFIX = re.compile(r"([0-9]{10,16})(?:[lLnfFdD]|[uU]?[lL]{1,2}|\.0+)")

# names of variables and places of templates, where a value should be
_PLACEHOLDER = re.compile(
    r"<[?%#@].*|\{\{.*|\$\{.*|#\{.*|\{[$#%].*|\[\[.*|@\(?[A-Za-z].*|\$[A-Za-z_].*|%[A-Za-z_].*|\{[A-Za-z_.]+\}|.*->.*|\.\.\.|…|"
    r"(?:undefined|null|nil|none|nan|true|false|string|number|int|long|str|integer|function|new|await)",
    re.IGNORECASE | re.DOTALL,
)
# of which these can hardly be a nonce
_TEMPLATE = re.compile(
    r"<[?%].*|\{\{.*\}\}|[$#]\{.*\}|\{[$#%].*\}|\[\[.*\]\]|\[\(.*\)\]|@\(?[A-Za-z]\w*[.(\[].*", re.DOTALL
)
_VARIABLE = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\?|!)?\.[\w$]+|\([^()]*\)|\[[^\[\]]*\])*")
_MIXED = re.compile(r"(?=[A-Za-z]*[0-9])[A-Za-z0-9]{12,}")
_NONCE = re.compile(r"(?=[\w-]*[0-9])[\w-]{4,64}|(?=[a-z]*[A-Z])(?=[A-Z]*[a-z])[A-Za-z]{10,64}", re.ASCII)
_MASKED = re.compile(r"[xX*#.…_-]{3,}")

_SEPARATOR = r"(?:[\s>|]|\\[nr]|<br\s{0,4}/?>){1,20}+|[\"'`]\s{0,200}[+.]\s{0,200}[\"'`]"
_SIGNATURE_PART = re.compile(rf"(?P<digits>[0-9A-Fa-f]{{1,40}}+)(?P<separator>{_SEPARATOR})?")
_SIGNATURE_NAME = re.compile(
    r"(?:sign|签名)\w{0,16}+[^\w\n]{1,12}+(?:value\W{1,4}|content\W{1,4})?\s{0,40}", re.IGNORECASE
)

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
    if is_template(signature):
        return InputProblem.SIGNATURE_IS_TEMPLATE
    return None if SIGNATURE.fullmatch(signature) else InputProblem.SIGNATURE_INVALID


def nonce_problem(nonce: str) -> InputProblem | None:
    if not nonce.strip():
        return InputProblem.NONCE_MISSING
    if is_template(nonce):
        return InputProblem.NONCE_IS_TEMPLATE
    return None if len(nonce) <= NONCE_MAX else InputProblem.NONCE_ENDLESS


def timestamp_problem(timestamp: str) -> InputProblem | None:
    if not timestamp:
        return InputProblem.TIMESTAMP_MISSING
    if is_template(timestamp):
        return InputProblem.TIMESTAMP_IS_TEMPLATE
    return None if TIMESTAMP.fullmatch(timestamp) else InputProblem.TIMESTAMP_NOT_A_NUMBER


def is_placeholder(text: str) -> bool:
    """Return True for what a template or a mask puts where a value should be."""
    stripped = text.strip()
    return bool(_PLACEHOLDER.fullmatch(stripped) or _MASKED.fullmatch(stripped))


def join_signature(text: str) -> str:
    """Return a signature without the line breaks and blanks that a chat or mail put into it; else the text."""
    joined = _signature_at(text, 0)
    return text if joined is None or text[joined[1] :].strip() else joined[0]


def join_broken_signatures(text: str) -> str:
    """Return the text with each named signature in one piece whose parts are 40 hexadecimal digits together."""
    pieces, end = [], 0
    for name in _SIGNATURE_NAME.finditer(text):
        joined = _signature_at(text, name.end()) if name.start() >= end else None
        if joined is not None:
            pieces += [text[end : name.end()], joined[0]]
            end = joined[1]
    return "".join([*pieces, text[end:]])


def _signature_at(text: str, start: int) -> tuple[str, int] | None:
    """Return the digits of the parts that begin here, and where they end; None if they are in one piece or not 40."""
    digits, position, count = "", start, 0
    while len(digits) < _SIGNATURE_LENGTH and (part := _SIGNATURE_PART.match(text, position)):
        digits, count = digits + part["digits"], count + 1
        position = part.end()
        end = part.end("digits")
        if len(digits) == _SIGNATURE_LENGTH and count > 1 and not re.match(r"\w", text[end : end + 1]):
            return digits, end
        if part["separator"] is None:
            break
    return None


def is_template(text: str) -> bool:
    """Return True for the place of a template, such as `{{ nonceStr }}`, that the server has not filled in."""
    return _TEMPLATE.fullmatch(text.strip()) is not None


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
