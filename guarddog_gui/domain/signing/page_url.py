"""The address of a page as it is signed: its parts, what must never be signed, what a browser makes of it."""

import re
import unicodedata
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing.signature import strip_fragment

URL_MAX = 8192  # characters; browsers and servers stop there or earlier

# all that looks like nothing at the ends of a pasted text, zero-width characters and the BOM among them
_WHITESPACE = (
    "\t\n\v\f\r \x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ENCODED = re.compile(r"https?%(?:25)*3A", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")  # `localhost:9999/p` has none
_PAGE_URL = re.compile(
    r"(?P<scheme>https?)://(?P<user>[^/?#\\]*@)?(?P<host>\[[^/?#\\]*\]|[^/?#\\:\[\]]*)(?P<port>:[^/?#\\]*)?"
    r"(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.IGNORECASE,
)
_HOST = re.compile(r"\[[0-9A-Fa-f:.]+\]|[^\s#%/:<>?@\[\\\]^|]+")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_PATH_ESCAPES = re.compile(r'[^!-~]|["<>`{}]')  # what the URL standard has browsers escape there
_QUERY_ESCAPES = re.compile(r"[^!-~]|[\"<>']")


@dataclass(frozen=True, slots=True)
class PageUrl:
    """An http or https address in its parts as they are written; each carries its own `:`, `?` or `#`."""

    scheme: str
    user: str
    host: str
    port: str
    path: str
    query: str
    fragment: str

    @property
    def full_url(self) -> str:
        """The whole address again, to the character."""
        before = f"{self.scheme}://{self.user}{self.host}{self.port}"
        return f"{before}{self.path}{self.query}{self.fragment}"

    @property
    def browser_host(self) -> str:
        """The host as a browser reports it: lower case, and xn-- for what is not ASCII."""
        return browser_host(self.host)

    @property
    def is_default_port(self) -> bool:
        """Whether the port is one that a browser leaves out."""
        return self.port[1:] in ("", _DEFAULT_PORTS[self.scheme.lower()])

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """Name and value of each part of the query, as they are written."""
        pairs = (part.partition("=") for part in self.query[1:].split("&"))
        return tuple((name, value) for name, _, value in pairs)

    def without_parameters(self, names: frozenset[str]) -> "PageUrl":
        """The same address without these parameters, the others untouched."""
        kept = [part for part in self.query[1:].split("&") if part.partition("=")[0] not in names]
        return replace(self, query="?" + "&".join(kept) if kept else "")

    @property
    def browser_form(self) -> "PageUrl":
        """The same address as `location.href` spells its characters, on a page in UTF-8."""
        return replace(
            self,
            scheme=self.scheme.lower(),
            host=self.browser_host,
            path=_PATH_ESCAPES.sub(_percent_encode, self.path.replace("\\", "/")),
            query=_QUERY_ESCAPES.sub(_percent_encode, self.query),
        )


def parse_page_url(url: str) -> PageUrl | None:
    """The parts of an http or https address; None for what is not one or has blanks at its ends."""
    shape = _PAGE_URL.fullmatch(url)
    if shape is None:
        return None
    return PageUrl(**{part: text or "" for part, text in shape.groupdict().items()})


def url_problem(url: str) -> InputProblem | None:
    """Why this text must not be signed, or None if it can be."""
    if len(url) > URL_MAX:
        return InputProblem.URL_TOO_LONG
    url = strip_whitespace(url)
    if not url:
        return InputProblem.EMPTY_URL
    if _FORBIDDEN.search(url):
        return InputProblem.URL_UNPRINTABLE
    if is_percent_encoded(url):
        return InputProblem.URL_ENCODED
    page = parse_page_url(url)
    if page is None:
        return _invalid_url_problem(url)
    port = page.port[1:]
    if not _HOST.fullmatch(page.browser_host) or (port and not _is_port(port)):
        return InputProblem.URL_WITHOUT_HOST
    return None


def _invalid_url_problem(url: str) -> InputProblem:
    if re.match("https?:", url, re.IGNORECASE):
        return InputProblem.URL_WITHOUT_HOST
    return InputProblem.URL_OTHER_SCHEME if _SCHEME.match(url) else InputProblem.URL_RELATIVE


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65_535


def url_to_sign(url: str) -> str:
    """What is signed of a text: all of it but white space at its ends and what begins with `#`.

    Nothing else is changed, not even where a browser would: what a person gives is what is signed.
    """
    return strip_fragment(strip_whitespace(url))


def strip_whitespace(url: str) -> str:
    """The text without white space and invisible characters at its ends."""
    return url.strip(_WHITESPACE)


def is_percent_encoded(url: str) -> bool:
    """Whether it is an address that was percent-encoded as a whole, once or more often."""
    return _ENCODED.match(url) is not None


def decode_url(url: str) -> str | None:
    """An address that was percent-encoded as a whole, decoded once; None if that must not be signed."""
    try:
        decoded = unquote(strip_whitespace(url), errors="strict")
    except UnicodeDecodeError:
        return None  # not in UTF-8: a guess would be another address
    return decoded if url_problem(decoded) in (None, InputProblem.URL_ENCODED) else None


def browser_host(host: str) -> str:
    """A host as browsers report it."""
    if host.isascii():
        return host.lower()
    # what UTS 46 asks for, but for its list of forbidden characters
    mapped = unicodedata.normalize("NFKC", host.lower()).replace("。", ".")
    return ".".join(_ascii_label(label) for label in mapped.split("."))


def _ascii_label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _percent_encode(match: re.Match[str]) -> str:
    return quote(match[0], safe="", errors="replace")
