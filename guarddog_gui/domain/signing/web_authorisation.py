"""Web authorisation (OAuth) of a page: its link, what is usually wrong with it, and the exchange of its code.

Based on WeChat's pages on web authorisation and api_snsaccesstoken.
"""

import re
from enum import StrEnum
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account, Platform, Secret
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing.page_url import PageUrl, decode_url, is_percent_encoded, parse_page_url, url_problem
from guarddog_gui.domain.signing.url_warnings import domain_covers_page, is_ip_address, is_local_host
from guarddog_gui.domain.wechat import protocol
from guarddog_gui.domain.wechat.protocol import FailureKind, Refusal, Reply, Request, TransportFailure

AUTHORISATION_BASE = "https://open.weixin.qq.com"
AUTHORISE_PATH = "/connect/oauth2/authorize"
EXCHANGE_PATH = "/sns/oauth2/access_token"
CODE_MAX = 512  # characters
TEXT_MAX = 200  # characters shown of an openid
_STATE = re.compile(r"[A-Za-z0-9]{0,128}")
_CODE = re.compile(rf"[\w-]{{8,{CODE_MAX}}}", re.ASCII)
_CODE_IN_TEXT = re.compile(rf"(?<![A-Za-z_])code\W{{1,6}}([\w-]{{8,{CODE_MAX}}})", re.ASCII)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Scope(StrEnum):
    """What the page asks the user for."""

    BASE = "snsapi_base"  # openid, without a question
    USERINFO = "snsapi_userinfo"  # also name and picture, with a question


class LinkWarning(StrEnum):
    """Things that are usually wrong with an authorisation link."""

    HTTP = "http"
    PORT = "port"
    LOCAL = "local"
    FRAGMENT = "fragment"
    DECODED = "decoded"
    OTHER_DOMAIN = "other-domain"
    INVALID_STATE = "state"


class AuthorisationLink(Struct, frozen=True):
    """Link that sends the user through the authorisation; `domain` is what the account has to authorise."""

    url: str
    domain: str
    warnings: tuple[LinkWarning, ...] = ()


class AuthorisationCode(HiddenFields, Struct, frozen=True):
    """Code of an authorisation, and the state that came back with it ("" if unknown)."""

    hidden_fields = ("code",)

    code: str
    state: str = ""


class WebAuthorisation(Struct, frozen=True):
    """User and rights of an exchanged code. The tokens of the reply are not kept."""

    openid: str
    scope: str
    unionid: str = ""
    is_snapshot_user: bool = False


def make_link(
    account: Account, redirect_uri: str, scope: Scope, state: str, base: str = AUTHORISATION_BASE
) -> AuthorisationLink | InputProblem:
    """Build the link; the order of its parameters is that of WeChat, which its own check needs."""
    if account.platform is Platform.MINI_PROGRAM:
        return InputProblem.NO_WEB_AUTHORISATION
    redirect_uri = redirect_uri.strip()
    decoded = decode_url(redirect_uri) if is_percent_encoded(redirect_uri) else None
    problem = url_problem(decoded or redirect_uri)
    page = parse_page_url(decoded or redirect_uri)
    if problem is not None or page is None:
        return problem or InputProblem.URL_RELATIVE
    parameters = (
        ("appid", account.appid), ("redirect_uri", page.full_url), ("response_type", "code"), ("scope", scope.value),
        ("state", state),
    )  # fmt: skip
    url = f"{base}{AUTHORISE_PATH}?{urlencode(parameters, quote_via=quote, safe='')}#wechat_redirect"
    warnings = [LinkWarning.DECODED] if decoded else []
    return AuthorisationLink(url, page.browser_host, (*warnings, *_find_warnings(page, state, account.js_domains)))


def _find_warnings(page: PageUrl, state: str, domains: tuple[str, ...]) -> tuple[LinkWarning, ...]:
    is_local = is_ip_address(page.browser_host) or is_local_host(page.browser_host)
    found = {
        LinkWarning.HTTP: page.scheme.lower() == "http" and not is_local,
        LinkWarning.PORT: not page.is_default_port and not is_local,
        LinkWarning.LOCAL: is_local,
        LinkWarning.FRAGMENT: bool(page.fragment),
        LinkWarning.OTHER_DOMAIN: bool(domains) and not any(domain_covers_page(domain, page) for domain in domains),
        LinkWarning.INVALID_STATE: _STATE.fullmatch(state) is None,
    }
    return tuple(warning for warning, is_found in found.items() if is_found)


def authorisation_base(api_base: str) -> str:
    """Return the host of the authorisation page: WeChat's, or the sandbox for an API base on this computer."""
    return api_base if urlsplit(api_base).hostname in _LOOPBACK else AUTHORISATION_BASE


def read_code(text: str) -> AuthorisationCode | InputProblem:
    """Read a pasted code: alone, or in the address to which WeChat sent the user."""
    text = text.strip().strip("\"'")
    if _CODE.fullmatch(text):
        return AuthorisationCode(text)
    fields = parse_qs(urlsplit(text).query) if "://" in text and " " not in text else {}
    code = next(iter(fields.get("code", [])), "")
    if _CODE.fullmatch(code):
        return AuthorisationCode(code, next(iter(fields.get("state", [])), ""))
    found = _CODE_IN_TEXT.search(text)
    return InputProblem.CODE_NOT_FOUND if found is None else AuthorisationCode(found[1])


def exchange_request(appid: str, secret: Secret, code: AuthorisationCode) -> Request:
    parameters = (
        ("appid", appid), ("secret", secret.reveal()), ("code", code.code), ("grant_type", "authorization_code"),
    )  # fmt: skip
    return Request(EXCHANGE_PATH, query=parameters)


def parse_exchange(reply: Reply, secrets: tuple[str, ...]) -> WebAuthorisation | Refusal | TransportFailure:
    """Read who the user is; the access_token and refresh_token of the reply are dropped here."""
    fields = protocol.parse_reply_fields(reply, secrets=secrets)
    if not isinstance(fields, dict):
        return fields
    openid, scope, unionid = (_text(fields.get(name)) for name in ("openid", "scope", "unionid"))
    if not openid:
        return TransportFailure(FailureKind.UNEXPECTED_JSON, "no openid")
    return WebAuthorisation(openid, scope, unionid, is_snapshot_user=fields.get("is_snapshotuser") in (1, "1"))


def _text(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return "".join(char for char in text if char.isprintable())[:TEXT_MAX]
