"""Validation of the nonce and the timestamp of a signature."""

from guarddog_gui.domain.tokens.expiry import DAY_S

NONCE_MAX = 32  # characters
TIMESTAMP_TOLERANCE_S = DAY_S  # an older or later timestamp is certainly a mistake
_MS_DIGITS = 13


def nonce_problem(nonce: str) -> str | None:
    """Return why this nonce cannot be signed, as a message key; None if it can."""
    if not nonce:
        return "empty-nonce"
    if len(nonce) > NONCE_MAX:
        return "long-nonce"
    if "&" in nonce or not nonce.isprintable() or any(map(str.isspace, nonce)):
        return "bad-nonce"
    return None


def timestamp_problem(text: str, now: float) -> str | None:
    """Return why this typed timestamp cannot be signed, as a message key; None if it can."""
    if not text.isascii() or not text.isdigit():
        return "bad-timestamp"
    digits = text.lstrip("0")
    if len(digits) == _MS_DIGITS:
        return "ms-timestamp"
    if len(digits) != len(text) or len(digits) > _MS_DIGITS or abs(int(text) - now) > TIMESTAMP_TOLERANCE_S:
        return "far-timestamp"
    return None


def ms_to_seconds(text: str) -> str:
    """Cut a timestamp in milliseconds to seconds."""
    return text[:-3]
