"""The two signatures of WeChat cards, made with the wx_card ticket; the order is that of the values.

Facts come from WeChat's page "JS-SDK instructions", appendix 4. Its own example is signed with a space
behind the ticket by mistake.
"""

from dataclasses import dataclass, field
from hashlib import sha1


@dataclass(frozen=True, slots=True)
class CardExt:
    """What `signature` in the cardExt of addCard covers; `code` and `openid` are empty where not used."""

    ticket: str = field(repr=False)
    card_id: str
    timestamp: int
    nonce: str
    code: str = ""
    openid: str = ""

    @property
    def signed_string(self) -> str:
        """The string that is signed."""
        return _sorted_join(
            self.ticket, str(self.timestamp), self.card_id, self.code, self.openid, self.nonce
        )

    @property
    def signature(self) -> str:
        """40 hexadecimal digits in lower case."""
        return _sha1(self.signed_string)


@dataclass(frozen=True, slots=True)
class ChooseCard:
    """What `cardSign` of chooseCard covers; the last three are empty where they do not narrow the choice."""

    ticket: str = field(repr=False)
    appid: str
    timestamp: int
    nonce: str
    location_id: str = ""
    card_id: str = ""
    card_type: str = ""

    @property
    def signed_string(self) -> str:
        """The string that is signed."""
        when = str(self.timestamp)
        narrowed = (self.location_id, self.card_id, self.card_type)
        return _sorted_join(self.ticket, self.appid, when, self.nonce, *narrowed)

    @property
    def signature(self) -> str:
        """40 hexadecimal digits in lower case."""
        return _sha1(self.signed_string)


def _sorted_join(*values: str) -> str:
    return "".join(sorted(values))


def _sha1(text: str) -> str:
    return sha1(text.encode(), usedforsecurity=False).hexdigest()
