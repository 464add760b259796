"""WeChat's protocol without the network: request values out, replies in, grants or refusals back.

Facts come from WeChat's pages getAccessToken, getStableAccessToken and getTicket.
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from guarddog_gui.domain.accounts.account import Account, Endpoint, Secret
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.tokens.record import TokenKind

DEFAULT_API_BASE = "https://api.weixin.qq.com"
REPLY_MAX = 64 * 1024  # bytes read of any reply
LIFETIME_MAX_S = 31 * 24 * 3600
ADDRESS_MAX = 200  # characters shown of an address
ERRMSG_MAX = 500  # characters kept of an errmsg

_VALUE = re.compile(r"[!-~]{1,2048}")  # printable ASCII without spaces; WeChat asks to store 512
_RID = re.compile(r"rid:\s{0,4}([0-9a-fA-F]{1,16}(?:-[0-9a-fA-F]{1,16}){1,3})")
_IP = re.compile(  # every repetition has an end: a server's words must not take long to read
    r"(?:invalid ip|requestIP|from ip)(?:\s{0,4}:(?!:))?\s{0,4}((?=[0-9a-fA-F]{0,4}[:.])[0-9a-fA-F:.]{3,45})"
)
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class FailureKind(StrEnum):
    """Reason for which no usable answer came."""

    OFFLINE = "offline"  # no network, no name, nobody listens
    TIMEOUT = "timeout"
    TLS = "tls"
    PROXY = "proxy"
    CUT_OFF = "cut-off"
    TOO_BIG = "too-big"
    REDIRECTED = "redirected"
    HTTP_STATUS = "http-status"
    NOT_JSON = "not-json"  # a captive portal's HTML, or a torn body
    UNEXPECTED_JSON = "nonsense"  # JSON, but not what WeChat would say


@dataclass(frozen=True, slots=True)
class Request:
    """One call to WeChat: a GET with `query`, or a POST of `body` as JSON, both below the API base.

    `query` and `body` may carry the secret or a token: neither is shown by repr.
    """

    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: tuple[tuple[str, "str | bool"], ...] | None = None

    def __repr__(self) -> str:
        return f"Request({self.path})"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the HTTP status, at most REPLY_MAX bytes, and the server's Date in Unix seconds."""

    status: int
    body: bytes
    server_at: float | None = None

    def __repr__(self) -> str:
        return f"Reply({self.status}, {len(self.body)} bytes)"


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A value and its life in seconds."""

    value: str
    expires_in: int

    def __repr__(self) -> str:
        return f"Grant(…, {self.expires_in})"


@dataclass(frozen=True, slots=True)
class Refusal:
    """WeChat said no: the number, its text without secrets, the request id and the caller's IP if given."""

    errcode: int
    errmsg: str
    rid: str | None = None
    ip: str | None = None


@dataclass(frozen=True, slots=True)
class TransportFailure:
    """No usable answer. `reached` tells whether WeChat may have counted the call."""

    kind: FailureKind
    detail: str = ""
    may_have_counted: bool = True


Answer = IssuedToken | Refusal | TransportFailure


def token_request(account: Account, secret: Secret, *, force: bool) -> Request:
    """Ask for an access token: POST for stable_token, the classic GET otherwise."""
    if account.endpoint is Endpoint.STABLE:
        return Request(
            "/cgi-bin/stable_token",
            body=(
                ("grant_type", "client_credential"),
                ("appid", account.appid),
                ("secret", secret.reveal()),
                ("force_refresh", force),
            ),
        )
    return Request(
        "/cgi-bin/token",
        query=(
            ("grant_type", "client_credential"),
            ("appid", account.appid),
            ("secret", secret.reveal()),
        ),
    )


def ticket_request(access_token: str, kind: TokenKind) -> Request:
    """Ask for a ticket, of type jsapi or wx_card."""
    wanted = "wx_card" if kind is TokenKind.CARD_TICKET else "jsapi"
    return Request("/cgi-bin/ticket/getticket", query=(("access_token", access_token), ("type", wanted)))


def endpoint_name(account: Account, kind: TokenKind) -> str:
    """The name under which errcodes.json knows the call for this key."""
    if kind is not TokenKind.ACCESS_TOKEN:
        return "getticket"
    return "stable_token" if account.endpoint is Endpoint.STABLE else "token"


