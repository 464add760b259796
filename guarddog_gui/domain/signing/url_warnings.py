"""Warnings about suspicious page URLs, each with the URL that was probably meant."""

import re
from collections.abc import Iterator
from enum import StrEnum
from urllib.parse import quote, unquote

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing import page_url
from guarddog_gui.domain.signing.page_url import PageUrl

# parameters that WeChat and WeCom add when a page is shared or opened from a share; reported by developers
SHARE_PARAMETERS = frozenset({
    "isappinstalled", "scene", "subscene", "clicktime", "enterid", "wxshare_count", "nsukey", "sessionid", "ascene",
    "exportkey", "pass_ticket", "wx_header", "nwr_flag", "_wv", "sharer_username", "srcid", "wxwork_userid",
    "devicetype",
    "countrycode", "sharer_shareid", "sharer_shareinfo", "sharer_shareinfo_first", "sharer_sharetime",
})  # fmt: skip
SHARE_ORIGINS = frozenset({"singlemessage", "groupmessage", "timeline", "app", "wechat"})  # values of `from`
# names that other programs use as well, with the values that are WeChat's
_GENERIC_VALUES = {
    "from": re.compile("|".join(sorted(SHARE_ORIGINS))),
    "weixin": re.compile("[01]"),
    "lang": re.compile("zh_(?:CN|TW|HK)|en"),
    "version": re.compile("[12][0-9a-f]{7}"),  # 0x18002a2f is 8.0.42
}
GENERIC_SHARE_PARAMETERS = frozenset(_GENERIC_VALUES)
OAUTH_PARAMETERS = frozenset({"code", "state"})

# hosts of the links of WeChat's web authorisation (/connect/oauth2/authorize, /connect/qrconnect)
_OAUTH_HOSTS = frozenset({"open.weixin.qq.com", "open.work.weixin.qq.com", "login.work.weixin.qq.com"})

# HTML entities that browsers decode without the semicolon, at the beginning of parameters in use
_HTML_ENTITIES = {"×": "times", "¶": "para", "§": "sect", "©": "copy", "®": "reg", "¬": "not", "¤": "curren"}
_HTML_ENTITY_NAMES = {form: name for sign, name in _HTML_ENTITIES.items() for form in (sign, quote(sign))}
_ENTITY = re.compile(rf"(?P<sign>{'|'.join(_HTML_ENTITY_NAMES)})(?=\w+=)|&amp;", re.ASCII)
_DOUBLE_ENCODED = re.compile("%25(?=[0-9A-Fa-f]{2})")


class UrlWarningKind(StrEnum):
    """Kinds of warnings, in the order in which they are checked."""

    SURROUNDING_WHITESPACE = "blank-ends"
    ENCODED = "encoded"
    OAUTH_LINK = "oauth-link"
    FRAGMENT = "fragment"
    HTML_ENTITY = "entity"
    TWICE_ENCODED = "twice-encoded"
    HTTP = "http"
    LOCAL_HOST = "local"
    IP_ADDRESS = "ip"
    PORT = "port"
    UNLISTED_DOMAIN = "domain"
    OAUTH_PARAMETER = "oauth"
    SHARE_PARAMETER = "share"
    NO_PATH = "bare"
    BROWSER_SPELLING = "as-browser"


class UrlWarning(Struct, frozen=True):
    """One warning; `detail` is the part of the URL that it is about.

    `corrected` is the typed text with only this flaw removed; None if the correct form is unknown.
    """

    kind: UrlWarningKind
    detail: str
    corrected: str | None = None


def find_url_warnings(url: str, domains: tuple[str, ...] = ()) -> tuple[UrlWarning, ...]:
    """Find what is suspicious about a typed URL; warnings do not prevent signing.

    `domains` are the JS-safe domains of the account; if empty, the domain is not checked. A text that must
    not be signed gets only the warnings that a correction exists for.
    """
    if page_url.url_problem(url) not in (None, InputProblem.URL_ENCODED):
        return ()
    return tuple(_find_warnings(url, domains))


def domain_covers_page(domain: str, page: PageUrl) -> bool:
    """Return True if a JS-safe domain is the host of the page or a parent of it; it may have a port."""
    expected = page_url.browser_host(domain.strip())
    host = page.browser_host
    return expected in (host, host + page.port) or host.endswith("." + expected)


