"""HTTP requests and responses of the sandbox, and the check of a request's Host header."""

from collections.abc import Mapping

from msgspec import Struct

from guarddog_gui.domain.hidden_fields import HiddenFields

_LOOPBACK_NAMES = {"127.0.0.1", "localhost"}


class HttpRequest(HiddenFields, Struct, frozen=True):
    """An HTTP request. `ip` is the caller's address; the fields below it are headers, "" if absent."""

    hidden_fields = ("query", "body", "sandbox_key")

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    ip: str
    host: str
    origin: str
    referer: str
    content_type: str
    sandbox_key: str


class HttpResponse(HiddenFields, Struct, frozen=True):
    """An HTTP response; `headers` come in addition to Content-Type, Content-Length and Date."""

    hidden_fields = ("body",)

    status: int
    body: bytes
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


class FileAnswer(HiddenFields, Struct, frozen=True):
    """Answer of an API call that is a file, such as a picture."""

    hidden_fields = ("body",)

    body: bytes
    content_type: str
    file_name: str = ""


def is_loopback_host(host: str) -> bool:
    """Return True if a Host header names this machine.

    A web page whose domain was made to resolve to 127.0.0.1 (DNS rebinding) sends its domain instead.
    """
    name = host.rpartition(":")[0] if ":" in host else host
    return name.lower() in _LOOPBACK_NAMES
