"""Answers to calls of the API console: what they are, what they say, and how they are shown without the token.

What an answer is follows from its first bytes, never from the Content-Type that the server states.
"""

from enum import StrEnum

from msgspec import DecodeError, Struct
from msgspec.json import format as format_json

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.wechat.account_queries import redact_secrets
from guarddog_gui.domain.wechat.protocol import FailureKind, Refusal, TransportFailure, parse_refusal
from guarddog_gui.domain.wechat.reply_body import NotJsonError, parse_body

ANSWER_MAX = 16 * 1024 * 1024  # bytes read of an answer: WeChat's largest materials have 10 MB
PRETTY_MAX = 1024 * 1024  # bytes; a larger text is shown as it came
_RID_PATH = "/cgi-bin/openapi/rid/get"  # its answer contains a URL with an access token
_HTTP_OK = 200


class Content(StrEnum):
    """Kind of an answer; the value is the suffix of a file with it."""

    EMPTY = ""
    JSON = "json"
    TEXT = "txt"
    PNG = "png"
    JPEG = "jpg"
    GIF = "gif"
    WEBP = "webp"
    BMP = "bmp"
    MP4 = "mp4"
    MP3 = "mp3"
    AMR = "amr"
    PDF = "pdf"
    ZIP = "zip"
    BINARY = "bin"

    @property
    def is_picture(self) -> bool:
        return self in (Content.PNG, Content.JPEG, Content.GIF, Content.WEBP, Content.BMP)

    @property
    def is_text(self) -> bool:
        return self in (Content.EMPTY, Content.JSON, Content.TEXT)


_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", Content.PNG),
    (b"\xff\xd8\xff", Content.JPEG),
    (b"GIF87a", Content.GIF),
    (b"GIF89a", Content.GIF),
    (b"BM", Content.BMP),
    (b"ID3", Content.MP3),
    (b"#!AMR", Content.AMR),
    (b"%PDF-", Content.PDF),
    (b"PK\x03\x04", Content.ZIP),
)


class ApiReply(HiddenFields, Struct, frozen=True):
    """HTTP answer to a call: status, body, and the time of the server in Unix seconds if it states one."""

    hidden_fields = ("body",)

    status: int
    body: bytes
    server_at: float | None = None


class ApiAnswer(HiddenFields, Struct, frozen=True):
    """What an answer says. `text` and `pretty` are empty for a file; no access token is in them.

    `refusal` is what WeChat refuses, or why the answer cannot be taken for one of WeChat's.
    """

    hidden_fields = ("text", "pretty", "data")

    status: int
    content: Content
    size: int
    text: str = ""
    pretty: str = ""
    data: bytes = b""  # of a file
    refusal: Refusal | TransportFailure | None = None

    @property
    def errcode(self) -> int | None:
        return self.refusal.errcode if isinstance(self.refusal, Refusal) else None

    @property
    def rid(self) -> str | None:
        return self.refusal.rid if isinstance(self.refusal, Refusal) else None


def read_answer(reply: ApiReply, path: str, tokens: tuple[str, ...]) -> ApiAnswer:
    """Return what the answer to a call of `path` says, without these tokens."""
    content, size = detect_content(reply.body), len(reply.body)
    refusal = _find_refusal(reply, content, tokens)
    if not content.is_text:
        return ApiAnswer(reply.status, content, size, data=reply.body, refusal=refusal)
    text = reply.body.decode("utf-8-sig", "replace")
    text = redact_secrets(text, *tokens) if path == _RID_PATH else _without(text, tokens)
    return ApiAnswer(reply.status, content, size, text, _pretty(text, content), refusal=refusal)


def detect_content(body: bytes) -> Content:
    """Return the kind of a body by its first bytes."""
    if not body:
        return Content.EMPTY
    for beginning, content in _BEGINNINGS:
        if body.startswith(beginning) and not (content is Content.BMP and _is_text(body)):
            return content
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return Content.WEBP
    if body[4:8] == b"ftyp":
        return Content.MP4
    if body[:1] == b"\xff" and len(body) > 1 and body[1] & 0xE6 == 0xE2:
        return Content.MP3
    if not _is_text(body):
        return Content.BINARY
    try:
        format_json(body.removeprefix(b"\xef\xbb\xbf"))
    except (DecodeError, RecursionError):
        return Content.TEXT
    return Content.JSON


def _is_text(body: bytes) -> bool:
    if b"\0" in body:
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _find_refusal(reply: ApiReply, content: Content, tokens: tuple[str, ...]) -> Refusal | TransportFailure | None:
    if 300 <= reply.status < 400:
        return TransportFailure(FailureKind.REDIRECTED, str(reply.status))
    if content is Content.JSON:
        try:
            fields = parse_body(reply.body)
        except NotJsonError:
            fields = None  # a field is there twice
        refusal = parse_refusal(fields, tokens) if isinstance(fields, dict) else None
        if isinstance(refusal, Refusal):
            return refusal
    return None if reply.status == _HTTP_OK else TransportFailure(FailureKind.HTTP_STATUS, str(reply.status))


def _without(text: str, tokens: tuple[str, ...]) -> str:
    for token in filter(None, tokens):
        text = text.replace(token, "…")
    return text


def _pretty(text: str, content: Content) -> str:
    """Return JSON with indentation; numbers and texts stay as WeChat has written them."""
    if content is not Content.JSON or len(text) > PRETTY_MAX:
        return text
    try:
        return format_json(text, indent=2)
    except (DecodeError, RecursionError):
        return text
