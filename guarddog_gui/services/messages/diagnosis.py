"""Messages about a diagnosis: which mistake it is and what to do, or what is left to check."""

from collections.abc import Mapping

from msgspec import Struct

from guarddog_gui.domain.diagnosis.mistakes import Mistake, MistakeKind, MistakeLocation
from guarddog_gui.domain.diagnosis.search import DiagnosisCancelled, NoMatch, PossibleCause, SignatureMatch
from guarddog_gui.domain.diagnosis.text_diff import Span, diff_spans
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.signing.page_url import parse_page_url
from guarddog_gui.services.messages.message import Message, Messages

_VISIBLE_MAX = 300  # characters of a URL within a sentence
_SIGN_LIVE_URL = N_("Sign the address that the browser has at run time, location.href.split('#')[0], as it is.")

_MISTAKE_SUMMARIES: Mapping[MistakeKind, str] = {
    MistakeKind.FRAGMENT: N_("{signed} was signed along; WeChat leaves out # and what follows."),
    MistakeKind.SLASH_MISSING: N_("The / at the end of the domain or path is missing in what was signed."),
    MistakeKind.SLASH_ADDED: N_("A / was signed at the end of the domain or path that the page does not have."),
    MistakeKind.HTTP: N_("http was signed, and the page is https."),
    MistakeKind.HTTPS: N_("https was signed, and the page is http."),
    MistakeKind.PORT_MISSING: N_("The port {meant} is missing in what was signed."),
    MistakeKind.PORT_ADDED: N_("The port {signed} was signed; the browser's address does not have it."),
    MistakeKind.PORT_OTHER: N_("The port {signed} was signed in place of {meant}."),
    MistakeKind.ENCODED: N_("The URL was signed percent-encoded, as encodeURIComponent does it."),
    MistakeKind.ESCAPED: N_("The URL was percent-encoded once more before it was signed, as encodeURI does it."),
    MistakeKind.DECODED: N_("The URL was decoded before it was signed; WeChat takes it with its percent signs."),
    MistakeKind.DECODED_TWICE: N_("The URL was decoded twice before it was signed."),
    MistakeKind.SHARE_PARAMETER_MISSING: N_(
        "{meant} is missing in what was signed. WeChat, an authorisation or a campaign put it into the address."
    ),
    MistakeKind.SHARE_PARAMETER_ADDED: N_("{signed} was signed, and the page's address does not have it."),
    MistakeKind.PARAMETER_MISSING: N_("The parameter {meant} is missing in what was signed."),
    MistakeKind.PARAMETER_ADDED: N_("The parameter {signed} was signed, and the page's address does not have it."),
    MistakeKind.QUERY_MISSING: N_("The whole query {meant} is missing in what was signed."),
    MistakeKind.QUERY_ORDER: N_("The parameters were signed in another order."),
    MistakeKind.URL_HTML_AMPERSAND: N_("The URL was signed with {signed} where the page has {meant}."),
    MistakeKind.HOST_CASE: N_("The domain was signed as {signed}; the browser has {meant}."),
    MistakeKind.WWW_MISSING: N_("The domain was signed without www.: {signed} in place of {meant}."),
    MistakeKind.WWW_ADDED: N_("The domain was signed with www.: {signed} in place of {meant}."),
    MistakeKind.URL_WHITESPACE: N_("White space was signed along with the URL, or at the end of the string: {signed}"),
    MistakeKind.SITE_ROOT: N_("The address of the whole site was signed in place of the page's."),
    MistakeKind.ENTRY_URL: N_("The address was signed at which the single-page app was entered."),
    MistakeKind.OTHER_URL: N_("The URL was signed that came with the wx.config; the page has another one."),
    MistakeKind.OLD_TICKET: N_("An earlier jsapi_ticket of the account was signed with."),
    MistakeKind.OTHER_ACCOUNT: N_("A value of another account was signed with: {signed}"),
    MistakeKind.ACCESS_TOKEN: N_("An access_token was signed with in place of the jsapi_ticket."),
    MistakeKind.CARD_TICKET: N_("The ticket for cards (wx_card) was signed with in place of the jsapi_ticket."),
    MistakeKind.FOREIGN_TICKET: N_(
        "The jsapi_ticket that was pasted along was signed with; Guard Dog does not know it as one of this account."
    ),
    MistakeKind.TICKET_WHITESPACE: N_("White space was signed along with the jsapi_ticket: {signed}"),
    MistakeKind.NONCE_NAME: N_("The nonce is called {signed} in the string; there it has to be {meant}."),
    MistakeKind.NONCE_CASE: N_(
        "The nonce {signed} was signed, and wx.config has {meant}: upper and lower case differ."
    ),
    MistakeKind.NONCE_WHITESPACE: N_(
        "The nonce {signed} was signed, and wx.config has {meant}: one of them has white space at its ends."
    ),
    MistakeKind.TIMESTAMP_MS: N_(
        "The timestamp was signed in milliseconds, {signed}; wx.config has the seconds, {meant}."
    ),
    MistakeKind.TIMESTAMP_SECONDS: N_(
        "wx.config has the timestamp in milliseconds, {meant}; signed were the seconds, {signed}."
    ),
    MistakeKind.TIMESTAMP_MS_BOTH: N_("The timestamp is in milliseconds, {signed}, in the string as in wx.config."),
    MistakeKind.TIMESTAMP_FRACTION: N_(
        "The timestamp was signed as {signed} in place of {meant}; it has to be the same whole number in both places."
    ),
    MistakeKind.TIMESTAMP_QUOTED: N_("The timestamp was signed with quotes around it: {signed}"),
    MistakeKind.FIELD_ORDER: N_("The fields were signed in the order {signed}; it has to be {meant}."),
    MistakeKind.FIELD_NAME: N_("A field of the string is called {signed}; it has to be {meant}."),
    MistakeKind.APPID_FIELD: N_("The field {signed} was signed along."),
    MistakeKind.TIMES_SIGN: N_("The string was signed with {signed}, which is what HTML makes of {meant}."),
    MistakeKind.HTML_AMPERSAND: N_("The fields were joined with {signed} in place of {meant}."),
    MistakeKind.UPPER_CASE: N_("The signature is not in lower case."),
    MistakeKind.MD5: N_("The string was hashed with MD5."),
    MistakeKind.SHA256: N_("The string was hashed with SHA-256."),
    MistakeKind.WRONG_APPID: N_("wx.config names {signed}, and the jsapi_ticket is that of {meant}."),
}
# in the order of the summaries; for the mistakes that are not here, _SIGN_LIVE_URL is right
_MISTAKE_ADVICE: Mapping[MistakeKind, str] = {
    MistakeKind.FRAGMENT: N_("Sign location.href.split('#')[0]."),
    MistakeKind.HTTP: N_(
        "A server behind a proxy sees http: let the page send its own address, or go by X-Forwarded-Proto."
    ),
    MistakeKind.HTTPS: N_("Open the page over https, or sign the address that it really has."),
    MistakeKind.ENCODED: N_("Encode it only on the way to the server, decode it there once, and sign the result."),
    MistakeKind.DECODED: N_(
        "Sign the address as it comes: frameworks have already decoded the parameter that carries it."
    ),
    MistakeKind.DECODED_TWICE: N_("Decode it once on the server at most; many frameworks have done it already."),
    MistakeKind.SHARE_PARAMETER_ADDED: N_(
        "Sign anew for each visit; a signature of a shared address is good for that address only."
    ),
    MistakeKind.QUERY_ORDER: N_("Do not build the URL anew from its parameters; sign the text as the browser has it."),
    MistakeKind.URL_HTML_AMPERSAND: N_("An HTML template has escaped the URL; hand it to the script unescaped."),
    MistakeKind.URL_WHITESPACE: N_("Strip the URL, and hash the string without a line break."),
    MistakeKind.SITE_ROOT: N_(
        "A Referer often is the site alone: let the page send location.href.split('#')[0] to the server."
    ),
    MistakeKind.ENTRY_URL: N_(
        "On iOS that is right until the page is really reloaded. On Android sign the current address "
        "after each change of the route."
    ),
    MistakeKind.OLD_TICKET: N_(
        "Keep one copy for all servers and replace it before it expires: guarddogctl token --key "
        "JSAPI_TICKET gives the current one."
    ),
    MistakeKind.OTHER_ACCOUNT: N_("Take the appId for wx.config and the jsapi_ticket from the same account."),
    MistakeKind.ACCESS_TOKEN: N_(
        "Fetch the jsapi_ticket with the access_token (getticket, type=jsapi), and sign with that."
    ),
    MistakeKind.CARD_TICKET: N_(
        "Fetch the ticket with type=jsapi; the one of type=wx_card is for cardExt and chooseCard alone."
    ),
    MistakeKind.FOREIGN_TICKET: N_("Find out which account and which server it comes from."),
    MistakeKind.TICKET_WHITESPACE: N_("Strip the jsapi_ticket after reading it from its file or cache."),
    MistakeKind.NONCE_NAME: N_("Write noncestr in the string and nonceStr in wx.config."),
    MistakeKind.NONCE_CASE: N_("Give wx.config the very nonce that was signed."),
    MistakeKind.NONCE_WHITESPACE: N_("Give wx.config the very nonce that was signed, without white space."),
    MistakeKind.TIMESTAMP_MS: N_("Use one timestamp in seconds for both: Math.floor(Date.now() / 1000)."),
    MistakeKind.TIMESTAMP_SECONDS: N_("Give wx.config the seconds that were signed."),
    MistakeKind.TIMESTAMP_MS_BOTH: N_("Use whole seconds in both places, ten digits: Math.floor(Date.now() / 1000)."),
    MistakeKind.TIMESTAMP_FRACTION: N_(
        "Round it down to whole seconds once, and use that in the string and in wx.config."
    ),
    MistakeKind.TIMESTAMP_QUOTED: N_("Sign the digits alone."),
    MistakeKind.FIELD_ORDER: N_("Sort the names by ASCII before joining them."),
    MistakeKind.FIELD_NAME: N_("All names in the string are lower case: jsapi_ticket, noncestr, timestamp, url."),
    MistakeKind.APPID_FIELD: N_("Sign four fields and no more: jsapi_ticket, noncestr, timestamp, url."),
    MistakeKind.TIMES_SIGN: N_("Put the string together in code; do not copy it out of a web page."),
    MistakeKind.HTML_AMPERSAND: N_("An HTML template or library has escaped the string; hash it unescaped."),
    MistakeKind.UPPER_CASE: N_("Write the SHA-1 with the digits 0-9 and a-f in lower case."),
    MistakeKind.MD5: N_("Use SHA-1."),
    MistakeKind.SHA256: N_("Use SHA-1."),
    MistakeKind.WRONG_APPID: N_("Give wx.config the appId of the account whose ticket signs."),
}
MISTAKES: Mapping[MistakeKind, tuple[str, str]] = {
    kind: (summary, _MISTAKE_ADVICE.get(kind, _SIGN_LIVE_URL)) for kind, summary in _MISTAKE_SUMMARIES.items()
}

