"""Signatures of WeChat cards, made with the wx_card ticket: SHA-1 of the values, sorted and joined.

Based on WeChat's page "JS-SDK instructions", appendix 4. The example there was signed with a space after the
ticket by mistake.
"""

from dataclasses import dataclass, field
from hashlib import sha1


@dataclass(frozen=True, slots=True)
class CardExt:
    """Values that `signature` in the cardExt of addCard covers; `code` and `openid` are empty if unused."""

    ticket: str = field(repr=False)
    card_id: str
    timestamp: int
    nonce: str
    code: str = ""
    openid: str = ""

    @property
    def signed_string(self) -> str:
        return _sorted_join(self.ticket, str(self.timestamp), self.card_id, self.code, self.openid, self.nonce)

    @property
    def signature(self) -> str:
        """Return 40 hexadecimal digits in lower case."""
        return _sha1(self.signed_string)


@dataclass(frozen=True, slots=True)
class ChooseCard:
    """Values that `cardSign` of chooseCard covers; the last three may be empty and so not limit it."""

    ticket: str = field(repr=False)
    appid: str
    timestamp: int
    nonce: str
    location_id: str = ""
    card_id: str = ""
    card_type: str = ""

    @property
    def signed_string(self) -> str:
        limits = (self.location_id, self.card_id, self.card_type)
        return _sorted_join(self.ticket, self.appid, str(self.timestamp), self.nonce, *limits)

    @property
    def signature(self) -> str:
        """Return 40 hexadecimal digits in lower case."""
        return _sha1(self.signed_string)


def _sorted_join(*values: str) -> str:
    return "".join(sorted(values))


def _sha1(text: str) -> str:
    return sha1(text.encode(), usedforsecurity=False).hexdigest()