def parse_token_reply(reply: Reply, field: str, secrets: tuple[str, ...] = ()) -> Answer:
    """What a reply to a token or ticket request says.

    Believed only as HTTP 200 with a JSON object, a non-empty printable value in `field` and a whole
    number of seconds from 1 to 31 days. Texts in `hide` (the secret, the token in use) are cut out of errmsg.
    """
    fields = parse_reply_fields(reply, secrets)
    if not isinstance(fields, dict):
        return fields
    value = fields.get(field)
    expires_in = _parse_seconds(fields.get("expires_in"))
    if not isinstance(value, str) or not _VALUE.fullmatch(value):
        return TransportFailure(FailureKind.UNEXPECTED_JSON, f"no usable {field}")
    if expires_in is None:
        return TransportFailure(FailureKind.UNEXPECTED_JSON, "no usable expires_in")
    return IssuedToken(value, expires_in)


def parse_reply_fields(
    reply: Reply, secrets: tuple[str, ...] = ()
) -> "dict[str, object] | Refusal | TransportFailure":
    """The fields of a JSON object that is no refusal. Texts in `hide` are cut out of an errmsg."""
    fields = _parse_object(reply)
    if isinstance(fields, TransportFailure):
        return fields
    refusal = _parse_refusal(fields, secrets)
    return fields if refusal is None else refusal


def _parse_object(reply: Reply) -> dict[str, object] | TransportFailure:
    if 300 <= reply.status < 400:
        return TransportFailure(FailureKind.REDIRECTED, str(reply.status))
    if reply.status != 200:
        return TransportFailure(FailureKind.HTTP_STATUS, str(reply.status))
    if len(reply.body) > REPLY_MAX:
        return TransportFailure(FailureKind.TOO_BIG)
    try:
        fields = json.loads(
            reply.body.decode("utf-8"),
            object_pairs_hook=_reject_duplicate_keys,
            parse_constant=_reject_constant,
        )
    except (ValueError, RecursionError):
        return TransportFailure(FailureKind.NOT_JSON)
    if not isinstance(fields, dict):
        return TransportFailure(FailureKind.UNEXPECTED_JSON, "not an object")
    return fields


def _reject_duplicate_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field came twice")
    return fields


def _reject_constant(text: str) -> object:
    raise ValueError(text)


def _parse_refusal(fields: dict[str, object], secrets: tuple[str, ...]) -> Refusal | TransportFailure | None:
    errcode = fields.get("errcode", 0)
    if isinstance(errcode, str) and re.fullmatch(r"-?[0-9]{1,9}", errcode):
        errcode = int(errcode)
    if isinstance(errcode, bool) or not isinstance(errcode, int) or abs(errcode) > 10**9:
        return TransportFailure(FailureKind.UNEXPECTED_JSON, "no usable errcode")
    if errcode == 0:
        return None
    raw = fields.get("errmsg", "")
    text = raw if isinstance(raw, str) else ""
    rid = _RID.search(text)
    ip = _IP.search(text)
    return Refusal(
        errcode,
        clean_errmsg(text, secrets),
        rid.group(1) if rid else None,
        ip.group(1).rstrip(".:") if ip else None,
    )


def clean_errmsg(text: str, secrets: tuple[str, ...] = ()) -> str:
    """An errmsg fit to show and keep: no secrets, no control characters, at most 500 characters."""
    for hidden in secrets:
        if hidden:
            text = text.replace(hidden, "…")
    printable = "".join(c if c.isprintable() else " " for c in text[: ERRMSG_MAX * 4])
    return " ".join(printable.split())[:ERRMSG_MAX]


def _parse_seconds(field: object) -> int | None:
    if isinstance(field, bool):
        return None
    if isinstance(field, str) and field.isascii() and field.isdigit() and len(field) <= 9:
        field = int(field)
    if isinstance(field, int) and 0 < field <= LIFETIME_MAX_S:
        return field
    return None


def normalize_api_base(text: str) -> str:
    """The API base without a slash at the end; https, or plain http on loopback only.

    Raises BadInput for anything else: a secret must not travel in the clear.
    """
    try:
        parts = urlsplit(text.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as broken:
        raise BadInput(InputProblem.INVALID_API_BASE) from broken
    plain = parts.scheme == "http" and host in _LOOPBACK
    if not host or parts.query or parts.fragment or parts.username or not (parts.scheme == "https" or plain):
        raise BadInput(InputProblem.INVALID_API_BASE)
    return text.strip().rstrip("/")


def redact_api_base(text: str) -> str:
    """One that cannot be used, as it may be shown: in one line, and without a name and password in it."""
    printable = "".join(c if c.isprintable() else "…" for c in text[:ADDRESS_MAX])
    return re.sub(r"//.*@", "//…@", printable)
