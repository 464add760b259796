"""Sign a page URL for the JS-SDK's `wx.config` with the account's jsapi ticket."""

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
    """Request for a page signature; `timestamp` is Unix seconds as typed, None means now."""

    url: str
    nonce: str
    timestamp: str | None = None


class SignField(StrEnum):
    """Input fields of the signing forms."""

    URL = "url"
    NONCE = "nonce"
    TIMESTAMP = "timestamp"
    CARD_ID = "card_id"


@dataclass(frozen=True, slots=True)
class SignedPage:
    """Signature of a page, with its input and the ticket record that tells how long it is valid."""

    appid: str
    signature_input: SignatureInput
    ticket: TokenRecord
    warnings: tuple[UrlWarning, ...]


@dataclass(frozen=True, slots=True)
class TicketUnsupported:
    """The account is a mini program, for which WeChat has no tickets."""


@dataclass(frozen=True, slots=True)
class InvalidField:
    """Input that must not be signed: the field, the problem, and the probable correction if it is clear."""

    field: SignField
    problem: InputProblem
    corrected: str | None = None


@dataclass(frozen=True, slots=True)
class NoLiveTicket:
    """The account has no valid ticket of this kind on disk; a refresh may bring one."""

    kind: TokenKind = TokenKind.JSAPI_TICKET


NotSigned = TicketUnsupported | InvalidField | NoLiveTicket


class PageSigner:
    """Sign with the jsapi ticket from the `.dog` file; never request one."""

    def __init__(self, *, dog_files: DogFileStore, clock: Clock) -> None:
        self._dog_files = dog_files
        self._clock = clock

    def sign(self, account: Account, request: SignRequest) -> SignedPage | NotSigned:
        """Return the signature, or the first reason against it; input is checked before the ticket."""
        if TokenKind.JSAPI_TICKET not in account.token_kinds:
            return TicketUnsupported()
        now = self._clock()
        invalid = _find_invalid_field(request, now)
        if invalid is not None:
            return invalid
        ticket = self._dog_files.read(account, TokenKind.JSAPI_TICKET)
        if ticket is None or ticket.remaining_s(now) <= 0:
            return NoLiveTicket()
        timestamp = int(now) if request.timestamp is None else int(request.timestamp)
        signature_input = SignatureInput(ticket.value, request.nonce, timestamp, url_to_sign(request.url))
        return SignedPage(account.appid, signature_input, ticket, find_url_warnings(request.url, account.js_domains))


def _find_invalid_field(request: SignRequest, now: float) -> InvalidField | None:
    problem = url_problem(request.url)
    if problem is not None:
        return InvalidField(
            SignField.URL, problem, decode_url(request.url) if problem == InputProblem.URL_ENCODED else None
        )
    return find_invalid_nonce_or_timestamp(request.nonce, request.timestamp, now)


def find_invalid_nonce_or_timestamp(nonce: str, timestamp: str | None, now: float) -> InvalidField | None:
    """Return the problem with these two fields; a timestamp of None is always valid."""
    problem = nonce_problem(nonce)
    if problem is not None:
        return InvalidField(SignField.NONCE, problem)
    problem = timestamp_problem(timestamp, now) if timestamp is not None else None
    if timestamp is None or problem is None:
        return None
    seconds = ms_to_seconds(timestamp) if problem == InputProblem.TIMESTAMP_IN_MS else None
    return InvalidField(SignField.TIMESTAMP, problem, seconds)
