"""Matching of the value that belongs to a name, whatever stands between the two."""

import re
from typing import NamedTuple

from guarddog_gui.domain.paste.layers import unescape
from guarddog_gui.domain.paste.names import find_field
from guarddog_gui.domain.paste.values import ASCII_FIELDS, has_typed_form, is_placeholder, is_variable, plain_integer

DOUBLE = r'"(?:[^"\\\n]++|\\.)*+"'
SINGLE = DOUBLE.replace('"', "'")
BACKTICK = r"`(?:[^`\\]++|\\.)*+`"
STRING = f"{DOUBLE}|{SINGLE}|{BACKTICK}"

_STRING = re.compile(STRING, re.DOTALL)
_GLUE = re.compile(  # between a name and its value; the length of each part is limited
    r"(?:\s{1,200}+|</?[A-Za-z][^<>]{0,200}+>|=>|:=|->|[\])>*]{1,4}+|[=:|,?]|!(?=:)|\b(?:is|as|equals)\b|为|是|等于|如下|的值)*+",
    re.IGNORECASE,
)
_STRONG = re.compile(r"^>|[:=|]|->|<|为|是|\bis\b")
_VALUE_WORD = r"""["']?(?:value|content|val|text|stringValue)["']?\s{0,4}[:=]\s{0,4}"""
_TYPE_AND_LENGTH = r"""[A-Za-z_]\w{0,20}\(\d{1,6}\)\s{1,4}(?=["'])"""
_NOISE = re.compile(  # before a value, with what opens there in its groups
    r"(?:"
    rf"(?P<field>{_VALUE_WORD}|\{{\s{{0,8}}{_VALUE_WORD})"
    rf"|(?P<type>{_TYPE_AND_LENGTH})"
    r"|(?P<cdata><!\[CDATA\[)"
    r"""|(?P<call>(?:new\s)?[A-Za-z_][\w.:]{0,30}\s?\(\s{0,8}(?=["'`(+\d-]|w[xw][0-9a-f]|https?:))"""
    r"|(?P<cast>\([A-Za-z_][\w ]{0,19}(?:=\d{1,6})?\)\s{0,4})"
    r"|(?P<annotation>[A-Za-z]{1,12}\??\s{0,4}=(?!=)\s{0,4})"
    r"""|(?P<prefix>[ubrfULBRF@$]{1,2}(?=["']))"""
    r"|(?P<letter>[a-z]:\d{1,5}:(?=\")|[id]:(?=\d))"  # PHP's serialize
    r"|(?P<bracket>[(\[]\s{0,8})"
    r"|(?P<erlang><<)|[+~&*]{1,2}"
    r")"
)
_NOISE_MAX = 5
_CLOSERS = re.compile(r"\s{0,8}[\])}]")
_SERIALIZED_NAME_END = re.compile(r";(?=[sid]:)")
TEMPLATE = re.compile(
    r"<[?%].{0,400}?[?%]>|\{\{.{0,200}?\}\}|[$#]\{.{0,200}?\}|\{[$#%].{0,200}?\}|\[\[.{0,200}?\]\]|@\(?[A-Za-z][\w.]*\)?",
    re.DOTALL,
)
_BARE = {
    "signature": re.compile(r"[0-9A-Fa-f]{32,128}(?!\w)"),
    "timestamp": re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE]\+?[0-9]{1,2})?[lL]?(?!\w)"),
    "appid": re.compile(r"\w++(?![.(\[])", re.ASCII),
    "ticket": re.compile(r"[\w-]++(?![.(\[])", re.ASCII),
    "secret": re.compile(r"[\w-]++(?![.(\[])", re.ASCII),
    "errcode": re.compile(r"-?[0-9]+(?:\.0+)?(?![\w.]*\w)"),
    "errmsg": re.compile(r"[^\n\r\"'<>{}]{1,500}"),
}
_BARE_ANY = re.compile(r"[^\s\"'`{}\[\](),;&|<>]{1,2000}(?:\([^()\n]{0,80}\)|\[[^\[\]\n]{0,80}\][\w.]{0,40})?")
_BARE_URL = re.compile(r"[^\s\"'`<>\\{}，。；、）】」”’“‘]{1,9000}")
_NEXT_PARAMETER = re.compile(r"&(?=([A-Za-z_]{1,20})=)")
_NEXT_PROPERTY = re.compile(r",(?=[A-Za-z_]{3,20}[=:](?!//))")
_URL_TRAILERS = ",;:!|*…"
_WORD_AT = re.compile(r"[A-Za-z_$][\w$]*")
_NOTHING = re.compile(r"null|undefined|None|nil|NULL")
_ANY_LETTER = re.compile(r"[\w*]")
_PROSE_TRAILERS = ".:!…*"


