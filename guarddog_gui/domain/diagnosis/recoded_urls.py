"""Wrong spellings of a whole URL: encoded, decoded, escaped for HTML or JSON, in quotes, in other bytes."""

import re
from collections.abc import Callable, Iterator
from html import escape as escape_html
from html import unescape as unescape_html
from itertools import chain
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind
from guarddog_gui.domain.diagnosis.query_variants import Variant

COMPONENT_SAFE = "-_.!~*'()"  # characters that encodeURIComponent does not escape
_URI_SAFE = COMPONENT_SAFE + ";,/?:@&=+$#"  # characters that encodeURI does not escape
_ESCAPE_SAFE = "@*_+-./"  # characters that JavaScript's old escape() does not escape
_RESERVED_ESCAPES = re.compile("(%(?:3[BbFfAaDd]|2[CcFfBb346]|40))")  # that decodeURI leaves: ; / ? : @ & = + $ , #
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_NON_ASCII = re.compile("[^\0-\x7f]")
_WHITESPACE_AFTER = ("\n", " ", "\r\n", "\t", "\r", "\u200b", "\u00a0", "\ufeff", "\u3000", "  ", "\n\n", "\0")
_WHITESPACE_BEFORE = (" ", "\n", "\ufeff", "\t", "\u200b", "\r\n", "\u00a0", "\u3000")
_QUOTES = (
    *(('"', '"'), ("'", "'"), ("", '"'), ('"', ""), ("", "'"), ("'", ""), ("`", "`"), ("<", ">"), ("[", "]"), ("(",
    ")")),
    *(("“", "”"), ("‘", "’"), ("{", "}"), ("b'", "'"), ("u'", "'"), ('["', '"]'), ("['", "']"), ("", ";"), ("", ",")),
    *(("", ")"), ("", "."), ("&quot;", "&quot;"), ("%22", "%22"), ("'\"", "\"'"), ("\"'", "'\""), ("url=", ""), ("=",
    "")),
)  # fmt: skip
_LITERAL_ENDS = ("\\n", "\\r\\n", "\\r", "\\t", "\\0", "\\", "/n")
_AMPERSANDS = ("&amp;", "&#38;", "&#038;", "&#x26;", "&amp;amp;", "&AMP;")
_ENTITY_SIGNS = "&(?=[A-Za-z])"
_ENTITIES_MAX = 8  # that are tried one by one
_REPLACED = (("%2B", "+"), ("%20", "+"), ("+", "%20"), ("+", "%2B"), ("%2B", " "), ("%20", " "), ("+", " "), ("%2B",
    "%20"),
             ("%20", "%2B"), ("%2b", "+"), ("+", "%2b"), ("%20", ""), ("+", ""), ("%20", "%2520"))  # fmt: skip

# no mistake of the signature: the address of the page was copied out of HTML
PAGE_ESCAPED = Mistake(MistakeKind.URL_HTML_AMPERSAND, "&", "&amp;")


def common_recodings(url: str) -> Iterator[Variant]:
    """Yield the spellings that are also combined with other mistakes, the most common first."""
    component = quote(url, safe=COMPONENT_SAFE, errors="replace")
    yield from _encoded(component, url)
    once = unquote(url)
    escaped = quote(url, safe=_URI_SAFE, errors="replace")
    yield escaped, (Mistake(MistakeKind.ESCAPED, escaped, url),)
    for decoded in (once, unquote_plus(url), _decode_uri(url)):
        yield decoded, (Mistake(MistakeKind.DECODED, decoded, url),)
    twice = unquote(once)
    yield twice, (Mistake(MistakeKind.DECODED_TWICE, twice, url),)
    yield from _html_variants(url)
    yield from _entity_variants(url)
    for space in _WHITESPACE_AFTER[:5]:
        yield url + space, (Mistake(MistakeKind.URL_WHITESPACE, space),)
    yield " " + url, (Mistake(MistakeKind.URL_WHITESPACE, " "),)
    for safe in ("~", "~/"):
        yield from _encoded(quote(url, safe=safe, errors="replace"), url)
    yield from _encoded(quote_plus(url, errors="replace"), url)
    for change in (_lowercase_escapes, _uppercase_escapes):
        yield change(url), (Mistake(MistakeKind.ESCAPE_CASE, change(url), url),)
    lost = once.encode("ascii", "replace").decode("ascii")
    yield lost, (Mistake(MistakeKind.OTHER_BYTES, lost, url),)
    gbk = quote(once, safe=_URI_SAFE + "%", encoding="gb18030", errors="replace")
    yield gbk, (Mistake(MistakeKind.OTHER_BYTES, gbk, url),)
    for old, new in _REPLACED[:7]:
        if old in url:
            yield url.replace(old, new), (Mistake(MistakeKind.PLUS_SIGN, new, old),)
    for spelled in (url.lower(), f'"{url}"'):
        kind = MistakeKind.URL_QUOTED if spelled.startswith('"') else MistakeKind.LETTER_CASE
        yield spelled, (Mistake(kind, spelled, url),)
    slashes = url.replace("/", "\\/")
    yield slashes, (Mistake(MistakeKind.URL_BACKSLASH, slashes, url),)


