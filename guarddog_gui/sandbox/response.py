"""An answer before it goes out."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """Status, body, its type, and further headers."""

    status: int
    body: bytes = field(repr=False)
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
