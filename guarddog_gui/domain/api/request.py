"""Requests of the API console: check what the user has typed before anything is sent.

Only a path of WeChat's API can be asked for, never another host. The access token is not part of a request: it is
added when the request is sent.
"""

import json
import re
from enum import StrEnum
from urllib.parse import parse_qsl

from msgspec import Struct

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.wechat.protocol import DEFAULT_API_BASE

ACCESS_TOKEN = "access_token"  # noqa: S105 - the name of a parameter
BODY_MAX = 2 * 1024 * 1024  # bytes of JSON; articles with pictures inside are far smaller
UPLOAD_MAX = 20 * 1024 * 1024  # bytes; WeChat takes pictures and videos of up to 10 MB
QUERY_COUNT_MAX = 50
VALUE_LENGTH_MAX = 4096
PATH_LENGTH_MAX = 200

# a token has more characters than a segment, so that none can be in a path
_SEGMENT = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,63}")
_QUERY_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\[\]-]{0,63}")
_METHOD_BEFORE_PATH = re.compile(r"\s*(GET|POST)\s+(\S.*)", re.IGNORECASE | re.DOTALL)
# what documentation and samples have in the place of a token
_TOKEN_PLACEHOLDER = re.compile(r"|[A-Z_]*TOKEN|\{+[\w.]*\}+|<[\w ]*>|\$\{?\w*\}?|x{3,}", re.IGNORECASE)
_TOKEN_PATHS = ("/cgi-bin/token", "/cgi-bin/stable_token")


class Method(StrEnum):
    """HTTP methods of WeChat's API."""

    GET = "GET"
    POST = "POST"


class ApiProblem(StrEnum):
    """Reason why a request is not sent."""

    UNKNOWN_METHOD = "unknown method"
    EMPTY_PATH = "empty path"
    FOREIGN_ADDRESS = "address of another host"
    INVALID_PATH = "invalid path"
    TOKEN_IN_QUERY = "access_token in the query"  # noqa: S105 - a problem
    TOKEN_CALL = "call that makes a token"  # noqa: S105 - a problem
    INVALID_QUERY = "invalid query"
    BODY_WITH_GET = "body with GET"
    BODY_NOT_JSON = "body is not JSON"
    BODY_TOO_LARGE = "body too large"
    UPLOAD_WITH_GET = "upload with GET"


class RefusedInput(Struct, frozen=True):
    """Input that cannot be sent; `detail` is the place of the mistake, such as `2:7` for line and column."""

    problem: ApiProblem
    detail: str = ""


class Upload(HiddenFields, Struct, frozen=True):
    """File that is sent as a form; `field` is its name in the form, `description` another field if not empty."""

    hidden_fields = ("content", "description")

    field: str
    file_name: str
    content: bytes = b""
    description: str = ""


class ApiRequest(HiddenFields, Struct, frozen=True):
    """One call of WeChat's API, checked, without the access token."""

    hidden_fields = ("query", "body")

    method: Method
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    upload: Upload | None = None


class TypedPath(HiddenFields, Struct, frozen=True):
    """Path as it was typed or pasted, taken apart; `method` is None if the text has none."""

    hidden_fields = ("query",)

    path: str
    query: tuple[tuple[str, str], ...] = ()
    method: Method | None = None


def check_request(
    method: str,
    typed_path: str,
    query: tuple[tuple[str, str], ...] = (),
    body: str = "",
    *,
    upload: Upload | None = None,
    api_base: str = DEFAULT_API_BASE,
) -> ApiRequest | RefusedInput:
    """Return the request that the user has typed, or why it cannot be sent.

    Args:
        method: GET or POST, in any case.
        typed_path: Path of the call; a query behind it counts like `query`. The address of WeChat's API
            or `api_base` in front of it is left out, any other address is refused.
        query: Parameters without the access token.
        body: JSON text of a POST, which is sent as it is; with an upload it is the field `description`.
        upload: File to send in a form.
        api_base: Address of WeChat's API as the account uses it.
    """
    if method.upper() not in tuple(Method):
        return RefusedInput(ApiProblem.UNKNOWN_METHOD)
    path = split_path(typed_path, api_base)
    if isinstance(path, RefusedInput):
        return path
    if path.method not in (None, method.upper()):
        return RefusedInput(ApiProblem.UNKNOWN_METHOD)
    pairs = _check_query((*path.query, *query))
    if isinstance(pairs, RefusedInput):
        return pairs
    verb, data = Method(method.upper()), body.strip()
    if verb is Method.GET and (data or upload is not None):
        return RefusedInput(ApiProblem.UPLOAD_WITH_GET if upload is not None else ApiProblem.BODY_WITH_GET)
    problem = _body_problem(data) if data else None
    if problem is not None:
        return problem
    if upload is not None:
        described = Upload(upload.field, upload.file_name, upload.content, data)
        return ApiRequest(verb, path.path, pairs, None, described)
    return ApiRequest(verb, path.path, pairs, data.encode() if verb is Method.POST else None)