def rare_recodings(url: str) -> Iterator[Variant]:
    """Yield the spellings that are tried alone."""
    return chain(
        _encoded_variants(url),
        _cut_variants(url),
        _character_variants(url),
        _plus_variants(url),
        _quoted_variants(url),
        _backslash_variants(url),
    )


def _encoded(encoded: str, url: str) -> Iterator[Variant]:
    yield encoded, (Mistake(MistakeKind.ENCODED, encoded, url),)
    yield _lowercase_escapes(encoded), (Mistake(MistakeKind.ENCODED, encoded, url),)


def _encoded_variants(url: str) -> Iterator[Variant]:
    """Yield the URL encoded as a whole, without its scheme or host, from its decoded form, and twice."""
    decoded = unquote(url)
    for text in (url, decoded):
        for encoded in (
            _escape(text),
            *(
                quote(text, safe=safe, errors="replace")
                for safe in ("", "~", "/", ":", COMPONENT_SAFE, COMPONENT_SAFE + ":")
            ),
        ):
            mistakes = (Mistake(MistakeKind.ENCODED, encoded, url),)
            yield encoded, mistakes if text == url else (*mistakes, Mistake(MistakeKind.DECODED, decoded, url))
            yield _lowercase_escapes(encoded), (Mistake(MistakeKind.ENCODED, encoded, url),)
    for encode in _ENCODERS:
        twice = encode(encode(url))
        yield twice, (Mistake(MistakeKind.ENCODED_TWICE, twice, url),)
        yield _lowercase_escapes(twice), (Mistake(MistakeKind.ENCODED_TWICE, twice, url),)
    yield from _case_variants(url)
    scheme, mark, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    before_query, question, query = url.partition("?")
    for start, end in ((scheme + mark, rest), (scheme + mark + host, slash + path), (before_query, question + query),
                       (before_query + question, query), (scheme + mark + host + slash, path)):  # fmt: skip
        for encode in _ENCODERS:
            encoded = start + encode(end)
            yield encoded, (Mistake(MistakeKind.ENCODED, encoded, url),)
            yield start + _lowercase_escapes(encode(end)), (Mistake(MistakeKind.ENCODED, encoded, url),)
    for partly in (before_query + question + unquote(query), unquote(before_query) + question + query):
        yield partly, (Mistake(MistakeKind.DECODED, partly, url),)
    for safe in (_URI_SAFE + "%", _URI_SAFE + "%[]", ":/?=&%"):
        again = quote(url, safe=safe, errors="replace")
        yield again, (Mistake(MistakeKind.REESCAPED, again, url),)
        again = quote(decoded, safe=safe, errors="replace")
        yield again, (Mistake(MistakeKind.REESCAPED, again, url),)
        yield _lowercase_escapes(again), (Mistake(MistakeKind.REESCAPED, again, url),)


def _case_variants(url: str) -> Iterator[Variant]:
    scheme, mark, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    for text in (url.upper(), scheme + mark + host + slash + path.lower(), scheme + mark + host + slash + path.upper()):
        yield text, (Mistake(MistakeKind.LETTER_CASE, text, url),)


def _encode_component(text: str) -> str:
    return quote(text, safe=COMPONENT_SAFE, errors="replace")


def _encode_path(text: str) -> str:
    return quote(text, errors="replace")


