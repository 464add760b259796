"""Sign with an account's tickets for the JS-SDK: pages for `wx.config`, cards for `wx.addCard` and `wx.chooseCard`."""

from enum import StrEnum

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account, Platform
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing import signature
from guarddog_gui.domain.signing.page_url import decode_url, url_problem, url_to_sign
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.signing.url_warnings import UrlWarning, find_url_warnings
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.ports import Clock, DogFileReader


class SignRequest(Struct, frozen=True):
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


class SignedPage(Struct, frozen=True):
    """Signature of a page, with its input and the ticket record that tells how long it is valid."""

    appid: str
    signature_input: SignatureInput
    ticket: TokenRecord
    warnings: tuple[UrlWarning, ...]
    timestamp_warning: InputProblem | None = None


class CardExtRequest(Struct, frozen=True):
    """Request for the `cardExt` of `wx.addCard`; `timestamp` is Unix seconds as typed, None means now."""

    card_id: str
    nonce: str
    timestamp: str | None = None
    code: str = ""
    openid: str = ""


class CardChoiceRequest(Struct, frozen=True):
    """Request for the argument of `wx.chooseCard`; the last three fields filter the cards, or are empty."""

    nonce: str
    timestamp: str | None = None
    shop_id: str = ""
    card_id: str = ""
    card_type: str = ""


class SignedCard(Struct, frozen=True):
    """Fields to pass to the JS-SDK, named as WeChat names them, with the signature."""

    fields: dict[str, str]
    timestamp_warning: InputProblem | None = None


class CardTicketDisabled(Struct, frozen=True):
    """The account keeps no card ticket; the user must enable it in the account's settings."""


class TicketUnsupported(Struct, frozen=True):
    """The account is a mini program, for which WeChat has no tickets."""


class InvalidField(Struct, frozen=True):
    """Input that must not be signed: the field, the problem, and the probable correction if it is clear."""

    field: SignField
    problem: InputProblem
    corrected: str | None = None


class NoLiveTicket(Struct, frozen=True):
    """The account has no valid ticket of this kind on disk; a refresh may bring one."""

    kind: TokenKind = TokenKind.JSAPI_TICKET


NotSigned = TicketUnsupported | InvalidField | NoLiveTicket


class Signer(Struct, kw_only=True, eq=False):
    """Sign pages with the jsapi ticket, and cards with the card ticket, of an account. Never request a ticket.

    Both methods return the first reason against it, if any. Input is checked before the ticket.
    """

    dog_files: DogFileReader
    clock: Clock

    def sign_page(self, account: Account, request: SignRequest) -> SignedPage | NotSigned:
        if TokenKind.JSAPI_TICKET not in account.token_kinds:
            return TicketUnsupported()
        found = self._ticket_and_timestamp(account, TokenKind.JSAPI_TICKET, request)
        if not isinstance(found, tuple):
            return found
        ticket, timestamp = found
        signature_input = SignatureInput(ticket.value, request.nonce, timestamp, url_to_sign(request.url))
        warnings = find_url_warnings(request.url, account.js_domains)
        return SignedPage(
            account.appid, signature_input, ticket, warnings, signature.timestamp_warning(timestamp, self.clock())
        )

    def sign_card(
        self, account: Account, request: CardExtRequest | CardChoiceRequest
    ) -> SignedCard | NotSigned | CardTicketDisabled:
        if account.platform is Platform.MINI_PROGRAM:
            return TicketUnsupported()
        if TokenKind.CARD_TICKET not in account.token_kinds:
            return CardTicketDisabled()
        found = self._ticket_and_timestamp(account, TokenKind.CARD_TICKET, request)
        if not isinstance(found, tuple):
            return found
        ticket, timestamp = found
        if isinstance(request, CardExtRequest):
            fields = _card_ext_fields(ticket.value, request, timestamp)
        else:
            fields = _card_choice_fields(ticket.value, account.appid, request, timestamp)
        return SignedCard(fields, signature.timestamp_warning(timestamp, self.clock()))

    def _ticket_and_timestamp(
        self, account: Account, kind: TokenKind, request: SignRequest | CardExtRequest | CardChoiceRequest
    ) -> tuple[TokenRecord, int] | InvalidField | NoLiveTicket:
        now = self.clock()
        invalid = _find_invalid_field(request)
        if invalid is not None:
            return invalid
        ticket = self.dog_files.read(account, kind)
        if ticket is None or ticket.remaining_s(now) <= 0:
            return NoLiveTicket(kind)
        return ticket, int(now if request.timestamp is None else request.timestamp)


def _find_invalid_field(request: SignRequest | CardExtRequest | CardChoiceRequest) -> InvalidField | None:
    if isinstance(request, SignRequest) and (problem := url_problem(request.url)) is not None:
        corrected = decode_url(request.url) if problem == InputProblem.URL_ENCODED else None
        return InvalidField(SignField.URL, problem, corrected)
    if (problem := signature.nonce_problem(request.nonce)) is not None:
        return InvalidField(SignField.NONCE, problem)
    if request.timestamp is not None and (problem := signature.timestamp_problem(request.timestamp)) is not None:
        seconds = request.timestamp[:-3] if problem == InputProblem.TIMESTAMP_IN_MS else None
        return InvalidField(SignField.TIMESTAMP, problem, seconds)
    if isinstance(request, CardExtRequest) and not request.card_id:
        return InvalidField(SignField.CARD_ID, InputProblem.EMPTY_CARD_ID)
    return None


def _card_ext_fields(ticket: str, request: CardExtRequest, timestamp: int) -> dict[str, str]:
    signed = (ticket, str(timestamp), request.card_id, request.code, request.openid, request.nonce)
    optional = {"code": request.code, "openid": request.openid}
    return {
        **{name: value for name, value in optional.items() if value},
        "timestamp": str(timestamp),
        "nonce_str": request.nonce,
        "signature": signature.sign_card(*signed),
    }


def _card_choice_fields(ticket: str, appid: str, request: CardChoiceRequest, timestamp: int) -> dict[str, str]:
    filters = (request.shop_id, request.card_id, request.card_type)
    return {
        "shopId": request.shop_id,
        "cardType": request.card_type,
        "cardId": request.card_id,
        "timestamp": str(timestamp),
        "nonceStr": request.nonce,
        "signType": "SHA1",
        "cardSign": signature.sign_card(ticket, appid, str(timestamp), request.nonce, *filters),
    }
