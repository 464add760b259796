"""HTTP requests as the endpoints see them, and their answers."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl
from wsgiref.types import WSGIEnvironment

from msgspec import Struct, field

from guarddog_gui.domain.hidden_fields import HiddenFields

_QUERY_FIELDS_MAX = 50
_BEARER = "bearer "


class BadRequest(Exception):
    """The request is not of the form that any client sends."""


class Request(HiddenFields, Struct, frozen=True):
    """An HTTP request. `address` is the caller's; `bearer_key` is that of the Authorization header, "" without."""

    hidden_fields = ("query", "body", "bearer_key")

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    address: str
    bearer_key: str

    def parse_body(self) -> Mapping[str, object] | None:
        """Return the JSON object of the body; None if it is anything else."""
        try:
            fields = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return fields if isinstance(fields, dict) else None


class Answer(HiddenFields, Struct, frozen=True):
    """Answer of an endpoint, with what the log and the metrics show of it.

    fields         JSON object of the body, unless there is a `text`
    result         `ok` or the errcode
    retry_after_s  for the header of that name; 0 for none
    """

    hidden_fields = ("fields", "text")

    fields: Mapping[str, object] = field(default_factory=dict)
    status: int = 200
    result: str = "ok"
    client: str = ""
    appid: str = ""
    text: str = ""
    content_type: str = "application/json; charset=utf-8"
    retry_after_s: int = 0

    @property
    def body(self) -> bytes:
        if self.text:
            return self.text.encode()
        return json.dumps(self.fields, ensure_ascii=True, separators=(",", ":")).encode()


def parse_request(environ: WSGIEnvironment) -> Request:
    """Read a WSGI environment. Raises BadRequest."""
    try:
        pairs = parse_qsl(environ["QUERY_STRING"], keep_blank_values=True, max_num_fields=_QUERY_FIELDS_MAX)
    except ValueError as error:
        raise BadRequest("the query has too many fields") from error
    query = dict(pairs)
    if len(query) < len(pairs):  # one of them would count silently
        raise BadRequest("the query has a parameter twice")
    authorization = environ.get("HTTP_AUTHORIZATION", "")
    is_bearer = authorization[: len(_BEARER)].lower() == _BEARER
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        query=query,
        body=environ["wsgi.input"].read(),
        address=environ["REMOTE_ADDR"],
        bearer_key=authorization[len(_BEARER) :].strip() if is_bearer else "",
    )