def _encode_form(text: str) -> str:
    return quote_plus(text, safe="*", errors="replace").replace("~", "%7E")


def _escape(text: str) -> str:
    """Encode as JavaScript's escape(): %uXXXX for all beyond Latin-1."""
    return "".join(
        f"%u{unit:04X}" if unit > 255 else f"%{unit:02X}" if chr(unit) not in _SURVIVORS else chr(unit)
        for unit in _utf16_units(text)
    )


_SURVIVORS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + _ESCAPE_SAFE)
_ENCODERS: tuple[Callable[[str], str], ...] = (_encode_component, _encode_path, _encode_form, _escape)


def _utf16_units(text: str) -> Iterator[int]:
    data = text.encode("utf-16-be", "surrogatepass")
    return (int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))


def _decode_uri(url: str) -> str:
    """Decode as JavaScript's decodeURI(): escapes of reserved characters stay."""
    parts = _RESERVED_ESCAPES.split(url)
    return "".join(part if index % 2 else unquote(part) for index, part in enumerate(parts))


def _html_variants(url: str) -> Iterator[Variant]:
    if "&amp;" in url:
        yield url.replace("&amp;", "&"), (PAGE_ESCAPED,)
    spelled = escape_html(url)
    for text in (
        spelled,
        spelled.replace("&#x27;", "&#39;"),
        spelled.replace("&#x27;", "&#039;"),
        escape_html(url, quote=False),
    ):
        yield text, (Mistake(MistakeKind.URL_HTML_AMPERSAND, "&amp;", "&"),)
    if "&" in url:
        for entity in _AMPERSANDS:
            yield url.replace("&", entity), (Mistake(MistakeKind.URL_HTML_AMPERSAND, entity, "&"),)
            yield url.replace("&", entity, 1), (Mistake(MistakeKind.URL_HTML_AMPERSAND, entity, "&"),)
        head, _, tail = url.rpartition("&")
        yield f"{head}&amp;{tail}", (Mistake(MistakeKind.URL_HTML_AMPERSAND, "&amp;", "&"),)


def _entity_variants(url: str) -> Iterator[Variant]:
    """Yield what HTML makes of parameters that begin with the name of a character: `&copy=1` becomes `©=1`."""
    marks = [match.start() for match in re.finditer(_ENTITY_SIGNS, url)][:_ENTITIES_MAX]
    decoded = [unescape_html(url)]
    decoded += (url[:at] + unescape_html(part) + rest for at, part, rest in _parameters_at(url, marks))
    for text in decoded:
        if text == url or ("&amp;" in url and text == url.replace("&amp;", "&")):
            continue
        sign = "".join(_NON_ASCII.findall(text)) or text
        mistake = Mistake(MistakeKind.URL_ENTITY, sign, "&")
        yield text, (mistake,)
        for safe in (_URI_SAFE + "%", _URI_SAFE + "%[]<>"):
            yield quote(text, safe=safe, errors="replace"), (mistake,)
        yield text.replace("<", "%3C").replace(">", "%3E"), (mistake,)


def _parameters_at(url: str, marks: list[int]) -> Iterator[tuple[int, str, str]]:
    for at in marks:
        end = url.find("&", at + 1)
        end = len(url) if end < 0 else end
        yield at, url[at:end], url[end:]


