"""Messages about a diagnosis: which mistake it is and what to do, or what is left to check."""

from collections.abc import Mapping

from msgspec import Struct

from guarddog_gui.domain.diagnosis.mistakes import CALL_KINDS, Mistake, MistakeLocation
from guarddog_gui.domain.diagnosis.search import DiagnosisCancelled, NoMatch, PossibleCause, SignatureMatch
from guarddog_gui.domain.diagnosis.text_diff import Span, diff_spans
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.signing.page_url import parse_page_url
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.messages.signing.diagnosis_mistakes import MISTAKES

_EMPTY = "“”"  # in the place of a text that is empty
_SIGNED_PARAMETERS = frozenset({"timestamp", "nonceStr", "signature"})  # without which WeChat finds another hash
_VISIBLE_MAX = 300  # characters of a URL within a sentence

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
    PossibleCause.GIVEN_TICKET: (
        N_("The jsapi_ticket that was given may not be the one that was signed with."),
        N_(
            "Log the jsapi_ticket on the server at the moment of signing and give that one, or leave out --ticket: "
            "then all tickets that Guard Dog knows are tried."
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
    MistakeLocation.URL: N_("{count} other forms of the URL"),
    MistakeLocation.TICKET: N_("{count} other values and spellings in the place of the ticket"),
    MistakeLocation.NONCE: N_("{count} other names, values and spellings of the nonce"),
    MistakeLocation.TIMESTAMP: N_("{count} other forms of the timestamp"),
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
            mistakes = (mistake_message(mistake, messages) for mistake in result.config_mistakes)
            causes = (messages.message(*POSSIBLE_CAUSES[cause]) for cause in result.possible_causes)
            counts = [(RULED_OUT[location], f"{count:,}") for location, count in result.ruled_out if count]
            ruled_out = tuple(messages.text(text, count=count) for text, count in counts)
            return DiagnosisText(summary, (*mistakes, *causes), ruled_out)
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
        if match.has_escaped_page:
            advice = N_("The address was given with &amp;, which HTML shows for an &, and is checked here with &.")
        return DiagnosisText(messages.message("The signature is right for `{page}`.", advice, page=page))
    details = tuple(mistake_message(mistake, messages) for mistake in match.mistakes)
    if all(mistake.kind in CALL_KINDS for mistake in match.mistakes):
        summary = messages.message(
            "The signature is right for `{page}`, but WeChat refuses this wx.config.",
            "Correct the following.",
            page=page,
        )
        return DiagnosisText(summary, details)
    if match.signed_url == match.page_url:
        return DiagnosisText(details[0], details[1:])
    spans = diff_spans(match.signed_url, match.page_url)
    summary = messages.message(
        "You signed `{signed}` but the page is `{page}`.", signed=visible_text(match.signed_url), page=page
    )
    return DiagnosisText(summary, details, difference=UrlDifference(match.signed_url, match.page_url, *spans))


def fix_text(text: DiagnosisText, messages: Messages) -> str:
    """Return the mistakes, what to do about them and the two URLs as plain text, for a colleague or an issue."""
    difference = text.difference
    lines = [message.text for message in (text.details if difference else (text.summary, *text.details))]
    if difference is not None:
        lines.append(messages.text("signed: {url}", url=difference.signed_url))
        lines.append(messages.text("page: {url}", url=difference.page_url))
    return "\n".join(lines).replace("`", "")


def mistake_message(mistake: Mistake, messages: Messages) -> Message:
    return messages.message(
        *MISTAKES[mistake.kind],
        signed=visible_text(mistake.signed) or _EMPTY,
        meant=visible_text(mistake.expected) or _EMPTY,
        error="invalid signature" if mistake.expected in _SIGNED_PARAMETERS else "config:fail",
    )


def several_signatures_text(signature: str, messages: Messages) -> str:
    return messages.text("The text has several signatures; this one is diagnosed: {signature}", signature=signature)


def visible_text(text: str) -> str:
    """Prepare a text for a sentence: in one line, shortened, with white space at its ends made visible."""
    if len(text) > _VISIBLE_MAX:
        text = f"{text[: _VISIBLE_MAX // 2]}…{text[-_VISIBLE_MAX // 2 :]}"
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    inside = plain.strip(" ")
    before, _, after = plain.partition(inside) if inside else (plain, "", "")
    return "␣" * len(before) + inside + "␣" * len(after)