POSSIBLE_CAUSES: Mapping[PossibleCause, tuple[str, str]] = {
    PossibleCause.APPID: (
        N_("The appId in wx.config may be that of another account than the ticket's."),
        N_("Add the account to Guard Dog that the appId belongs to, then diagnose again."),
    ),
    PossibleCause.TICKET: (
        N_(
            "The jsapi_ticket may be one that Guard Dog does not know: from a server that fetches its own, "
            "or older than a day."
        ),
        N_(
            "Compare it with guarddogctl token --key JSAPI_TICKET, or try it: as jsapi_ticket=… below the "
            "pasted block, or with --ticket."
        ),
    ),
    PossibleCause.VALUES: (
        N_("nonceStr, timestamp and signature may come from different answers of the server."),
        N_("Make them in one call and give all three to wx.config as they are; look for a cache in between."),
    ),
    PossibleCause.PAGE: (
        N_(
            "The page may really have another address: after a redirect, behind a proxy, or in an iframe, "
            "where the top page counts."
        ),
        N_("Show location.href.split('#')[0] on the phone and diagnose that address."),
    ),
    PossibleCause.DOMAIN: (
        N_("The page's domain may not be among the JS-safe domains of the account."),
        N_(
            "WeChat then says invalid url domain: add it on the Developer Platform under My business > the "
            "account > Basic info."
        ),
    ),
}
RULED_OUT: Mapping[MistakeLocation, str] = {
    MistakeLocation.URL: N_("{count} forms of the URL"),
    MistakeLocation.TICKET: N_("{count} other values in the place of the ticket"),
    MistakeLocation.NONCE: N_("{count} other names and spellings of the nonce"),
    MistakeLocation.TIMESTAMP: N_("{count} forms of the timestamp, milliseconds among them"),
    MistakeLocation.STRING: N_("{count} other ways to put the string together"),
    MistakeLocation.PAIR: N_("{count} combinations of two mistakes"),
}


