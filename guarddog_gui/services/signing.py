"""Signs a page with the account's live jsapi ticket, or says what is in the way."""

from dataclasses import dataclass
from enum import StrEnum

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing.nonce import ms_to_seconds, nonce_problem, timestamp_problem
from guarddog_gui.domain.signing.page_url import decode_url, url_problem, url_to_sign
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.signing.url_warnings import UrlWarning, find_url_warnings
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.ports import Clock, DogFileStore


@dataclass(frozen=True, slots=True)
class SignRequest:
    """A page that somebody wants signed. `timestamp` is what was typed; None means now."""

    url: str
    nonce: str
    timestamp: str | None = None


class SignField(StrEnum):
    """The fields of a wish."""

    URL = "url"
    NONCE = "nonce"
    TIMESTAMP = "timestamp"
    CARD_ID = "card_id"


@dataclass(frozen=True, slots=True)
class SignedPage:
    """A signature with all that it was made of; `ticket` says how old it is and until when it lives."""

    appid: str
    signature_input: SignatureInput
    ticket: TokenRecord
    warnings: tuple[UrlWarning, ...]


@dataclass(frozen=True, slots=True)
class TicketUnsupported:
    """A mini program: WeChat has no jsapi ticket for it."""


@dataclass(frozen=True, slots=True)
class InvalidField:
    """A field that cannot be signed as it was typed.

    `corrected` is what is probably meant, where that is clear.
    """

    field: SignField
    problem: InputProblem
    corrected: str | None = None


@dataclass(frozen=True, slots=True)
class NoLiveTicket:
    """There is no live ticket of this kind to sign with; a refresh may bring one."""

    kind: TokenKind = TokenKind.JSAPI_TICKET


NotSigned = TicketUnsupported | InvalidField | NoLiveTicket


class PageSigner:
    """Reads the ticket from the `.dog` file; it never fetches one."""

    def __init__(self, *, dog_files: DogFileStore, clock: Clock) -> None:
        self._dog_files = dog_files
        self._clock = clock

    def sign(self, account: Account, request: SignRequest) -> SignedPage | NotSigned:
        """The signature. What is typed is checked first."""
        if TokenKind.JSAPI_TICKET not in account.token_kinds:
            return TicketUnsupported()
        now = self._clock()
        bad = _find_invalid_field(request, now)
        if bad is not None:
            return bad
        ticket = self._dog_files.read(account, TokenKind.JSAPI_TICKET)
        if ticket is None or ticket.remaining_s(now) <= 0:
            return NoLiveTicket()
        timestamp = int(now) if request.timestamp is None else int(request.timestamp)
        signable = SignatureInput(ticket.value, request.nonce, timestamp, url_to_sign(request.url))
        return SignedPage(account.appid, signable, ticket, find_url_warnings(request.url, account.js_domains))


def _find_invalid_field(request: SignRequest, now: float) -> InvalidField | None:
    problem = url_problem(request.url)
    if problem is not None:
        return InvalidField(
            SignField.URL, problem, decode_url(request.url) if problem == InputProblem.URL_ENCODED else None
        )
    return find_invalid_nonce_or_timestamp(request.nonce, request.timestamp, now)


def find_invalid_nonce_or_timestamp(nonce: str, timestamp: str | None, now: float) -> InvalidField | None:
    """What is wrong with the two values that somebody makes up; a timestamp of None is made at signing."""
    problem = nonce_problem(nonce)
    if problem is not None:
        return InvalidField(SignField.NONCE, problem)
    problem = timestamp_problem(timestamp, now) if timestamp is not None else None
    if timestamp is None or problem is None:
        return None
    seconds = ms_to_seconds(timestamp) if problem == InputProblem.TIMESTAMP_IN_MS else None
    return InvalidField(SignField.TIMESTAMP, problem, seconds)
