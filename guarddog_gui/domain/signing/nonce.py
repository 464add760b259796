"""Validation of the nonce and the timestamp of a signature."""

from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.tokens.expiry import DAY_S

NONCE_MAX = 32  # characters
TIMESTAMP_TOLERANCE_S = DAY_S  # an older or later timestamp is certainly a mistake
_MS_DIGITS = 13


def nonce_problem(nonce: str) -> InputProblem | None:
    """Return why this nonce cannot be signed, or None if it can."""
    if not nonce:
        return InputProblem.EMPTY_NONCE
    if len(nonce) > NONCE_MAX:
        return InputProblem.NONCE_TOO_LONG
    if "&" in nonce or not nonce.isprintable() or any(map(str.isspace, nonce)):
        return InputProblem.INVALID_NONCE
    return None


def timestamp_problem(text: str, now: float) -> InputProblem | None:
    """Return why this typed timestamp cannot be signed, or None if it can."""
    if not text.isascii() or not text.isdigit():
        return InputProblem.INVALID_TIMESTAMP
    digits = text.lstrip("0")
    if len(digits) == _MS_DIGITS:
        return InputProblem.TIMESTAMP_IN_MS
    if len(digits) != len(text) or len(digits) > _MS_DIGITS or abs(int(text) - now) > TIMESTAMP_TOLERANCE_S:
        return InputProblem.TIMESTAMP_FAR_FROM_NOW
    return None


def ms_to_seconds(text: str) -> str:
    """Cut a timestamp in milliseconds to seconds."""
    return text[:-3]
