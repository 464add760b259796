"""The words of a notice: a title with the account and its state, what happened, what to do, the buttons."""

from dataclasses import dataclass

from guarddog_gui.domain.refresh.notifications import Notice, NoticeAction, NoticeKind, Urgency
from guarddog_gui.domain.refresh.status import State
from guarddog_gui.services.messages.message import Sentence, Sentences

BODY_MAX = 600  # characters; the longest meaning and fix of an errcode need 430


@dataclass(frozen=True, slots=True)
class NoticeText:
    """Plain text, never a token; `actions` are pairs of name and label, the first is the most useful."""

    title: str
    body: str
    actions: tuple[tuple[NoticeAction, str], ...] = ()
    urgency: Urgency = Urgency.NORMAL


def notice_text(notice: Notice, sentences: Sentences, now: float) -> NoticeText:
    """The notice in a person's language; `now` (Unix seconds) tells what expires from what has."""
    actions = tuple((action, _label(action, sentences)) for action in notice.actions)
    title = f"{notice.name} · {_state(notice, sentences, now)}"
    body = _plain(_sentence(notice, sentences).text)
    if len(body) > BODY_MAX:
        body = body[: BODY_MAX - 1] + "…"
    return NoticeText(_plain(title), body, actions, notice.urgency)


def _state(notice: Notice, sentences: Sentences, now: float) -> str:
    match notice.kind:
        case NoticeKind.NEEDS_PERSON:
            return sentences.say("notice-needs-person")
        case NoticeKind.TAKEN:
            return sentences.say("notice-taken")
        case NoticeKind.KEYRING_LOCKED:
            return sentences.state(State.KEYRING_LOCKED)
        case NoticeKind.EXPIRES:
            if notice.expires_at is None or notice.expires_at <= now:
                return sentences.state(State.EXPIRED)
            return sentences.say("notice-expires", time=sentences.time(notice.expires_at))
        case NoticeKind.RECOVERED:
            return sentences.say("notice-recovered")
        case NoticeKind.REFRESHED:
            return sentences.say("notice-refreshed")


def _sentence(notice: Notice, sentences: Sentences) -> Sentence:
    entry = notice.entry
    if notice.kind is NoticeKind.TAKEN and entry is not None:
        what = sentences.say("notice-taken-what", time=sentences.time(entry.at))
        return Sentence(what, sentences.say("notice-taken-todo"))
    if entry is not None:
        return sentences.entry(entry)
    if notice.expires_at is not None:
        return Sentence(sentences.say("notice-until", time=sentences.time(notice.expires_at)))
    return Sentence("")


def _label(action: NoticeAction, sentences: Sentences) -> str:
    match action:
        case NoticeAction.COPY_IP:
            return sentences.say("notice-copy-ip")
        case NoticeAction.TRY_AGAIN:
            return sentences.say("notice-try-again")
        case NoticeAction.OPEN:
            return sentences.say("notice-open")


def _plain(text: str) -> str:
    """Without what is not to be seen: a NUL ends the connection to a bus, a surrogate cannot be sent."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
