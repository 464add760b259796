"""WeChat's token and ticket calls without the network: build requests, parse replies.

Based on WeChat's pages getAccessToken, getStableAccessToken and getTicket.
"""

import re
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Endpoint, Secret
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.tokens.expiry import BELIEVABLE_LIFETIME_MAX_S
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.reply_body import NotJsonError, find_errcode, parse_body, parse_whole_number

DEFAULT_API_BASE = "https://api.weixin.qq.com"
REPLY_MAX = 64 * 1024  # bytes read of any reply
ADDRESS_MAX = 200  # characters shown of an address
ERRMSG_MAX = 500  # characters kept of an errmsg

HTML = "html"
# details of a failure of the proxy: nothing was sent, because the password of the proxy is not known
PROXY_PASSWORD_MISSING = "no password"  # noqa: S105 - a detail
PROXY_KEYRING_LOCKED = "keyring locked"
PROXY_KEYRING_DOWN = "keyring does not answer"
CONTRADICTION = "errcode with a value"  # beginning of the detail, before the errcode

_VALUE = re.compile(r"[!-~]{1,2048}")  # printable ASCII without spaces; WeChat asks to store 512
_RID = re.compile(r"rid:\s{0,4}([0-9a-fA-F]{1,16}(?:-[0-9a-fA-F]{1,16}){1,3})")
_IP = re.compile(  # every repetition is limited: text from a server must not be slow to search
    r"(?:invalid ip|requestIP|from ip)(?:\s{0,4}:(?!:))?\s{0,4}((?=[0-9a-fA-F]{0,4}[:.])[0-9a-fA-F:.]{3,45})"
)


class FailureKind(StrEnum):
    """Reason why no usable answer arrived."""

    OFFLINE = "offline"  # no network, unknown host name, connection refused
    TIMEOUT = "timeout"
    TLS = "tls"
    PROXY = "proxy"
    CUT_OFF = "cut-off"
    TOO_BIG = "too-big"
    REDIRECTED = "redirected"
    HTTP_STATUS = "http-status"
    NOT_JSON = "not-json"  # an incomplete body; with the detail HTML a web page, as of a captive portal
    UNEXPECTED_JSON = "nonsense"  # JSON, but not of the form that WeChat documents


class Request(HiddenFields, Struct, frozen=True):
    """One call to WeChat: a GET with `query`, or a POST of `body` as JSON; `path` is below the API base.

    `query` and `body` may contain the AppSecret or a token, so repr leaves them out.
    """

    hidden_fields = ("query", "body")

    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: tuple[tuple[str, "str | bool"], ...] | None = None


class Reply(HiddenFields, Struct, frozen=True):
    """HTTP reply: the status, at most REPLY_MAX bytes, and the server's Date header in Unix seconds."""

    hidden_fields = ("body",)

    status: int
    body: bytes
    server_at: float | None = None
    is_proxied: bool = False  # it came through a proxy, whose address WeChat may see


class IssuedToken(HiddenFields, Struct, frozen=True):
    """Token or ticket from a reply, and its lifetime in seconds."""

    hidden_fields = ("value",)

    value: str
    expires_in: int


class Refusal(Struct, frozen=True):
    """Refusal by WeChat: errcode, errmsg without secrets, rid and the caller's IP address if given."""

    errcode: int
    errmsg: str
    rid: str | None = None
    ip: str | None = None
    is_proxied: bool = False


class TransportFailure(Struct, frozen=True):
    """No usable answer arrived; `may_have_counted` is False if the request cannot have reached WeChat."""

    kind: FailureKind
    detail: str = ""
    may_have_counted: bool = True


Answer = IssuedToken | Refusal | TransportFailure


def token_request(account: Account, secret: Secret, *, force: bool) -> Request:
    """Build the request for an access token: POST to stable_token, or GET on the classic endpoint."""
    credential = (("grant_type", "client_credential"), ("appid", account.appid), ("secret", secret.reveal()))
    if account.endpoint is Endpoint.STABLE:
        return Request("/cgi-bin/stable_token", body=(*credential, ("force_refresh", force)))
    return Request("/cgi-bin/token", query=credential)


def ticket_request(access_token: str, kind: TokenKind) -> Request:
    ticket_type = "wx_card" if kind is TokenKind.CARD_TICKET else "jsapi"
    return Request("/cgi-bin/ticket/getticket", query=(("access_token", access_token), ("type", ticket_type)))


