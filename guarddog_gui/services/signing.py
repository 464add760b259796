"""Signs a page with the account's live jsapi ticket, or says what is in the way."""

from dataclasses import dataclass
from enum import StrEnum

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.signing.nonce import nonce_problem, seconds_of_ms, timestamp_problem
from guarddog_gui.domain.signing.page_url import decoded_url, signed_url, url_problem
from guarddog_gui.domain.signing.signature import Signable
from guarddog_gui.domain.signing.url_warnings import UrlWarning, url_warnings
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.ports import Clock, DogStore


@dataclass(frozen=True, slots=True)
class Wish:
    """A page that somebody wants signed. `timestamp` is what was typed; None means now."""

    url: str
    nonce: str
    timestamp: str | None = None


class Field(StrEnum):
    """The fields of a wish."""

    URL = "url"
    NONCE = "nonce"
    TIMESTAMP = "timestamp"
    CARD_ID = "card_id"


@dataclass(frozen=True, slots=True)
class SignedPage:
    """A signature with all that it was made of; `ticket` says how old it is and until when it lives."""

    appid: str
    signable: Signable
    ticket: TokenRecord
    warnings: tuple[UrlWarning, ...]


@dataclass(frozen=True, slots=True)
class NeverATicket:
    """A mini program: WeChat has no jsapi ticket for it."""


@dataclass(frozen=True, slots=True)
class BadField:
    """What was typed there must not be signed; `problem` is a key of `words`.

    `corrected` is what is probably meant, where that is clear.
    """

    field: Field
    problem: str
    corrected: str | None = None


@dataclass(frozen=True, slots=True)
class NoTicket:
    """There is no live ticket of this kind to sign with; a refresh may bring one."""

    kind: TokenKind = TokenKind.JSAPI_TICKET


NotSigned = NeverATicket | BadField | NoTicket


class Signer:
    """Reads the ticket from the `.dog` file; it never fetches one."""

    def __init__(self, *, dogs: DogStore, clock: Clock) -> None:
        self._dogs = dogs
        self._clock = clock

    def sign(self, account: Account, wish: Wish) -> SignedPage | NotSigned:
        """The signature. What is typed is checked first."""
        if TokenKind.JSAPI_TICKET not in account.kinds:
            return NeverATicket()
        now = self._clock()
        bad = _bad_field(wish, now)
        if bad is not None:
            return bad
        ticket = self._dogs.read(account, TokenKind.JSAPI_TICKET)
        if ticket is None or ticket.left(now) <= 0:
            return NoTicket()
        timestamp = int(now) if wish.timestamp is None else int(wish.timestamp)
        signable = Signable(ticket.value, wish.nonce, timestamp, signed_url(wish.url))
        return SignedPage(account.appid, signable, ticket, url_warnings(wish.url, account.js_domains))


def _bad_field(wish: Wish, now: float) -> BadField | None:
    problem = url_problem(wish.url)
    if problem is not None:
        return BadField(Field.URL, problem, decoded_url(wish.url) if problem == "encoded-url" else None)
    return bad_values(wish.nonce, wish.timestamp, now)


def bad_values(nonce: str, timestamp: str | None, now: float) -> BadField | None:
    """What is wrong with the two values that somebody makes up; a timestamp of None is made at signing."""
    problem = nonce_problem(nonce)
    if problem is not None:
        return BadField(Field.NONCE, problem)
    problem = timestamp_problem(timestamp, now) if timestamp is not None else None
    if timestamp is None or problem is None:
        return None
    seconds = seconds_of_ms(timestamp) if problem == "ms-timestamp" else None
    return BadField(Field.TIMESTAMP, problem, seconds)
