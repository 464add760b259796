"""Tokens and tickets with their lifetimes, and the safe ways to display a value."""

from enum import StrEnum

from msgspec import Struct

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.tokens.expiry import Expiring


class TokenKind(StrEnum):
    """Keys of an account; the value of each is the name of its `.dog` file."""

    ACCESS_TOKEN = "ACCESS_TOKEN"  # noqa: S105 - the name of a key, not a token
    JSAPI_TICKET = "JSAPI_TICKET"
    CARD_TICKET = "CARD_TICKET"  # signs cards and coupons; WeChat calls it api_ticket


class TokenRecord(HiddenFields, Expiring, Struct, frozen=True):
    """Access token or ticket with its times, as a `.dog` file holds it; `dog_format.DogRecord` explains the fields."""

    hidden_fields = ("value",)

    value: str
    expires_in: int
    generated_ms: int
    directory: str
    ahead: int


class PreviousToken(HiddenFields, Struct, frozen=True):
    """Replaced access token that WeChat accepts until `valid_until` (Unix seconds)."""

    hidden_fields = ("value",)

    value: str
    valid_until: float


def fingerprint(value: str) -> str:
    """Return the first 4 and last 4 characters and the length: enough to match a log line, useless as token.

    A value shorter than 24 characters is represented by its length and a hash.
    """
    if len(value) < 24:
        import hashlib  # takes 3 ms to import, and no real token needs it

        return f"#{hashlib.sha256(value.encode()).hexdigest()[:8]} ({len(value)})"
    return f"{value[:4]}…{value[-4:]} ({len(value)})"


def mask(value: str) -> str:
    """Return a value as it may be shown on a screen: `91_a…7Qz4`."""
    return "•" * 8 if len(value) < 24 else f"{value[:4]}…{value[-4:]}"
