"""A token or ticket with the times that it carries."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from guarddog_gui.domain.tokens.expiry import Expiring


class TokenKind(StrEnum):
    """The keys of an account; the value is the name of the `.dog` file."""

    ACCESS_TOKEN = "ACCESS_TOKEN"  # noqa: S105 - the name of a key, not a token
    JSAPI_TICKET = "JSAPI_TICKET"
    CARD_TICKET = "CARD_TICKET"  # signs cards and coupons; WeChat calls it api_ticket


class TokenPhase(StrEnum):
    """Where a record stands in its life."""

    FRESH = "fresh"
    DUE_SOON = "due soon"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class TokenRecord(Expiring):
    """What a `.dog` file holds.

    `generated_ms` is Unix milliseconds when the request started (`gen_time` in the file);
    `expires_in` and `ahead` are seconds; `directory` is the folder that the writer used.
    """

    value: str = field(repr=False)
    expires_in: int
    generated_ms: int
    directory: str
    ahead: int

    def phase(self, now: float) -> TokenPhase:
        """Fresh, due soon (it works, a refresh is due) or expired."""
        if self.remaining_s(now) <= 0:
            return TokenPhase.EXPIRED
        return TokenPhase.DUE_SOON if now >= self.refresh_at else TokenPhase.FRESH

    def with_ahead(self, ahead: int) -> "TokenRecord":
        """The same record under another `ahead`."""
        return replace(self, ahead=ahead)


@dataclass(frozen=True, slots=True)
class PreviousToken:
    """An access token that was replaced and that WeChat takes until then (Unix seconds)."""

    value: str = field(repr=False)
    valid_until: float


def fingerprint(value: str) -> str:
    """First 4, last 4 and the length of a value: enough to match a log line, too little to use.

    A value too short to hide anything in gives its length and a hash.
    """
    if len(value) < 24:
        import hashlib  # 3 ms that no real token asks for

        return f"#{hashlib.sha256(value.encode()).hexdigest()[:8]} ({len(value)})"
    return f"{value[:4]}…{value[-4:]} ({len(value)})"


def mask(value: str) -> str:
    """How a value is shown where anybody may look: `91_a…7Qz4`."""
    return "•" * 8 if len(value) < 24 else f"{value[:4]}…{value[-4:]}"
