"""The words about a page to sign: what is suspicious about its address, and why it was not signed."""

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.signing.url_warnings import UrlWarning
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.card_signing import NoCardTicket
from guarddog_gui.services.messages.message import Sentence, Sentences
from guarddog_gui.services.signing import BadField, NeverATicket, NoTicket, NotSigned


def url_warning(warning: UrlWarning, sentences: Sentences) -> Sentence:
    """What is suspicious, what it means, and the corrected address where there is one."""
    what = sentences.say(f"url-{warning.kind}", detail=warning.detail)
    return Sentence(what, _correction(warning.corrected, sentences))


def not_signed(reason: NotSigned | NoCardTicket, account: Account, sentences: Sentences) -> Sentence:
    """Why there is no signature, and what to do."""
    match reason:
        case NoCardTicket():
            return card_ticket_off(account, sentences)
        case NeverATicket():
            key = sentences.key(TokenKind.JSAPI_TICKET)
            what = sentences.say("no-such-key", name=account.name, key=key)
            return Sentence(what, sentences.say("sign-no-such-key-todo"))
        case BadField(_, problem, None):
            return sentences.bad_input(problem)
        case BadField(_, problem, corrected):
            return Sentence(sentences.say(problem), _correction(corrected, sentences))
        case NoTicket(kind):
            what = sentences.say("no-live-ticket", key=sentences.key(kind))
            return Sentence(what, sentences.say("no-live-ticket-todo"))


def _correction(corrected: str | None, sentences: Sentences) -> str:
    return "" if corrected is None else sentences.say("corrected", text=corrected)


def card_ticket_off(account: Account, sentences: Sentences) -> Sentence:
    """That the account keeps no card ticket, and how to have it keep one."""
    say = sentences.say
    what = say("card-ticket-off", name=account.name, key=sentences.key(TokenKind.CARD_TICKET))
    return Sentence(what, say("card-ticket-off-todo", appid=account.appid))
