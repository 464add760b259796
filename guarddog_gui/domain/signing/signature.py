"""JS-SDK signatures of pages and cards, and the check of their nonce and timestamp.

Based on WeChat's page "JS-SDK instructions", appendixes 1 and 4.
"""

from hashlib import sha1

from msgspec import Struct

from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.tokens.expiry import DAY_S

NONCE_MAX = 32  # characters
TIMESTAMP_TOLERANCE_S = DAY_S  # an older or later timestamp is a mistake, or an example is being reproduced
_MS_DIGITS = 13


class SignatureInput(HiddenFields, Struct, frozen=True):
    """Values that a signature covers; `timestamp` is in whole Unix seconds, `url` has no fragment."""

    hidden_fields = ("ticket",)

    ticket: str
    nonce: str
    timestamp: int
    url: str

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        values = (self.ticket, self.nonce, str(self.timestamp), self.url)
        return tuple(zip(("jsapi_ticket", "noncestr", "timestamp", "url"), values, strict=True))

    @property
    def signed_string(self) -> str:
        """Join the fields unescaped: nothing is percent-encoded."""
        # not from `fields`: that takes ten times as long, and a server signs each page that it delivers
        return f"jsapi_ticket={self.ticket}&noncestr={self.nonce}&timestamp={self.timestamp}&url={self.url}"

    @property
    def signature(self) -> str:
        """Return 40 hexadecimal digits in lower case."""
        return sha1(self.signed_string.encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()


def strip_fragment(url: str) -> str:
    """Return the part of a page URL that is signed: all before the `#`."""
    return url.partition("#")[0]


def sign_card(*values: str) -> str:
    """Return the signature of a card: SHA-1 of the values, one of them the wx_card ticket, sorted and joined.

    An unused value is empty. The example of WeChat's page was signed with a space after the ticket by mistake.
    """
    return sha1("".join(sorted(values)).encode(), usedforsecurity=False).hexdigest()


def nonce_problem(nonce: str) -> InputProblem | None:
    if not nonce:
        return InputProblem.EMPTY_NONCE
    if len(nonce) > NONCE_MAX:
        return InputProblem.NONCE_TOO_LONG
    is_invalid = "&" in nonce or not nonce.isprintable() or any(map(str.isspace, nonce))
    return InputProblem.INVALID_NONCE if is_invalid else None


def timestamp_problem(text: str) -> InputProblem | None:
    """Return why this timestamp must not be signed: it would be another text in `wx.config` than in the string."""
    if not text.isascii() or not text.isdigit():
        return InputProblem.INVALID_TIMESTAMP
    if len(text.lstrip("0")) == _MS_DIGITS:
        return InputProblem.TIMESTAMP_IN_MS
    is_number = len(text) < _MS_DIGITS and (text == "0" or not text.startswith("0"))
    return None if is_number else InputProblem.INVALID_TIMESTAMP


def timestamp_warning(timestamp: int, now: float) -> InputProblem | None:
    """Return what is suspicious about a timestamp, though it can be signed: WeChat's own example is of 2014."""
    return InputProblem.TIMESTAMP_FAR_FROM_NOW if abs(timestamp - now) > TIMESTAMP_TOLERANCE_S else None
