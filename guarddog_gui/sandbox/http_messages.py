"""HTTP response of the sandbox, and the check of a request's Host header."""

from msgspec import Struct

from guarddog_gui.domain.hidden_fields import HiddenFields

_LOOPBACK_NAMES = {"127.0.0.1", "localhost"}


class HttpResponse(HiddenFields, Struct, frozen=True):
    """An HTTP response; `headers` come in addition to Content-Type, Content-Length and Date."""

    hidden_fields = ("body",)

    status: int
    body: bytes
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


def is_loopback_host(host: str) -> bool:
    """Return True if a Host header names this machine.

    A web page whose domain was made to resolve to 127.0.0.1 (DNS rebinding) sends its domain instead.
    """
    name = host.rpartition(":")[0] if ":" in host else host
    return name.lower() in _LOOPBACK_NAMES
