"""Answers of a web server, as the checks of a page see them, and where its redirects lead."""

from enum import StrEnum
from urllib.parse import urldefrag, urljoin

from msgspec import Struct

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.readiness.certificate import Certificate
from guarddog_gui.domain.signing.page_url import PageUrl, parse_page_url, url_problem
from guarddog_gui.domain.wechat.protocol import TransportFailure

HOPS_MAX = 8  # requests of one chain of redirects
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OAUTH_HOSTS = frozenset({"open.weixin.qq.com", "open.work.weixin.qq.com", "login.work.weixin.qq.com"})


class PageAnswer(HiddenFields, Struct, frozen=True):
    """Answer to one GET, or the failure in its place.

    address       IP address that was connected to; empty behind a proxy, which resolves the name itself
    proxy         address of the proxy without its login; empty without one
    certificate   the server's, also if it was not accepted
    is_cut        the body was longer than what was asked for; the rest was not read
    """

    hidden_fields = ("body",)

    url: str
    status: int = 0
    location: str = ""
    content_type: str = ""
    body: bytes = b""
    is_cut: bool = False
    address: str = ""
    proxy: str = ""
    certificate: Certificate | None = None
    failure: TransportFailure | None = None


def redirect_target(answer: PageAnswer) -> str | None:
    """Return the URL that an answer redirects to, without the part behind #; None if it does not redirect."""
    if answer.failure is not None or answer.status not in _REDIRECTS or not answer.location:
        return None
    try:
        target = urldefrag(urljoin(answer.url, answer.location))[0]
    except ValueError:
        return answer.location
    page = parse_page_url(target)
    return page.browser_form.full_url if page is not None and url_problem(target) is None else target


def may_follow(answers: tuple[PageAnswer, ...], target: str) -> bool:
    """Return True if a redirect stays on the host that the user named and is no endless one.

    A request to another host was not asked for, and the address shows already what is to be said.
    """
    first, page = parse_page_url(answers[0].url), parse_page_url(target)
    if first is None or page is None or url_problem(target) is not None or page.user:
        return False
    is_same_host = first.browser_host == page.browser_host and (first.port == page.port or not page.port)
    return is_same_host and target not in {answer.url for answer in answers} and len(answers) < HOPS_MAX


class AddressChange(StrEnum):
    """How the address at which a page ends differs from the one that was opened; the gravest first."""

    LOOP = "loop"
    NOT_A_PAGE = "not a page"
    LOGIN = "login"  # WeChat's web authorisation
    NO_TLS = "no tls"
    HOST = "host"
    PORT = "port"
    SLASH = "slash"
    PATH = "path"
    QUERY = "query"
    NONE = "none"


def address_change(first_url: str, target: str, *, is_loop: bool) -> AddressChange:
    """Compare the URL that was opened with the one at the end of its redirects."""
    first, last = parse_page_url(first_url), parse_page_url(target)
    if first is None or last is None or url_problem(target) is not None:
        return AddressChange.NOT_A_PAGE
    if is_loop:
        return AddressChange.LOOP
    if last.browser_host in _OAUTH_HOSTS and last.path.startswith("/connect/"):
        return AddressChange.LOGIN
    if first.scheme == "https" and last.scheme != "https":
        return AddressChange.NO_TLS
    return _change_of_parts(first, last)


def _change_of_parts(first: PageUrl, last: PageUrl) -> AddressChange:
    if first.browser_host != last.browser_host:
        return AddressChange.HOST
    ports = ["" if page.is_default_port else page.port for page in (first, last)]
    if ports[0] != ports[1]:
        return AddressChange.PORT
    if first.path != last.path:
        is_slash = first.path.rstrip("/") == last.path.rstrip("/") and first.query == last.query
        return AddressChange.SLASH if is_slash else AddressChange.PATH
    return AddressChange.QUERY if first.query != last.query else AddressChange.NONE
