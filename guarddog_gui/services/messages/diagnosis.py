"""The words of a diagnosis: which mistake it is and what to do, or what is left to look at."""

from dataclasses import dataclass

from guarddog_gui.domain.diagnosis.mistakes import Mistake
from guarddog_gui.domain.diagnosis.search import DiagnosisCancelled, NoMatch, SignatureMatch
from guarddog_gui.domain.diagnosis.text_diff import Span, diff_spans
from guarddog_gui.domain.signing.page_url import parse_page_url
from guarddog_gui.services.messages.message import Message, Messages

_VISIBLE_MAX = 300  # characters of a URL within a sentence


@dataclass(frozen=True, slots=True)
class UrlDifference:
    """The URL that was signed beside the page's; the spans are where they differ."""

    signed_url: str
    page_url: str
    signed_spans: tuple[Span, ...]
    page_spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class DiagnosisText:
    """A diagnosis to read: the verdict, each mistake or suspect, and what was ruled out, line by line."""

    summary: Message
    details: tuple[Message, ...] = ()
    ruled_out: tuple[str, ...] = ()
    difference: UrlDifference | None = None


def diagnosis_text(
    result: SignatureMatch | NoMatch | DiagnosisCancelled, messages: Messages
) -> DiagnosisText:
    """The result in a person's language."""
    match result:
        case SignatureMatch():
            return _match_text(result, messages)
        case NoMatch():
            what = messages.text(
                "None of {count} variants gives this signature.", count=f"{result.tried_count:,}"
            )
            return DiagnosisText(
                Message(what, messages.text("Check the following in this order.")),
                tuple(
                    Message(messages.text(f"suspect-{suspect}"), messages.text(f"suspect-{suspect}-todo"))
                    for suspect in result.possible_causes
                ),
                tuple(
                    messages.text(f"ruled-out-{group}", count=f"{count:,}")
                    for group, count in result.ruled_out
                    if count
                ),
            )
        case DiagnosisCancelled():
            return DiagnosisText(Message(messages.text("The diagnosis was cancelled.")))


def _match_text(match: SignatureMatch, messages: Messages) -> DiagnosisText:
    page = visible_text(match.page_url)
    if not match.mistakes:
        address = parse_page_url(match.page_url)
        is_bare = address is not None and not address.path
        todo = messages.text(
            "The browser puts a / after the domain, and WeChat checks the address with it."
            if is_bare
            else "If WeChat refuses it all the same, the page really has another address: compare "
            "it with location.href.split('#')[0] on the phone. In a single-page app on iOS the "
            "address counts at which it was entered."
        )
        return DiagnosisText(Message(messages.text("The signature is right for `{page}`.", page=page), todo))
    details = tuple(mistake_message(mistake, messages) for mistake in match.mistakes)
    if match.signed_url == match.page_url:
        return DiagnosisText(details[0], details[1:])
    spans = diff_spans(match.signed_url, match.page_url)
    verdict = Message(
        messages.text(
            "You signed `{signed}` but the page is `{page}`.",
            signed=visible_text(match.signed_url),
            page=page,
        )
    )
    return DiagnosisText(verdict, details, difference=UrlDifference(match.signed_url, match.page_url, *spans))


def mistake_message(mistake: Mistake, messages: Messages) -> Message:
    """What somebody did who signed, and what to do instead."""
    values = {"signed": visible_text(mistake.signed), "meant": visible_text(mistake.expected)}
    todo = f"mistake-{mistake.kind}-todo"
    return Message(
        messages.text(f"mistake-{mistake.kind}", **values),
        messages.text(todo if messages.message_catalog.has(todo) else "sign-live-url"),
    )


def visible_text(text: str) -> str:
    """A text within a sentence: in one line, white space at its ends to be seen, not endless."""
    if len(text) > _VISIBLE_MAX:
        text = f"{text[: _VISIBLE_MAX // 2]}…{text[-_VISIBLE_MAX // 2 :]}"
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    inside = plain.strip(" ")
    before, _, after = plain.partition(inside) if inside else (plain, "", "")
    return "␣" * len(before) + inside + "␣" * len(after)