def _find_warnings(url: str, domains: tuple[str, ...]) -> Iterator[UrlWarning]:
    bare = page_url.strip_whitespace(url)
    if bare != url:
        yield UrlWarning(UrlWarningKind.SURROUNDING_WHITESPACE, str(len(url) - len(bare)), bare)
    if page_url.is_percent_encoded(bare):
        yield UrlWarning(UrlWarningKind.ENCODED, bare, page_url.decode_url(bare))
    start = url.index(bare)
    page = page_url.parse_page_url(bare)
    if page is None:
        return
    for warning in (*_text_warnings(page), *_host_warnings(page, domains), *_query_warnings(page)):
        corrected = warning.corrected
        if corrected is not None:  # keep the surrounding blanks: they have a warning of their own
            corrected = url[:start] + corrected + url[start + len(bare) :]
        yield replace(warning, corrected=corrected)


def _text_warnings(page: PageUrl) -> Iterator[UrlWarning]:
    if page.browser_host in _OAUTH_HOSTS and page.path.startswith("/connect/"):
        yield UrlWarning(UrlWarningKind.OAUTH_LINK, page.host + page.path, _redirect_target(page))
    if page.fragment:
        yield UrlWarning(UrlWarningKind.FRAGMENT, page.fragment, replace(page, fragment="").full_url)
    entity = _ENTITY.search(page.query)
    if entity:
        query = _ENTITY.sub(lambda found: "&" + _HTML_ENTITY_NAMES.get(found["sign"], ""), page.query)
        yield UrlWarning(UrlWarningKind.HTML_ENTITY, entity[0], replace(page, query=query).full_url)
    double = _DOUBLE_ENCODED.search(page.path + page.query)
    if double:
        decoded = replace(page, path=_DOUBLE_ENCODED.sub("%", page.path), query=_DOUBLE_ENCODED.sub("%", page.query))
        detail = (page.path + page.query)[double.start() : double.end() + 2]
        yield UrlWarning(UrlWarningKind.TWICE_ENCODED, detail, decoded.full_url)


def _redirect_target(page: PageUrl) -> str | None:
    """Return the page that a link of WeChat's web authorisation leads to, or None if it names none."""
    target = unquote(dict(page.parameters).get("redirect_uri", ""))
    return target if page_url.url_problem(target) is None else None


def _host_warnings(page: PageUrl, domains: tuple[str, ...]) -> Iterator[UrlWarning]:
    host = page.browser_host
    is_listed = any(domain_covers_page(domain, page) for domain in domains)
    is_local, is_ip = is_local_host(host), is_ip_address(host)
    if not is_local and page.scheme.lower() == "http":
        yield UrlWarning(UrlWarningKind.HTTP, page.scheme, replace(page, scheme="https").full_url)
    if not is_listed and (is_local or is_ip):
        yield UrlWarning(UrlWarningKind.LOCAL_HOST if is_local else UrlWarningKind.IP_ADDRESS, host)
    if page.port and page.is_default_port:
        yield UrlWarning(UrlWarningKind.PORT, page.port, replace(page, port="").full_url)
    elif page.port and not is_local:
        yield UrlWarning(UrlWarningKind.PORT, page.port)
    if domains and not is_listed and not is_local and not is_ip:
        yield UrlWarning(UrlWarningKind.UNLISTED_DOMAIN, host)


def is_local_host(host: str) -> bool:
    return host in ("localhost", "[::1]") or host.endswith(".localhost") or host.startswith("127.")


def is_ip_address(host: str) -> bool:
    """Return True for an IP address; browsers take each host that ends in a number for an IPv4 address."""
    return host.startswith("[") or host.rstrip(".").rpartition(".")[2].isdigit()


def _query_warnings(page: PageUrl) -> Iterator[UrlWarning]:
    names = {name for name, _ in page.parameters}
    if names >= OAUTH_PARAMETERS:
        yield _removable_parameters(UrlWarningKind.OAUTH_PARAMETER, page, OAUTH_PARAMETERS)
    shared = names & SHARE_PARAMETERS
    shared |= {
        name for name, value in page.parameters if name in _GENERIC_VALUES and _GENERIC_VALUES[name].fullmatch(value)
    }
    if shared:
        yield _removable_parameters(UrlWarningKind.SHARE_PARAMETER, page, frozenset(shared))
    if not page.path:
        yield UrlWarning(UrlWarningKind.NO_PATH, page.host, replace(page, path="/").full_url)
    browser_form = page.browser_form
    if browser_form != page:
        yield UrlWarning(UrlWarningKind.BROWSER_SPELLING, browser_form.full_url, browser_form.full_url)


def _removable_parameters(kind: UrlWarningKind, page: PageUrl, names: frozenset[str]) -> UrlWarning:
    return UrlWarning(kind, ", ".join(sorted(names)), page.without_parameters(names).full_url)