class UrlDifference(Struct, frozen=True):
    """URL that was signed and URL of the page; the spans are where they differ."""

    signed_url: str
    page_url: str
    signed_spans: tuple[Span, ...]
    page_spans: tuple[Span, ...]


class DiagnosisText(Struct, frozen=True):
    """Texts of a diagnosis: the result, each mistake or possible cause, and what was ruled out."""

    summary: Message
    details: tuple[Message, ...] = ()
    ruled_out: tuple[str, ...] = ()
    difference: UrlDifference | None = None


def diagnosis_text(result: SignatureMatch | NoMatch | DiagnosisCancelled, messages: Messages) -> DiagnosisText:
    match result:
        case SignatureMatch():
            return _match_text(result, messages)
        case NoMatch():
            summary = messages.message(
                "None of {count} variants gives this signature.",
                "Check the following in this order.",
                count=f"{result.tried_count:,}",
            )
            causes = (messages.message(*POSSIBLE_CAUSES[cause]) for cause in result.possible_causes)
            counts = [(RULED_OUT[location], f"{count:,}") for location, count in result.ruled_out if count]
            ruled_out = tuple(messages.text(text, count=count) for text, count in counts)
            return DiagnosisText(summary, tuple(causes), ruled_out)
        case DiagnosisCancelled():
            return DiagnosisText(messages.message("The diagnosis was cancelled."))