def endpoint_name(account: Account, kind: TokenKind) -> str:
    """Return the name of the call for this key in errcodes.json."""
    if kind is not TokenKind.ACCESS_TOKEN:
        return "getticket"
    return "stable_token" if account.endpoint is Endpoint.STABLE else "token"


def parse_token_reply(reply: Reply, name: str, secrets: tuple[str, ...] = ()) -> Answer:
    """Read the reply to a token or ticket request.

    Accepted only as HTTP 200 with a JSON object, a non-empty printable value in the field `name` and a whole number of
    seconds from 1 to 31 days. `secrets` (the AppSecret, the token in use) are removed from errmsg.

    With an errcode and a value at once, the reply contradicts itself: getAccessToken and getStableAccessToken document
    one or the other. Neither is believed: the value may be dead, and the errcode could stop the account for good.
    """
    fields = parse_reply_fields(reply, secrets)
    if isinstance(fields, Refusal) and _has_value(reply, name):
        return TransportFailure(FailureKind.UNEXPECTED_JSON, f"{CONTRADICTION} {fields.errcode}")
    if not isinstance(fields, dict):
        return fields
    value, expires_in = fields.get(name), parse_whole_number(fields.get("expires_in"), digits_max=9)
    if not isinstance(value, str) or not _VALUE.fullmatch(value):
        return TransportFailure(FailureKind.UNEXPECTED_JSON, f"no usable {name}")
    if expires_in is None or not 0 < expires_in <= BELIEVABLE_LIFETIME_MAX_S:
        return TransportFailure(FailureKind.UNEXPECTED_JSON, "no usable expires_in")
    return IssuedToken(value, expires_in)


def _has_value(reply: Reply, name: str) -> bool:
    fields = _parse_object(reply)
    value = fields.get(name) if isinstance(fields, dict) else None
    return isinstance(value, str) and _VALUE.fullmatch(value) is not None


def parse_reply_fields(reply: Reply, secrets: tuple[str, ...] = ()) -> "dict[str, object] | Refusal | TransportFailure":
    """Return the fields of a JSON object that is not a refusal; remove `secrets` from errmsg.

    WeChat refuses with status 200. A gateway in front of it may set another status and leave the body as it is:
    then the refusal counts, but never a value.
    """
    if 300 <= reply.status < 400:
        return TransportFailure(FailureKind.REDIRECTED, str(reply.status))
    fields = _parse_object(reply)
    refusal = None if isinstance(fields, TransportFailure) else parse_refusal(fields, secrets)
    if reply.status != 200 and not isinstance(refusal, Refusal):
        return TransportFailure(FailureKind.HTTP_STATUS, str(reply.status))
    if isinstance(refusal, Refusal) and reply.is_proxied:
        refusal = replace(refusal, is_proxied=True)
    return fields if refusal is None else refusal


def _parse_object(reply: Reply) -> dict[str, object] | TransportFailure:
    if len(reply.body) > REPLY_MAX:
        return TransportFailure(FailureKind.TOO_BIG)
    try:
        fields = parse_body(reply.body)
    except NotJsonError as error:
        return TransportFailure(FailureKind.NOT_JSON, HTML if error.is_html else "")
    if not isinstance(fields, dict):
        return TransportFailure(FailureKind.UNEXPECTED_JSON, "not an object")
    return fields


def parse_refusal(fields: dict[str, object], secrets: tuple[str, ...]) -> Refusal | TransportFailure | None:
    errcode, text = find_errcode(fields)
    if errcode is None:
        return TransportFailure(FailureKind.UNEXPECTED_JSON, "no usable errcode")
    if errcode == 0:
        return None
    separate_rid = fields.get("rid")
    rid = _RID.search(text) or _RID.search(f"rid: {separate_rid}" if isinstance(separate_rid, str) else "")
    ip = _IP.search(text)
    return Refusal(errcode, clean_errmsg(text, secrets), rid[1] if rid else None, ip[1].rstrip(".:") if ip else None)


def clean_errmsg(text: str, secrets: tuple[str, ...] = ()) -> str:
    """Return an errmsg that may be shown and stored: no secrets, no control characters, limited length."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "…")
    printable = "".join(c if c.isprintable() else " " for c in text[: ERRMSG_MAX * 4])
    return " ".join(printable.split())[:ERRMSG_MAX]


def redact_api_base(text: str) -> str:
    """Return an unusable API base as it may be shown: in one line, without user name and password."""
    printable = "".join(c if c.isprintable() else "…" for c in text[:ADDRESS_MAX])
    return re.sub(r"//.*@", "//…@", printable)