class Value(NamedTuple):
    """Value of a name: its text, where it ends, and whether it is a literal."""

    text: str
    end: int
    is_literal: bool = True


def match_value(folded: str, raw: str, start: int, field: str, named_fields: frozenset[str]) -> Value | None:
    """Return the value for a name that ends at `start`, or None if there is none.

    A value must have the unmistakable form of its field where only a blank, comma or line break is between.
    `named_fields` are the fields of the same query that came before: a signed string ends with its URL.
    """
    serialized = _SERIALIZED_NAME_END.match(folded, start)
    glue = _GLUE.match(folded, serialized.end() if serialized else start)
    assert glue is not None  # noqa: S101 - it matches an empty text, too
    between = glue[0]
    is_strong = _STRONG.search(between) is not None or serialized is not None
    position, opened = _skip_noise(folded, glue.end())
    if position > glue.end():
        is_strong = is_strong or "," in between
    if is_strong and "\n" in between and not re.search(r"[:=<]", between):
        is_strong = False  # the next row of a table
    value = _match_string(folded, raw, position, field) or _match_bare(folded, raw, position, field, named_fields)
    if value is None:
        return Value("", glue.end(), is_literal=False) if is_strong else None
    if not is_strong and not has_typed_form(field, value.text):
        return None
    end = value.end
    for _ in range(opened):
        closer = _CLOSERS.match(folded, end)
        end = closer.end() if closer else end
    if field in ("timestamp", "errcode"):
        value = value._replace(text=plain_integer(value.text))
    return value._replace(end=end)


def _skip_noise(folded: str, position: int) -> tuple[int, int]:
    """Return where the value begins, and how many brackets were opened on the way."""
    opened = 0
    for _ in range(_NOISE_MAX):
        noise = _NOISE.match(folded, position)
        if noise is None or TEMPLATE.match(folded, position):
            break
        if noise.lastgroup == "annotation" and find_field(noise[0].rstrip("= ?")):
            break
        position = noise.end()
        opened += noise.lastgroup in ("call", "bracket") or "{" in noise[0]
    return position, opened


def _match_string(folded: str, raw: str, position: int, field: str) -> Value | None:
    string = _STRING.match(folded, position)
    if string is None:
        return None
    source = raw if field in ("url", "nonce", "errmsg") else folded
    text = unescape(source[position + 1 : string.end() - 1])
    return Value(text, string.end(), bool(text) and not is_placeholder(text))


def _match_bare(folded: str, raw: str, position: int, field: str, named_fields: frozenset[str]) -> Value | None:
    template = TEMPLATE.match(folded, position)
    if template is not None:
        return Value(template[0], template.end(), is_literal=False)
    if field == "url":
        return _match_url(raw, position, named_fields)
    form = _BARE.get(field)
    bare = (form.match(folded, position) if form else None) or _BARE_ANY.match(folded, position)
    if bare is None:
        return None
    text = bare[0].rstrip(_PROSE_TRAILERS) or bare[0]
    if field in ASCII_FIELDS and not (text[:1].isascii() and _ANY_LETTER.search(text)):
        return None  # prose that goes on
    if _NOTHING.fullmatch(text):
        return Value("", position + len(text), is_literal=False)
    word = _WORD_AT.match(text)
    if word is not None and (field != "nonce" or not has_typed_form("nonce", text)):
        known = find_field(word[0])
        if known is not None and re.match(r"""["'\])]?\s{0,8}[:=]""", folded[position + word.end() :][:12]):
            return None  # the next name: this one has no value
    is_literal = not is_placeholder(text) and not (find_field(text) and is_variable(text))
    if field == "nonce" and is_literal and is_variable(text) and not has_typed_form("nonce", text):
        is_literal = False
    return Value(text, position + len(text), is_literal)


def _match_url(raw: str, position: int, named_fields: frozenset[str]) -> Value | None:
    bare = _BARE_URL.match(raw, position)
    if bare is None:
        return None
    text = bare[0]
    for parameter in _NEXT_PARAMETER.finditer(text):
        known = find_field(parameter[1])
        if known is not None and known.rank <= 2 and known.field not in named_fields:
            text = text[: parameter.start()]
            break
    property_ = _NEXT_PROPERTY.search(text)
    while property_ is not None:
        if find_field(text[property_.end() :].partition("=")[0].partition(":")[0]):
            text = text[: property_.start()]
            break
        property_ = _NEXT_PROPERTY.search(text, property_.end())
    text = text.rstrip(_URL_TRAILERS)
    for opener, closer in ("()", "[]"):
        while text.endswith(closer) and text.count(opener) < text.count(closer):
            text = text[:-1].rstrip(_URL_TRAILERS)
    return Value(text, position + len(text), text[:4].lower() == "http") if text else None
