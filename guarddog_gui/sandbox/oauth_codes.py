"""Web authorisation of the sandbox: the page that gives out codes, and the codes until they are exchanged."""

import html
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from msgspec import Struct

from guarddog_gui.sandbox.http_messages import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from guarddog_gui.sandbox.rules import SandboxRules

AUTHORISE_PATH = "/connect/oauth2/authorize"
CODE_LIFETIME_S = 300
_CODE_LENGTH = 32
_KEPT_MAX = 1000  # codes
_SCOPES = ("snsapi_base", "snsapi_userinfo")


class OAuthCode(Struct):
    """One code of an account; it can be exchanged once."""

    appid: str
    scope: str
    issued_at: float
    is_used: bool = False


class OAuthCodes:
    """Codes by their value, the oldest first."""

    def __init__(self, make_value: Callable[[], str]) -> None:
        self._make_value = make_value
        self._codes: dict[str, OAuthCode] = {}

    def issue(self, appid: str, scope: str, now: float) -> str:
        code = self._make_value()[-_CODE_LENGTH:]
        self._codes[code] = OAuthCode(appid, scope, now)
        while len(self._codes) > _KEPT_MAX:
            del self._codes[next(iter(self._codes))]
        return code

    def redeem(self, value: str, appid: str, now: float) -> OAuthCode | int:
        """Use a code up. Return errcode 40029 for a wrong or old one, and 40163 for one that was used."""
        code = self._codes.get(value)
        if code is None or code.appid != appid or now - code.issued_at > CODE_LIFETIME_S:
            return 40029
        if code.is_used:
            return 40163
        code.is_used = True
        return code

    def make_tokens(self) -> tuple[str, str]:
        """Return an access_token and a refresh_token of a user."""
        return self._make_value(), self._make_value()


def authorise(rules: "SandboxRules", request: HttpRequest) -> HttpResponse:
    """Send the browser back to its page with a code, as WeChat does where the user agrees."""
    query = request.query
    target, scope = query.get("redirect_uri", ""), query.get("scope", "")
    if scope not in _SCOPES:
        return _refuse(10005, "this scope does not exist")
    if urlsplit(target).scheme not in ("http", "https"):
        return _refuse(10003, "redirect_uri is no address of a page")
    code = rules.issue_oauth_code(query.get("appid", ""), scope)
    if code is None:
        return _refuse(40013, "no account has this appid")
    page, hash_, fragment = target.partition("#")
    parameters = urlencode({"code": code, "state": query.get("state", "")})
    address = f"{page}{'&' if '?' in page else '?'}{parameters}{hash_}{fragment}"
    return HttpResponse(302, b"", headers=(("Location", address),))


def _refuse(errcode: int, text: str) -> HttpResponse:
    return HttpResponse(200, f"<!DOCTYPE html><p>{html.escape(text)} ({errcode})</p>".encode())
