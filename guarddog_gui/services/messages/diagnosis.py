"""The words of a diagnosis: which mistake it is and what to do, or what is left to look at."""

from dataclasses import dataclass

from guarddog_gui.domain.diagnosis.mistakes import Mistake
from guarddog_gui.domain.diagnosis.search import Cancelled, Match, NoMatch
from guarddog_gui.domain.diagnosis.text_diff import Span, differences
from guarddog_gui.domain.signing.page_url import page_url
from guarddog_gui.services.messages.message import Sentence, Sentences

_SHOWN_MAX = 300  # characters of a URL within a sentence


@dataclass(frozen=True, slots=True)
class Difference:
    """The URL that was signed beside the page's; the spans are where they differ."""

    signed: str
    page: str
    signed_spans: tuple[Span, ...]
    page_spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """A diagnosis to read: the verdict, each mistake or suspect, and what was ruled out, line by line."""

    verdict: Sentence
    details: tuple[Sentence, ...] = ()
    ruled_out: tuple[str, ...] = ()
    difference: Difference | None = None


def diagnosed(result: Match | NoMatch | Cancelled, sentences: Sentences) -> Diagnosed:
    """The result in a person's language."""
    match result:
        case Match():
            return _matched(result, sentences)
        case NoMatch():
            what = sentences.say("diagnosis-none", count=f"{result.tried:,}")
            return Diagnosed(
                Sentence(what, sentences.say("diagnosis-none-todo")),
                tuple(
                    Sentence(sentences.say(f"suspect-{suspect}"), sentences.say(f"suspect-{suspect}-todo"))
                    for suspect in result.suspects
                ),
                tuple(
                    sentences.say(f"ruled-out-{group}", count=f"{count:,}")
                    for group, count in result.ruled_out
                    if count
                ),
            )
        case Cancelled():
            return Diagnosed(Sentence(sentences.say("diagnosis-cancelled")))


def _matched(match: Match, sentences: Sentences) -> Diagnosed:
    page = shown(match.page)
    if not match.mistakes:
        address = page_url(match.page)
        is_bare = address is not None and not address.path
        todo = sentences.say("url-bare" if is_bare else "diagnosis-right-todo")
        return Diagnosed(Sentence(sentences.say("diagnosis-right", page=page), todo))
    details = tuple(mistake_sentence(mistake, sentences) for mistake in match.mistakes)
    if match.url == match.page:
        return Diagnosed(details[0], details[1:])
    spans = differences(match.url, match.page)
    verdict = Sentence(sentences.say("diagnosis-url", signed=shown(match.url), page=page))
    return Diagnosed(verdict, details, difference=Difference(match.url, match.page, *spans))


def mistake_sentence(mistake: Mistake, sentences: Sentences) -> Sentence:
    """What somebody did who signed, and what to do instead."""
    values = {"signed": shown(mistake.signed), "meant": shown(mistake.meant)}
    todo = f"mistake-{mistake.kind}-todo"
    return Sentence(
        sentences.say(f"mistake-{mistake.kind}", **values),
        sentences.say(todo if sentences.words.knows(todo) else "sign-live-url"),
    )


def shown(text: str) -> str:
    """A text within a sentence: in one line, white space at its ends to be seen, not endless."""
    if len(text) > _SHOWN_MAX:
        text = f"{text[: _SHOWN_MAX // 2]}…{text[-_SHOWN_MAX // 2 :]}"
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    inside = plain.strip(" ")
    before, _, after = plain.partition(inside) if inside else (plain, "", "")
    return "␣" * len(before) + inside + "␣" * len(after)
