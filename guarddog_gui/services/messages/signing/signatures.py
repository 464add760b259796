"""Messages about a page to sign: what is suspicious about its address, and why it was not signed."""

from collections.abc import Mapping

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.printable import shorten_middle
from guarddog_gui.domain.signing.url_warnings import UrlWarning, UrlWarningKind
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.signing import CardTicketDisabled, InvalidField, NoLiveTicket, NotSigned, TicketUnsupported

DETAIL_LENGTH_MAX = 40  # characters

URL_WARNINGS: Mapping[UrlWarningKind, str] = {
    UrlWarningKind.SURROUNDING_WHITESPACE: N_(
        "White space or invisible characters at the ends of the address were left out."
    ),
    UrlWarningKind.ENCODED: N_("The address is percent-encoded as a whole. The browser's address never is."),
    UrlWarningKind.OAUTH_LINK: N_(
        "{detail} is WeChat's link for web authorisation, not a page. Sign the page that it leads to (redirect_uri), "
        "with the code and state that its address then has."
    ),
    UrlWarningKind.FRAGMENT: N_(
        "{detail} is not signed: WeChat leaves out # and what follows, so one signature serves every # "
        "route of the page."
    ),
    UrlWarningKind.HTML_ENTITY: N_(
        "{detail} in the address is what HTML made of an & when it was shown on a page (×tamp was &timestamp)."
    ),
    UrlWarningKind.TWICE_ENCODED: N_(
        "{detail} looks percent-encoded twice. Sign it so only if the browser's address shows it so."
    ),
    UrlWarningKind.HTTP: N_("This signs http; the same page over https needs a signature of its own."),
    UrlWarningKind.LOCAL_HOST: N_(
        "{detail} is this computer. Only test accounts accept it; others need a JS-safe domain."
    ),
    UrlWarningKind.IP_ADDRESS: N_(
        "{detail} is an IP address, which cannot be a JS-safe domain. Expect “invalid url domain”, except "
        "with a test account."
    ),
    UrlWarningKind.PORT: N_(
        "The address has a port ({detail}). WeChat's JS-safe domains take only 80 and 443, which the "
        "browser leaves out of the address."
    ),
    UrlWarningKind.UNLISTED_DOMAIN: N_(
        "{detail} is not covered by the JS-safe domains of this account. Expect “invalid url domain”."
    ),
    UrlWarningKind.OAUTH_PARAMETER: N_(
        "The address still has the {detail} of a web authorisation. They change with each visit: redirect "
        "to the address without them before the page calls wx.config."
    ),
    UrlWarningKind.SHARE_PARAMETER: N_(
        "{detail} was added by WeChat when the page was shared: sign location.href at run time."
    ),
    UrlWarningKind.NO_PATH: N_("The browser puts a / after the domain, and WeChat checks the address with it."),
    UrlWarningKind.BROWSER_SPELLING: N_(
        "The browser reports this address in another spelling: percent-encoded, the domain in lower case or as xn--."
    ),
}


def url_warning_message(warning: UrlWarning, messages: Messages) -> Message:
    # a word without blanks does not wrap: the window would cut it off at its edge
    detail = shorten_middle(warning.detail, DETAIL_LENGTH_MAX)
    summary = messages.text(URL_WARNINGS[warning.kind], detail=detail)
    return Message(summary, _correction_text(warning.corrected, messages))


def not_signed_message(reason: NotSigned | CardTicketDisabled, account: Account, messages: Messages) -> Message:
    match reason:
        case CardTicketDisabled():
            return card_ticket_disabled_message(account, messages)
        case TicketUnsupported():
            return messages.message(
                "{name} is a mini program and has no {key}.",
                "Pages are signed for official accounts; choose one.",
                name=account.name,
                key=messages.key_name(TokenKind.JSAPI_TICKET),
            )
        case InvalidField(_, problem, None):
            return messages.for_bad_input(problem)
        case InvalidField(_, problem, corrected):
            return Message(messages.for_bad_input(problem).summary, _correction_text(corrected, messages))
        case NoLiveTicket(kind):
            key = messages.key_name(kind)
            return messages.message("There is no live {key} to sign with.", "Refresh it first.", key=key)


def _correction_text(corrected: str | None, messages: Messages) -> str:
    return "" if corrected is None else messages.text("Corrected: {text}", text=corrected)


def card_ticket_disabled_message(account: Account, messages: Messages) -> Message:
    return messages.message(
        "The {key} of {name} is switched off.",
        "Switch it on: edit the account, or run guarddogctl accounts add --appid {appid} --card-ticket",
        name=account.name,
        key=messages.key_name(TokenKind.CARD_TICKET),
        appid=account.appid,
    )
