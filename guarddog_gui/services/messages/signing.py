"""The words about a page to sign: what is suspicious about its address, and why it was not signed."""

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.signing.url_warnings import UrlWarning
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.card_signing import CardTicketDisabled
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.signing import InvalidField, NoLiveTicket, NotSigned, TicketUnsupported


def url_warning_message(warning: UrlWarning, messages: Messages) -> Message:
    """What is suspicious, what it means, and the corrected address where there is one."""
    what = messages.text(f"url-{warning.kind}", detail=warning.detail)
    return Message(what, _correction_text(warning.corrected, messages))


def not_signed_message(
    reason: NotSigned | CardTicketDisabled, account: Account, messages: Messages
) -> Message:
    """Why there is no signature, and what to do."""
    match reason:
        case CardTicketDisabled():
            return card_ticket_disabled_message(account, messages)
        case TicketUnsupported():
            key = messages.key_name(TokenKind.JSAPI_TICKET)
            what = messages.text("{name} is a mini program and has no {key}.", name=account.name, key=key)
            return Message(what, messages.text("Pages are signed for official accounts; choose one."))
        case InvalidField(_, problem, None):
            return messages.for_bad_input(problem)
        case InvalidField(_, problem, corrected):
            return Message(messages.text(problem), _correction_text(corrected, messages))
        case NoLiveTicket(kind):
            what = messages.text("There is no live {key} to sign with.", key=messages.key_name(kind))
            return Message(what, messages.text("Refresh it first."))


def _correction_text(corrected: str | None, messages: Messages) -> str:
    return "" if corrected is None else messages.text("Corrected: {text}", text=corrected)


def card_ticket_disabled_message(account: Account, messages: Messages) -> Message:
    """That the account keeps no card ticket, and how to have it keep one."""
    say = messages.text
    what = say("card-ticket-off", name=account.name, key=messages.key_name(TokenKind.CARD_TICKET))
    return Message(what, say("card-ticket-off-todo", appid=account.appid))
