"""What is suspicious about the address of a page, with the address that is probably meant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import quote

from guarddog_gui.domain.signing.page_url import (
    PageUrl,
    browser_host,
    decoded_url,
    is_encoded,
    page_url,
    url_problem,
    without_blanks,
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
_EATEN = {"×": "times", "¶": "para", "§": "sect", "©": "copy", "®": "reg", "¬": "not", "¤": "curren"}
_EATEN_NAMES = {form: name for sign, name in _EATEN.items() for form in (sign, quote(sign))}
_ENTITY = re.compile(rf"(?P<sign>{'|'.join(_EATEN_NAMES)})(?=\w+=)|&amp;", re.ASCII)
_TWICE = re.compile("%25(?=[0-9A-Fa-f]{2})")


class UrlFlaw(StrEnum):
    """What can be suspicious about an address, in the order in which it is looked for."""

    BLANK_ENDS = "blank-ends"
    ENCODED = "encoded"
    FRAGMENT = "fragment"
    ENTITY = "entity"
    TWICE_ENCODED = "twice-encoded"
    HTTP = "http"
    LOCAL = "local"
    IP = "ip"
    PORT = "port"
    DOMAIN = "domain"
    OAUTH = "oauth"
    SHARE = "share"
    BARE = "bare"
    AS_BROWSER = "as-browser"


@dataclass(frozen=True, slots=True)
class UrlWarning:
    """One flaw. `detail` is the part of the address that has it.

    `corrected` is the given text without this flaw and otherwise the same; None where nobody can know it.
    """

    kind: UrlFlaw
    detail: str
    corrected: str | None = None


def url_warnings(url: str, domains: tuple[str, ...] = ()) -> tuple[UrlWarning, ...]:
    """What is suspicious about the text that a person gave; it is signed all the same.

    `domains` are the JS-safe domains of the account; without any, domains are not looked at. Of a text that
    must not be signed only what can be corrected is named.
    """
    if url_problem(url) not in (None, "encoded-url"):
        return ()
    return tuple(_warnings(url, domains))


def covers(domain: str, page: PageUrl) -> bool:
    """Whether a JS-safe domain is that of the page or a parent of it; it may carry a port."""
    wanted = browser_host(domain.strip())
    host = page.browser_host
    return wanted in (host, host + page.port) or host.endswith("." + wanted)


def _warnings(url: str, domains: tuple[str, ...]) -> Iterator[UrlWarning]:
    bare = without_blanks(url)
    if bare != url:
        yield UrlWarning(UrlFlaw.BLANK_ENDS, str(len(url) - len(bare)), bare)
    if is_encoded(bare):
        yield UrlWarning(UrlFlaw.ENCODED, bare, decoded_url(bare))
    start = url.index(bare)
    page = page_url(bare)
    if page is None:
        return
    for warning in (*_text_warnings(page), *_host_warnings(page, domains), *_query_warnings(page)):
        corrected = warning.corrected
        if corrected is not None:  # the blanks around it are another warning's business
            corrected = url[:start] + corrected + url[start + len(bare) :]
        yield replace(warning, corrected=corrected)


def _text_warnings(page: PageUrl) -> Iterator[UrlWarning]:
    if page.fragment:
        yield UrlWarning(UrlFlaw.FRAGMENT, page.fragment, replace(page, fragment="").text)
    eaten = _ENTITY.search(page.query)
    if eaten:
        mended = replace(page, query=_ENTITY.sub(_parameter, page.query))
        yield UrlWarning(UrlFlaw.ENTITY, eaten[0], mended.text)
    twice = _TWICE.search(page.path + page.query)
    if twice:
        once = replace(page, path=_TWICE.sub("%", page.path), query=_TWICE.sub("%", page.query))
        detail = (page.path + page.query)[twice.start() : twice.end() + 2]
        yield UrlWarning(UrlFlaw.TWICE_ENCODED, detail, once.text)


def _parameter(eaten: re.Match[str]) -> str:
    return "&" + _EATEN_NAMES.get(eaten["sign"], "")


def _host_warnings(page: PageUrl, domains: tuple[str, ...]) -> Iterator[UrlWarning]:
    host = page.browser_host
    is_listed = any(covers(domain, page) for domain in domains)
    is_local, is_ip = _is_local(host), _is_ip(host)
    if not is_local and page.scheme.lower() == "http":
        yield UrlWarning(UrlFlaw.HTTP, page.scheme, replace(page, scheme="https").text)
    if not is_listed and (is_local or is_ip):
        yield UrlWarning(UrlFlaw.LOCAL if is_local else UrlFlaw.IP, host)
    if page.port and page.is_default_port:
        yield UrlWarning(UrlFlaw.PORT, page.port, replace(page, port="").text)
    elif page.port and not is_local:
        yield UrlWarning(UrlFlaw.PORT, page.port)
    if domains and not is_listed and not is_local and not is_ip:
        yield UrlWarning(UrlFlaw.DOMAIN, host)


def _is_local(host: str) -> bool:
    return host in ("localhost", "[::1]") or host.endswith(".localhost") or host.startswith("127.")


def _is_ip(host: str) -> bool:
    """Browsers take a host for an IPv4 address when it ends in a number."""
    return host.startswith("[") or host.rstrip(".").rpartition(".")[2].isdigit()


def _query_warnings(page: PageUrl) -> Iterator[UrlWarning]:
    names = {name for name, _ in page.parameters}
    if names >= OAUTH_PARAMETERS:
        yield UrlWarning(UrlFlaw.OAUTH, _listed(OAUTH_PARAMETERS), page.without(OAUTH_PARAMETERS).text)
    shared = names & SHARE_PARAMETERS
    if any(name == "from" and value in SHARE_ORIGINS for name, value in page.parameters):
        shared |= {"from"}
    if shared:
        yield UrlWarning(UrlFlaw.SHARE, _listed(shared), page.without(frozenset(shared)).text)
    if not page.path:
        yield UrlWarning(UrlFlaw.BARE, page.host, replace(page, path="/").text)
    spelt = page.as_browser
    if spelt != page:
        yield UrlWarning(UrlFlaw.AS_BROWSER, spelt.text, spelt.text)


def _listed(names: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(names))