def _character_variants(url: str) -> Iterator[Variant]:
    """Yield the URL with its characters beyond ASCII lost, in another encoding, or escaped for a language."""
    decoded = unquote(url)
    if decoded.isascii():
        return
    legacy = [
        quote(decoded, safe=_URI_SAFE + "%", encoding=name, errors="replace") for name in ("gbk", "big5", "latin-1")
    ]
    texts = [
        *legacy,
        *map(_lowercase_escapes, legacy),
        decoded.encode("ascii", "ignore").decode("ascii"),
        *(decoded.encode().decode(name, "replace") for name in ("latin-1", "cp1252", "gbk", "ascii")),
        *(
            quote(decoded.encode().decode(name, "replace"), safe=_URI_SAFE + "%")
            for name in ("latin-1", "cp1252", "gbk")
        ),
        *(_NON_ASCII.sub(sign, decoded) for sign in ("\ufffd", "%EF%BF%BD", "%3F", "??", "???", "")),
        _NON_ASCII.sub(lambda match: "".join(f"%u{unit:04X}" for unit in _utf16_units(match[0])), decoded),
        _NON_ASCII.sub(lambda match: "".join(f"%u{unit:04x}" for unit in _utf16_units(match[0])), decoded),
        _NON_ASCII.sub(lambda match: f"&#{ord(match[0])};", decoded),
        _NON_ASCII.sub(lambda match: f"&#x{ord(match[0]):X};", decoded),
    ]
    for text in texts:
        yield text, (Mistake(MistakeKind.OTHER_BYTES, text, url),)
    for text in (
        _NON_ASCII.sub(lambda match: "".join(f"\\u{unit:04x}" for unit in _utf16_units(match[0])), decoded),
        _NON_ASCII.sub(lambda match: "".join(f"\\u{unit:04X}" for unit in _utf16_units(match[0])), decoded),
        _ESCAPE.sub(lambda match: f"\\x{match[0][1:].lower()}", url),
    ):
        yield text, (Mistake(MistakeKind.URL_BACKSLASH, text, url),)


def _plus_variants(url: str) -> Iterator[Variant]:
    for text in (url, unquote(url)):
        for old, new in _REPLACED:
            if old in text:
                yield text.replace(old, new), (Mistake(MistakeKind.PLUS_SIGN, new, old),)


def _quoted_variants(url: str) -> Iterator[Variant]:
    for before, after in _QUOTES:
        yield before + url + after, (Mistake(MistakeKind.URL_QUOTED, before + url + after, url),)
    for space in _WHITESPACE_AFTER:
        yield url + space, (Mistake(MistakeKind.URL_WHITESPACE, space),)
    for space in _WHITESPACE_BEFORE:
        yield space + url, (Mistake(MistakeKind.URL_WHITESPACE, space),)
        yield space + url + space, (Mistake(MistakeKind.URL_WHITESPACE, space),)


def _backslash_variants(url: str) -> Iterator[Variant]:
    """Yield the URL with the escapes of JSON and source code in it, also in their quotes."""
    gson = url.replace("=", "\\u003d").replace("'", "\\u0027")
    escaped = [
        url.replace("/", "\\/"),
        *(
            text.replace("&", f"\\u{digits}")
            for text in (url, url.replace("/", "\\/"))
            for digits in ("0026", "0026amp;")
        ),
        gson.replace("&", "\\u0026"),
        gson,
        url.replace("&", "\\x26"),
        url.replace("&", "\\x26").replace("=", "\\x3d"),
        url.replace("&", "\\x26").replace("/", "\\x2f"),
        url.replace("&", "\\u0026").replace("/", "\\u002f"),
        url.replace('"', '\\"').replace("'", "\\'"),
        url.replace("/", "\\"),
        url.replace("&", "\\&"),
        url.replace("&", "\\&").replace("?", "\\?").replace("=", "\\="),
        url.replace("?", "\\?"),
        url.replace("/", "\\\\/"),
    ]
    texts = [
        *escaped,
        *(url + end for end in _LITERAL_ENDS),
        f'\\"{url}\\"',
        f"\\'{url}\\'",
        f'"{url}\\n"',
        f'{url}\\"',
    ]
    for text in (*texts, *(f'"{text}"' for text in escaped)):
        yield text, (Mistake(MistakeKind.URL_BACKSLASH, text, url),)


def _cut_variants(url: str) -> Iterator[Variant]:
    """Yield the URL without its end, cut anywhere in the path or the query."""
    start = url.find("/", url.find("://") + 3) + 1
    for end in range(len(url) - 1, start or len(url), -1):
        if url[end] == "?" or url[end:] == "/" or url[end : end + 2] == "/?":
            continue  # a missing query or slash, which are mistakes of their own
        yield url[:end], (Mistake(MistakeKind.URL_CUT, url[:end], url[end:]),)


def _lowercase_escapes(encoded: str) -> str:
    """Write percent-escapes in lower case, as .NET does: `%3a`."""
    return _ESCAPE.sub(lambda match: match[0].lower(), encoded)


def _uppercase_escapes(encoded: str) -> str:
    return _ESCAPE.sub(lambda match: match[0].upper(), encoded)
