"""Names and short texts in the language of the user, and the form that every message has."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Endpoint, Environment, Platform
from guarddog_gui.domain.message_catalog import N_, NC_, MessageCatalog
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.errcodes import NEXT_MONTH, TOMORROW, Errcode, ErrcodeCatalog, ErrcodeKind
from guarddog_gui.services.ports import Clock

if TYPE_CHECKING:
    from guarddog_gui.domain.wechat.errcode_lists import ListedErrcode
    from guarddog_gui.domain.wechat.jssdk_errors import JssdkError

KEY_NAMES: Mapping[TokenKind, str] = {
    TokenKind.ACCESS_TOKEN: N_("access_token"),
    TokenKind.JSAPI_TICKET: N_("jsapi_ticket"),
    TokenKind.CARD_TICKET: N_("wx_card ticket"),
}
PLATFORM_NAMES: Mapping[Platform, str] = {
    Platform.OFFICIAL: N_("official account"),
    Platform.MINI_PROGRAM: N_("mini program"),
}
ENDPOINT_NAMES: Mapping[Endpoint, str] = {Endpoint.STABLE: N_("stable"), Endpoint.CLASSIC: N_("classic")}
ENVIRONMENT_NAMES: Mapping[Environment, str] = {
    Environment.NONE: N_("none"),
    Environment.TEST: N_("test"),
    Environment.PRODUCTION: N_("production"),
}
STATE_NAMES: Mapping[KeyState, str] = {
    KeyState.FRESH: N_("fresh"),
    KeyState.DUE_SOON: N_("due soon"),
    KeyState.REFRESHING: N_("refreshing"),
    KeyState.EXPIRED: N_("expired"),
    KeyState.FAILED: N_("failed"),
    KeyState.OFFLINE: N_("offline"),
    KeyState.KEYRING_LOCKED: N_("keyring locked"),
    KeyState.PAUSED: N_("paused"),
}
TRIGGER_NAMES: Mapping[Trigger, str] = {
    Trigger.TIMER: NC_("trigger", "timer"),
    Trigger.START: NC_("trigger", "start"),
    Trigger.USER: NC_("trigger", "manual"),
    Trigger.COPY: NC_("trigger", "copy"),
    Trigger.RESUME: NC_("trigger", "resume"),
    Trigger.COMMAND: NC_("trigger", "command"),
}
RESULT_NAMES: Mapping[AttemptResult, str] = {
    AttemptResult.NEW: N_("new"),
    AttemptResult.SAME: N_("unchanged"),
    AttemptResult.ADOPTED: N_("adopted"),
    AttemptResult.NOT_ADOPTED: N_("not adopted"),
    AttemptResult.STILL_FRESH: N_("still fresh"),
    AttemptResult.REFUSED: N_("refused by WeChat"),
    AttemptResult.NO_ANSWER: N_("no answer"),
    AttemptResult.NO_SECRET: N_("no AppSecret"),
    AttemptResult.KEYRING_LOCKED: N_("keyring locked"),
    AttemptResult.KEYRING_DOWN: N_("no keyring"),
    AttemptResult.NOT_WRITTEN: N_("not written"),
    AttemptResult.LOCK_BUSY: N_("busy"),
    AttemptResult.BUDGET_EXCEEDED: N_("limit reached"),
    AttemptResult.INTERNAL_ERROR: N_("our bug"),
    AttemptResult.QUOTA_CLEARED: N_("cleared"),
    AttemptResult.SHARED: N_("shared"),
    AttemptResult.NOT_SHARED: N_("not shared"),
    AttemptResult.ADDRESS_SEEN: N_("address named"),
}
ERRCODE_KIND_NAMES: Mapping[ErrcodeKind, str] = {
    ErrcodeKind.TRANSIENT: N_("temporary"),
    ErrcodeKind.TOKEN: N_("needs a new token"),
    ErrcodeKind.CONFIG: N_("configuration"),
    ErrcodeKind.QUOTA: N_("quota"),
    ErrcodeKind.PERMISSION: N_("not allowed"),
    ErrcodeKind.REQUEST: N_("bad request"),
    ErrcodeKind.UNKNOWN: N_("unknown"),
}
REACTIONS: Mapping[ErrcodeKind, str] = {
    ErrcodeKind.TRANSIENT: N_("Guard Dog tries again by itself, with growing pauses and without end."),
    ErrcodeKind.TOKEN: N_("Guard Dog fetches the access_token once more and tries once again."),
    ErrcodeKind.CONFIG: N_("Guard Dog has stopped trying: press Refresh now once you have fixed it."),
    ErrcodeKind.QUOTA: N_("Guard Dog tries again by itself: soon after a limit per minute, hourly after a daily one."),
    ErrcodeKind.PERMISSION: N_("Guard Dog stops and waits for you or the account's administrator."),
    ErrcodeKind.REQUEST: N_("Guard Dog stops: the same call would be refused again."),
    ErrcodeKind.UNKNOWN: N_("Guard Dog shows it as it came and tries again with long pauses."),
}
WAITS: Mapping[str, str] = {
    TOMORROW: N_("WeChat takes calls again tomorrow, Beijing time."),
    NEXT_MONTH: N_("WeChat takes calls again next month."),
}
INVALID_TIME = "–"  # shown for a time in a file that no calendar has


class Message(Struct, frozen=True):
    """Text of what happened and what to do next, with a number to show in grey; the last two may be empty."""

    summary: str
    advice: str = ""
    code: str = ""

    @property
    def text(self) -> str:
        sentences = join_sentences(self.summary, self.advice)
        return f"{sentences} ({self.code})" if self.code else sentences


def join_sentences(first: str, second: str) -> str:
    """Join two sentences in one line; Chinese ones need no space between them."""
    gap = " " if first and second and first[-1].isascii() else ""
    return first + gap + second


class Texts:
    """Short texts in the language of a catalogue.

    `text`, `text_in_context` and `plural` are those of the catalogue. `format_time` formats Unix seconds as a local
    time, with the date if it is another day.
    """

    def __init__(
        self,
        message_catalog: MessageCatalog,
        errcode_catalog: ErrcodeCatalog,
        format_local_time: Callable[[float], str],
    ) -> None:
        self.message_catalog = message_catalog
        self.text = message_catalog.text
        self.text_in_context = message_catalog.text_in_context
        self.plural = message_catalog.plural
        self.errcode_catalog = errcode_catalog
        self.format_time = format_local_time

    @property
    def language(self) -> str:
        return self.message_catalog.language

    def message(self, summary: str, advice: str = "", /, *, code: str = "", **values: object) -> Message:
        """Translate both texts of a message and fill the same values into them."""
        return Message(self.text(summary, **values), self.text(advice, **values), code)

    def key_name(self, kind: TokenKind | str) -> str:
        """Return `access_token`, `jsapi_ticket` or `wx_card ticket`."""
        return self.text(KEY_NAMES[TokenKind(kind)])

    def state_name(self, state: KeyState) -> str:
        return self.text(STATE_NAMES[state])

    def trigger_name(self, trigger: Trigger) -> str:
        return self.text_in_context("trigger", TRIGGER_NAMES[trigger])

    def result_name(self, result: AttemptResult) -> str:
        return self.text(RESULT_NAMES[result])

    def platform_name(self, platform: Platform) -> str:
        return self.text(PLATFORM_NAMES[platform])

    def endpoint_name(self, endpoint: Endpoint) -> str:
        return self.text(ENDPOINT_NAMES[endpoint])

    def environment_name(self, environment: Environment) -> str:
        return self.text(ENVIRONMENT_NAMES[environment])

    def error_kind_name(self, kind: ErrcodeKind) -> str:
        return self.text(ERRCODE_KIND_NAMES[kind])

    def errcode_kind_name(self, errcode: Errcode) -> str:
        """Return the kind of an errcode, or "success" for 0."""
        return self.text("success") if errcode.is_success else self.error_kind_name(errcode.kind)

    def error_kind_reaction(self, kind: ErrcodeKind) -> str:
        return self.text(REACTIONS[kind])

    def errcode_reaction(self, errcode: Errcode) -> str:
        """Return what Guard Dog does about an errcode, and how long WeChat lets callers wait; "" for 0."""
        if errcode.is_success:
            return ""
        reaction, wait = self.error_kind_reaction(errcode.kind), errcode.wait
        if wait is None:
            return reaction
        until = N_("WeChat takes calls again after {seconds} seconds.") if wait.until is None else WAITS[wait.until]
        return join_sentences(reaction, self.text(until, seconds=wait.seconds))

    def listed_meaning(self, entry: "ListedErrcode") -> str:
        """Return the note of an entry of the lists; a doubtful one is introduced as what the list says."""
        meaning = entry.meaning(self.language)
        return meaning if entry.doubt is None else self.text("Listed as: {meaning}", meaning=meaning)

    def jssdk_checks(self, error: "JssdkError") -> tuple[str, ...]:
        """Return what to check about a message of the JS-SDK, as a numbered list with its heading."""
        causes = enumerate(error.causes(self.language), 1)
        return (self.text("Check in this order:"), *(f"{number}. {cause}" for number, cause in causes))


class ShortTimeFormat:
    """Format for times of today and of other days; `clock` returns the current time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self, timestamp: float) -> str:
        """Return `16:05`, or `2026-11-03 16:05` for another day."""
        moment, today = to_local_datetime(timestamp), to_local_datetime(self._clock())
        if moment is None:
            return INVALID_TIME
        same_day = today is not None and moment.date() == today.date()
        return f"{moment:%H:%M}" if same_day else f"{moment:%Y-%m-%d %H:%M}"


def format_timestamp(timestamp: float) -> str:
    """Return `2026-11-03 16:05:09`."""
    moment = to_local_datetime(timestamp)
    return INVALID_TIME if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"


def format_iso(timestamp: float) -> str | None:
    """Return `2026-11-03T16:05:09+08:00`; None for a time that no calendar has."""
    moment = to_local_datetime(timestamp)
    return None if moment is None else moment.isoformat(timespec="seconds")


def to_local_datetime(timestamp: float) -> datetime | None:
    """Return the time with its UTC offset; None for a time that no calendar has."""
    try:
        return datetime.fromtimestamp(timestamp).astimezone()
    except (ValueError, OverflowError, OSError):
        return None
