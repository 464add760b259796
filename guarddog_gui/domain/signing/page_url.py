"""Page URLs as they are signed: their parts, validation, the form that browsers report, recent ones."""

import re
from urllib.parse import quote, unquote

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing.signature import strip_fragment

URL_MAX = 8192  # characters; the limit of browsers and servers is here or lower

# invisible at the ends of a pasted text, including zero-width characters and the BOM
_WHITESPACE = (
    "\t\n\v\f\r \x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ENCODED = re.compile(r"https?%(?:25)*3A", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")  # `localhost:9999/p` has no scheme
_PAGE_URL = re.compile(
    r"(?P<scheme>https?)://(?P<user>[^/?#\\]*@)?(?P<host>\[[^/?#\\]*\]|[^/?#\\:\[\]]*)(?P<port>:[^/?#\\]*)?"
    r"(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.IGNORECASE,
)
_HOST = re.compile(r"\[[0-9A-Fa-f:.]+\]|[^\s#%/:<>?@\[\\\]^|]+")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_PATH_ESCAPES = re.compile(r'[^!-~]|["<>`{}]')  # characters that browsers escape there, by the URL standard
_QUERY_ESCAPES = re.compile(r"[^!-~]|[\"<>']")
URLS_MAX = 20  # of the list of recent URLs
URL_LENGTH_MAX = 2000  # characters of a URL in that list
_OAUTH_PARAMETERS = frozenset({"code", "state"})
_NESTED_OAUTH = re.compile(r"[?&#](?:code|state)=", re.IGNORECASE)


class PageUrl(Struct, frozen=True):
    """An http or https URL in its parts, as written; each part includes its `:`, `?` or `#`."""

    scheme: str
    user: str
    host: str
    port: str
    path: str
    query: str
    fragment: str

    @property
    def full_url(self) -> str:
        before = f"{self.scheme}://{self.user}{self.host}{self.port}"
        return f"{before}{self.path}{self.query}{self.fragment}"

    @property
    def browser_host(self) -> str:
        return browser_host(self.host)

    @property
    def is_default_port(self) -> bool:
        return self.port[1:] in ("", _DEFAULT_PORTS[self.scheme.lower()])

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        pairs = (part.partition("=") for part in self.query[1:].split("&"))
        return tuple((name, value) for name, _, value in pairs)

    def without_parameters(self, names: frozenset[str]) -> "PageUrl":
        remaining = [part for part in self.query[1:].split("&") if part.partition("=")[0] not in names]
        return replace(self, query="?" + "&".join(remaining) if remaining else "")

    @property
    def browser_form(self) -> "PageUrl":
        """Return the URL as `location.href` spells it on a page in UTF-8."""
        return replace(
            self,
            scheme=self.scheme.lower(),
            host=self.browser_host,
            path=_PATH_ESCAPES.sub(_percent_encode, self.path.replace("\\", "/")),
            query=_QUERY_ESCAPES.sub(_percent_encode, self.query),
        )


def parse_page_url(url: str) -> PageUrl | None:
    """Split an http or https URL into its parts; None for anything else, also with surrounding blanks."""
    match = _PAGE_URL.fullmatch(url)
    return PageUrl(**{part: text or "" for part, text in match.groupdict().items()}) if match else None


def url_problem(url: str) -> InputProblem | None:
    """Return why this text must not be signed, or None if it can be."""
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
    is_valid = _HOST.fullmatch(page.browser_host) and (not port or _is_port(port))
    return None if is_valid else InputProblem.URL_WITHOUT_HOST


def _invalid_url_problem(url: str) -> InputProblem:
    if re.match("https?:", url, re.IGNORECASE):
        return InputProblem.URL_WITHOUT_HOST
    return InputProblem.URL_OTHER_SCHEME if _SCHEME.match(url) else InputProblem.URL_RELATIVE


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65_535


def url_to_sign(url: str) -> str:
    """Return the part of a typed URL that is signed: without surrounding white space and the fragment.

    Nothing else is changed, not even where a browser would change it: the user decides what is signed.
    """
    return strip_fragment(strip_whitespace(url))


def strip_whitespace(url: str) -> str:
    return url.strip(_WHITESPACE)


def is_percent_encoded(url: str) -> bool:
    """Return True for a URL that was percent-encoded as a whole, once or more often."""
    return _ENCODED.match(url) is not None


def decode_url(url: str) -> str | None:
    """Decode a URL that was percent-encoded as a whole, once; None if the result must not be signed."""
    try:
        decoded = unquote(strip_whitespace(url), errors="strict")
    except UnicodeDecodeError:
        return None  # not in UTF-8: any guess would be another URL
    return decoded if url_problem(decoded) in (None, InputProblem.URL_ENCODED) else None


def browser_host(host: str) -> str:
    """Return a host as browsers report it, non-ASCII labels as xn--; empty for one that they refuse."""
    if host.isascii():
        return host.lower()
    import idna  # its tables take 10 ms to import, for nothing if the host is ASCII

    try:
        mapped = idna.uts46_remap(host, std3_rules=False)
    except idna.IDNAError:
        return ""
    # not idna.encode: it enforces the rules for registration, but browsers also open emoji domains
    labels = mapped.split(".")
    return ".".join(label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in labels)


def _percent_encode(match: re.Match[str]) -> str:
    return quote(match[0], safe="", errors="replace")


def add_recent_url(urls: tuple[str, ...], url: str) -> tuple[str, ...]:
    """Return the list with this URL in front, each URL once; unchanged if the URL may not be stored."""
    stripped = strip_oauth_parameters(url)
    hides_oauth = _NESTED_OAUTH.search(unquote(unquote(stripped)))  # in a URL inside the URL
    if not stripped or len(stripped) > URL_LENGTH_MAX or hides_oauth:
        return urls
    return (stripped, *(other for other in urls if other != stripped))[:URLS_MAX]


def strip_oauth_parameters(url: str) -> str:
    """Remove the parameters of WeChat's OAuth: for some minutes a `code` is as good as a login."""
    start, *rest = re.split(r"([?&#])", url)
    result, gap = start, ""
    for mark, part in zip(rest[::2], rest[1::2], strict=True):
        if unquote(part.partition("=")[0]).strip().lower() in _OAUTH_PARAMETERS:
            gap = gap or mark
            continue
        result += (gap if gap and mark == "&" else mark) + part
        gap = ""
    return result