def split_path(text: str, api_base: str = DEFAULT_API_BASE) -> TypedPath | RefusedInput:
    """Take a typed or pasted path apart: `POST https://api.weixin.qq.com/cgi-bin/…?type=image` has all parts."""
    method, text = _split_method(text.strip())
    for base in (api_base, DEFAULT_API_BASE):
        if text.startswith(f"{base}/"):
            text = text[len(base) :]
            break
    if not text.strip("/"):
        return RefusedInput(ApiProblem.EMPTY_PATH)
    if "://" in text.partition("?")[0] or text.startswith(("//", "\\")):
        return RefusedInput(ApiProblem.FOREIGN_ADDRESS)
    if "#" in text or not text.isprintable():
        return RefusedInput(ApiProblem.INVALID_PATH)
    typed, _, typed_query = text.partition("?")
    segments = typed.removeprefix("/").split("/")
    path = "/" + "/".join(segments)
    if len(path) > PATH_LENGTH_MAX or not all(_SEGMENT.fullmatch(segment) for segment in segments):
        return RefusedInput(ApiProblem.INVALID_PATH)
    if path.lower() in _TOKEN_PATHS:  # a gateway in front of WeChat may not mind the case
        return RefusedInput(ApiProblem.TOKEN_CALL)
    try:
        query = parse_qsl(typed_query, keep_blank_values=True, errors="strict", max_num_fields=QUERY_COUNT_MAX)
    except ValueError:
        return RefusedInput(ApiProblem.INVALID_QUERY)
    return TypedPath(path, tuple(query), method)


def parse_query_lines(text: str) -> tuple[tuple[str, str], ...] | RefusedInput:
    """Return the parameters of a text with one `name=value` a line; the detail of a refusal is the line."""
    pairs = []
    for number, line in enumerate(text.splitlines(), 1):
        name, separator, value = line.strip().partition("=")
        if not line.strip():
            continue
        if not separator:
            return RefusedInput(ApiProblem.INVALID_QUERY, str(number))
        pairs.append((name.strip(), value.strip()))
    return tuple(pairs)


def _split_method(text: str) -> tuple[Method | None, str]:
    match = _METHOD_BEFORE_PATH.fullmatch(text)
    return (None, text) if match is None else (Method(match[1].upper()), match[2])


def _check_query(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...] | RefusedInput:
    """Return the parameters without placeholders of the token."""
    checked: list[tuple[str, str]] = []
    for name, value in pairs:
        if name.strip().lower() == ACCESS_TOKEN:
            if not _TOKEN_PLACEHOLDER.fullmatch(value.strip()):
                return RefusedInput(ApiProblem.TOKEN_IN_QUERY)
            continue
        is_value_valid = len(value) <= VALUE_LENGTH_MAX and value.isprintable()  # not so a lone surrogate
        if not _QUERY_NAME.fullmatch(name) or not is_value_valid:
            return RefusedInput(ApiProblem.INVALID_QUERY)
        checked.append((name, value))
    return RefusedInput(ApiProblem.INVALID_QUERY) if len(checked) > QUERY_COUNT_MAX else tuple(checked)


def _body_problem(text: str) -> RefusedInput | None:
    try:
        if len(text.encode()) > BODY_MAX:
            return RefusedInput(ApiProblem.BODY_TOO_LARGE)
        value = json.loads(text, parse_constant=_reject_constant)
    except json.JSONDecodeError as error:
        return RefusedInput(ApiProblem.BODY_NOT_JSON, f"{error.lineno}:{error.colno}")
    except (ValueError, RecursionError):
        return RefusedInput(ApiProblem.BODY_NOT_JSON)
    return None if isinstance(value, dict | list) else RefusedInput(ApiProblem.BODY_NOT_JSON, "1:1")


def _reject_constant(text: str) -> object:
    raise ValueError(text)
