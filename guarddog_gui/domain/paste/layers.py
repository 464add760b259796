"""Decoding of a pasted text layer by layer: invisible characters, entities, escapes, percent-encoding, base64."""

import base64
import binascii
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote, unquote_plus

from guarddog_gui.domain.paste.names import HINT

_ESCAPE_ROUNDS_MAX = 3
_INVISIBLE = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xAD, 0xFEFF, 0xFFFE, 0]
)
_TERMINAL_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
# `&times` is an entity: HTML shows ×tamp for &timestamp
_EATEN_TIMESTAMP = re.compile(r"(noncestr=[^&\s×]{0,64}+)(?:×|&times;?)tamp=", re.IGNORECASE)

_FOLDED = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLDED |= dict.fromkeys([0xA0, 0x3000, 0x202F, *range(0x2000, 0x200B), 0x85, 0x0B, 0x0C], 0x20)
_FOLDED |= dict.fromkeys(map(ord, "“”„‟″«»「」『』"), ord('"'))
_FOLDED |= dict.fromkeys(map(ord, "‘’‚‛′‹›"), ord("'"))
_FOLDED |= dict.fromkeys(map(ord, "│┃║¦"), ord("|"))
_FOLDED |= dict.fromkeys(map(ord, "。、"), ord(","))
_FOLDED |= dict.fromkeys(map(ord, "【〔"), ord("[")) | dict.fromkeys(map(ord, "】〕"), ord("]"))
_FOLDED |= {ord("→"): ord("="), ord("∶"): ord(":"), ord("\r"): 0x20, 0x2028: 0x0A, 0x2029: 0x0A}

_ESCAPE = re.compile(r"\\(?:u\{?([0-9A-Fa-f]{4,6})\}?|x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_ESCAPED_CHARACTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_ENTITY = re.compile(  # html.unescape alone would make ×tamp of &timestamp
    r"&(?:quot|apos|amp|lt|gt|nbsp|colon|equals|lbrace|rbrace|comma|num|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});",
    re.IGNORECASE,
)
_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{60,}={0,2}(?![\w+/=-])")
_BASE64_TRIED_MAX = 4
_QUOTES_AND_COMMENTS = re.compile(r"""["'`\\]|(?<!:)//|/\*|\*/""")


def clean_text(text: str) -> str:
    """Remove the colours of a terminal and characters that cannot be seen; restore an eaten `&timestamp`."""
    if "\x1b" in text:
        text = _TERMINAL_COLOUR.sub("", text)
    text = text.translate(_INVISIBLE)
    return _EATEN_TIMESTAMP.sub(r"\1&timestamp=", text) if "tamp=" in text else text


def fold_text(text: str) -> str:
    """Return a text of the same length with ASCII in place of full-width characters and typographic quotes."""
    return text if text.isascii() and "\r" not in text else text.translate(_FOLDED)


def decoded_layers(text: str) -> Iterator[str]:
    """Yield the text, then what it becomes by one decoding after the other; the strictest reading first."""
    yield text
    current = text
    for _ in range(2):  # an attribute of HTML that was escaped twice
        decoded = unescape_entities(current)
        if decoded == current:
            break
        yield (current := decoded)
    for _ in range(_ESCAPE_ROUNDS_MAX):  # JSON in a string of JSON
        if "\\" not in current:
            break
        yield (current := unescape(current))
    for _ in range(2):
        decoded = (unquote_plus if " " not in current else unquote)(current) if "%" in current else current
        if decoded == current:
            break
        yield (current := decoded)
    yield from _decoded_base64(text)
    loose = _QUOTES_AND_COMMENTS.sub(" ", current)
    if loose != current:
        yield loose


def unescape(text: str) -> str:
    """Decode the backslash escapes of JSON, JavaScript and Python."""
    if "\\" not in text:
        return text
    raw = _ESCAPE.sub(_unescape_match, text)
    # two escapes may be the halves of one character
    return raw.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def unescape_entities(text: str) -> str:
    return _ENTITY.sub(lambda match: html.unescape(match[0].lower()), text) if "&" in text else text


def unescape_percent(text: str) -> str:
    return unquote(text)


def _unescape_match(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    if digits:
        code = int(digits, 16)
        return chr(code) if code < 0x110000 else match[0]
    return _ESCAPED_CHARACTERS.get(match[3], match[3])


def _decoded_base64(text: str) -> Iterator[str]:
    for number, match in enumerate(_BASE64.finditer(text)):
        if number == _BASE64_TRIED_MAX:
            return
        letters = match[0].rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
        try:
            decoded = base64.b64decode(letters + "=" * (-len(letters) % 4)).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
        if HINT.search(decoded):
            yield clean_text(decoded)
