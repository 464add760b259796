"""What is suspicious about the address of a page, with the address that is probably meant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import quote

from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing.page_url import (
    PageUrl,
    browser_host,
    decode_url,
    is_percent_encoded,
    parse_page_url,
    strip_whitespace,
    url_problem,
)

# what WeChat adds to a page's address when it is shared or opened from a share
SHARE_PARAMETERS = frozenset(
    {
        "isappinstalled",
        "scene",
        "subscene",
        "clicktime",
        "enterid",
        "wxshare_count",
        "nsukey",
        "sharer_shareid",
        "sharer_shareinfo",
        "sharer_shareinfo_first",
        "sharer_sharetime",
    }
)
SHARE_ORIGINS = frozenset({"singlemessage", "groupmessage", "timeline"})  # of `from`
OAUTH_PARAMETERS = frozenset({"code", "state"})

# entities that HTML reads without their semicolon, at the beginning of parameters that exist
_HTML_ENTITIES = {"×": "times", "¶": "para", "§": "sect", "©": "copy", "®": "reg", "¬": "not", "¤": "curren"}
_HTML_ENTITY_NAMES = {form: name for sign, name in _HTML_ENTITIES.items() for form in (sign, quote(sign))}
_ENTITY = re.compile(rf"(?P<sign>{'|'.join(_HTML_ENTITY_NAMES)})(?=\w+=)|&amp;", re.ASCII)
_DOUBLE_ENCODED = re.compile("%25(?=[0-9A-Fa-f]{2})")


class UrlWarningKind(StrEnum):
    """What can be suspicious about an address, in the order in which it is looked for."""

    SURROUNDING_WHITESPACE = "blank-ends"
    ENCODED = "encoded"
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


@dataclass(frozen=True, slots=True)
class UrlWarning:
    """One flaw. `detail` is the part of the address that has it.

    `corrected` is the given text without this flaw and otherwise the same; None where nobody can know it.
    """

    kind: UrlWarningKind
    detail: str
    corrected: str | None = None


def find_url_warnings(url: str, domains: tuple[str, ...] = ()) -> tuple[UrlWarning, ...]:
    """What is suspicious about the text that a person gave; it is signed all the same.

    `domains` are the JS-safe domains of the account; without any, domains are not looked at. Of a text that
    must not be signed only what can be corrected is named.
    """
    if url_problem(url) not in (None, InputProblem.URL_ENCODED):
        return ()
    return tuple(_find_warnings(url, domains))


def domain_covers_page(domain: str, page: PageUrl) -> bool:
    """Whether a JS-safe domain is that of the page or a parent of it; it may carry a port."""
    wanted = browser_host(domain.strip())
    host = page.browser_host
    return wanted in (host, host + page.port) or host.endswith("." + wanted)


def _find_warnings(url: str, domains: tuple[str, ...]) -> Iterator[UrlWarning]:
    bare = strip_whitespace(url)
    if bare != url:
        yield UrlWarning(UrlWarningKind.SURROUNDING_WHITESPACE, str(len(url) - len(bare)), bare)
    if is_percent_encoded(bare):
        yield UrlWarning(UrlWarningKind.ENCODED, bare, decode_url(bare))
    start = url.index(bare)
    page = parse_page_url(bare)
    if page is None:
        return
    for warning in (*_text_warnings(page), *_host_warnings(page, domains), *_query_warnings(page)):
        corrected = warning.corrected
        if corrected is not None:  # the blanks around it are another warning's business
            corrected = url[:start] + corrected + url[start + len(bare) :]
        yield replace(warning, corrected=corrected)


def _text_warnings(page: PageUrl) -> Iterator[UrlWarning]:
    if page.fragment:
        yield UrlWarning(UrlWarningKind.FRAGMENT, page.fragment, replace(page, fragment="").full_url)
    eaten = _ENTITY.search(page.query)
    if eaten:
        mended = replace(page, query=_ENTITY.sub(_restore_parameter, page.query))
        yield UrlWarning(UrlWarningKind.HTML_ENTITY, eaten[0], mended.full_url)
    twice = _DOUBLE_ENCODED.search(page.path + page.query)
    if twice:
        once = replace(
            page, path=_DOUBLE_ENCODED.sub("%", page.path), query=_DOUBLE_ENCODED.sub("%", page.query)
        )
        detail = (page.path + page.query)[twice.start() : twice.end() + 2]
        yield UrlWarning(UrlWarningKind.TWICE_ENCODED, detail, once.full_url)


def _restore_parameter(entity_match: re.Match[str]) -> str:
    return "&" + _HTML_ENTITY_NAMES.get(entity_match["sign"], "")


def _host_warnings(page: PageUrl, domains: tuple[str, ...]) -> Iterator[UrlWarning]:
    host = page.browser_host
    is_listed = any(domain_covers_page(domain, page) for domain in domains)
    is_local, is_ip = _is_local(host), _is_ip(host)
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


def _is_local(host: str) -> bool:
    return host in ("localhost", "[::1]") or host.endswith(".localhost") or host.startswith("127.")


def _is_ip(host: str) -> bool:
    """Browsers take a host for an IPv4 address when it ends in a number."""
    return host.startswith("[") or host.rstrip(".").rpartition(".")[2].isdigit()


def _query_warnings(page: PageUrl) -> Iterator[UrlWarning]:
    names = {name for name, _ in page.parameters}
    if names >= OAUTH_PARAMETERS:
        yield UrlWarning(
            UrlWarningKind.OAUTH_PARAMETER,
            _join_names(OAUTH_PARAMETERS),
            page.without_parameters(OAUTH_PARAMETERS).full_url,
        )
    shared = names & SHARE_PARAMETERS
    if any(name == "from" and value in SHARE_ORIGINS for name, value in page.parameters):
        shared |= {"from"}
    if shared:
        yield UrlWarning(
            UrlWarningKind.SHARE_PARAMETER,
            _join_names(shared),
            page.without_parameters(frozenset(shared)).full_url,
        )
    if not page.path:
        yield UrlWarning(UrlWarningKind.NO_PATH, page.host, replace(page, path="/").full_url)
    spelt = page.browser_form
    if spelt != page:
        yield UrlWarning(UrlWarningKind.BROWSER_SPELLING, spelt.full_url, spelt.full_url)


def _join_names(names: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(names))