def _match_text(match: SignatureMatch, messages: Messages) -> DiagnosisText:
    page = visible_text(match.page_url)
    if not match.mistakes:
        url = parse_page_url(match.page_url)
        advice = (
            N_("The browser puts a / after the domain, and WeChat checks the address with it.")
            if url is not None and not url.path
            else N_(
                "If WeChat refuses it all the same, the page really has another address: compare "
                "it with location.href.split('#')[0] on the phone. In a single-page app on iOS the "
                "address counts at which it was entered."
            )
        )
        return DiagnosisText(messages.message("The signature is right for `{page}`.", advice, page=page))
    details = tuple(mistake_message(mistake, messages) for mistake in match.mistakes)
    if match.signed_url == match.page_url:
        return DiagnosisText(details[0], details[1:])
    spans = diff_spans(match.signed_url, match.page_url)
    summary = messages.message(
        "You signed `{signed}` but the page is `{page}`.", signed=visible_text(match.signed_url), page=page
    )
    return DiagnosisText(summary, details, difference=UrlDifference(match.signed_url, match.page_url, *spans))


def mistake_message(mistake: Mistake, messages: Messages) -> Message:
    return messages.message(
        *MISTAKES[mistake.kind], signed=visible_text(mistake.signed), meant=visible_text(mistake.expected)
    )


def visible_text(text: str) -> str:
    """Prepare a text for a sentence: in one line, shortened, with white space at its ends made visible."""
    if len(text) > _VISIBLE_MAX:
        text = f"{text[: _VISIBLE_MAX // 2]}…{text[-_VISIBLE_MAX // 2 :]}"
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    inside = plain.strip(" ")
    before, _, after = plain.partition(inside) if inside else (plain, "", "")
    return "␣" * len(before) + inside + "␣" * len(after)
