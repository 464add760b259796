"""An answer before it goes out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """Status, body, its type, and further headers."""

    status: int
    body: bytes
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
