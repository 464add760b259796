"""What a person who is not looking should be told: when a trouble begins, when it is over, and not twice."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import Entry, Result
from guarddog_gui.domain.refresh.status import AccountStatus, KeyStatus, Overview, State
from guarddog_gui.domain.wechat.errcodes import Catalogue

QUIET_S = 15.0  # after a start or a wake-up, when network and keyring come back by themselves
SOON_S = 120.0  # a value with less life than this and a refresh that fails is worth a notice
PATIENCE_S = 8.0  # what may mend itself gets this long, which is two or three more tries
REMIND_AFTER_S = (4 * 3600.0, 12 * 3600.0, 24 * 3600.0)  # the last one again and again


class NoticeKind(StrEnum):
    """What can be told; each has a switch of its own."""

    NEEDS_PERSON = "needs person"
    TAKEN = "taken"  # somebody else made a new token: a live one was refused
    KEYRING_LOCKED = "keyring locked"
    EXPIRES = "expires"  # before it can be refreshed
    RECOVERED = "recovered"
    REFRESHED = "refreshed"


DEFAULT_KINDS = frozenset(NoticeKind) - {NoticeKind.REFRESHED}

_TROUBLES = (NoticeKind.NEEDS_PERSON, NoticeKind.KEYRING_LOCKED, NoticeKind.EXPIRES)  # worst first


class NoticeAction(StrEnum):
    """What a person can choose in a notice."""

    COPY_IP = "copy-ip"
    TRY_AGAIN = "try-again"
    OPEN = "open"


class Urgency(IntEnum):
    """How a desktop shows it; the numbers are those of the Desktop Notifications Specification."""

    LOW = 0
    NORMAL = 1
    CRITICAL = 2  # stays until somebody has seen it


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell about one account. `entry` is the attempt that it is about, if there is one.

    `expires_at` is Unix seconds at which the value ends (or ended) that it is about; None without a value.
    """

    kind: NoticeKind
    appid: str
    name: str
    entry: Entry | None = None
    expires_at: float | None = None

    @property
    def actions(self) -> tuple[NoticeAction, ...]:
        """What to offer, the most useful first."""
        can_copy = self.entry is not None and self.entry.ip
        return (
            *((NoticeAction.COPY_IP,) if can_copy else ()),
            *((NoticeAction.TRY_AGAIN,) if self.kind in _TROUBLES else ()),
            NoticeAction.OPEN,
        )

    @property
    def urgency(self) -> Urgency:
        """Critical is what waits for a person, low what asks for nothing."""
        match self.kind:
            case NoticeKind.NEEDS_PERSON | NoticeKind.KEYRING_LOCKED | NoticeKind.TAKEN:
                return Urgency.CRITICAL
            case NoticeKind.EXPIRES:
                return Urgency.NORMAL
            case _:
                return Urgency.LOW

    @property
    def cause(self) -> object:
        """Equal for notices of the same trouble; another errcode or another IP is another trouble."""
        if self.kind is NoticeKind.NEEDS_PERSON and self.entry is not None:
            return self.kind, self.entry.result, self.entry.errcode, self.entry.ip
        return self.kind


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that was shown: when last (Unix seconds), and how often."""

    notice: Notice
    at: float
    times: int = 1

    def is_due_again(self, now: float) -> bool:
        """Whether it is time for a reminder."""
        return now - self.at >= REMIND_AFTER_S[min(self.times, len(REMIND_AFTER_S)) - 1]


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was told about one account, and what is still to be told."""

    told: Told | None = None  # the trouble that was told and is not known to be over
    failing_since: float | None = None  # Unix seconds
    taken: Entry | None = None  # not told yet
    taken_told: Told | None = None


Memory = Mapping[str, Remembered]  # by appid


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person wants to be told, and when not. Times are Unix seconds."""

    kinds: frozenset[NoticeKind] = DEFAULT_KINDS
    quiet_until: float = 0.0  # QUIET_S after a start or a wake-up: only what waits for a person
    snoozed_until: float = 0.0  # nothing at all

    def allow(self, kind: NoticeKind, now: float) -> bool:
        """Whether a notice of this kind may be shown now."""
        if kind not in self.kinds or now < self.snoozed_until:
            return False
        # a quiet time that is longer than it can be was set by a clock that has been put back
        is_quiet = 0 < self.quiet_until - now <= QUIET_S
        return not is_quiet or kind in (NoticeKind.NEEDS_PERSON, NoticeKind.TAKEN)


@dataclass(frozen=True, slots=True)
class Decision:
    """What to show now, at most one notice per account, and the accounts whose notice is to go."""

    show: tuple[Notice, ...] = ()
    withdraw: tuple[str, ...] = ()
    memory: Memory = field(default_factory=dict)


def taken(memory: Memory, appid: str, entry: Entry) -> Memory:
    """The memory once somebody has replaced the token of this account; `entry` is the refused attempt."""
    return {**memory, appid: replace(memory.get(appid, Remembered()), taken=entry)}


def notices(
    before: Overview | None, after: Overview, memory: Memory, wishes: Wishes, catalogue: Catalogue
) -> Decision:
    """What the way from one overview to the next is worth. `before` is None for the first one."""
    earlier = {status.account.appid: status for status in before.accounts} if before is not None else {}
    show: list[Notice] = []
    withdraw: list[str] = []
    remembered: dict[str, Remembered] = {}
    for status in after.accounts:
        appid = status.account.appid
        past = memory.get(appid, Remembered())
        case = _Case(earlier.get(appid), status, past, wishes, after, catalogue)
        notice, remembered[appid] = case.decide()
        if notice is not None:
            show.append(notice)
        elif case.is_over:
            withdraw.append(appid)
    withdraw += [appid for appid in memory if appid not in remembered]  # removed accounts
    return Decision(tuple(show), tuple(withdraw), remembered)


class _Case:
    """One account at one moment."""

    def __init__(
        self,
        before: AccountStatus | None,
        after: AccountStatus,
        past: Remembered,
        wishes: Wishes,
        whole: Overview,
        catalogue: Catalogue,
    ) -> None:
        self._before = before
        self._after = after
        self._past = past
        self._wishes = wishes
        self._now = whole.at
        self._is_paused = whole.paused_until is not None
        self._catalogue = catalogue
        self.is_over = False  # what was told has ended

    def decide(self) -> tuple[Notice | None, Remembered]:
        """The notice to show, and what to remember from now on."""
        notice = self._about_trouble() or self._about_taking() or self._about_success()
        return notice, self._past

    # -- troubles ---------------------------------------------------------------------------------

    def _about_trouble(self) -> Notice | None:
        if any(key.state is State.REFRESHING for key in self._after.keys):
            return None  # what comes of it is known in a moment
        failing = self._after.trouble is not None
        since = (self._past.failing_since or self._now) if failing else None
        if since != self._past.failing_since:
            self._past = replace(self._past, failing_since=since)
        worst = self._worst_trouble()
        if worst is None:
            return self._about_recovery()
        trouble, is_final = worst
        if self._is_paused or not self._wishes.allow(trouble.kind, self._now):
            return None  # whoever pauses knows that nothing is refreshed
        if not is_final and since is not None and self._now - since < PATIENCE_S:
            return None
        return self._told(trouble)

    def _worst_trouble(self) -> tuple[Notice, bool] | None:
        """The worst of its keys, and whether nothing will be tried again by itself."""
        found: list[tuple[Notice, bool]] = []
        for key in self._after.keys:
            kind = _trouble_of(key, self._now, self._catalogue)
            if kind is not None:
                ends = key.record.expires_at if key.record is not None else None
                found.append((self._notice(kind, key.trouble, ends), key.next_at is None))
        return min(found, key=lambda one: _TROUBLES.index(one[0].kind), default=None)

    def _told(self, trouble: Notice) -> Notice | None:
        told = self._past.told
        if told is None or told.notice.cause != trouble.cause:
            self._past = replace(self._past, told=Told(trouble, self._now))
            return trouble
        if told.is_due_again(self._now):
            self._past = replace(self._past, told=Told(trouble, self._now, told.times + 1))
            return trouble
        return None

    def _about_recovery(self) -> Notice | None:
        told = self._past.told
        if told is None or not _is_mended(self._after, told.notice, self._now):
            return None
        self._past = replace(self._past, told=None)
        self.is_over = True
        if not self._wishes.allow(NoticeKind.RECOVERED, self._now):
            return None
        return self._notice(NoticeKind.RECOVERED, None, self._after.until)

    # -- events -----------------------------------------------------------------------------------

    def _about_taking(self) -> Notice | None:
        entry = self._past.taken
        told = self._past.told
        if entry is None or (told is not None and told.notice.kind is NoticeKind.NEEDS_PERSON):
            return None  # first things first
        if NoticeKind.TAKEN in self._wishes.kinds and not self._wishes.allow(NoticeKind.TAKEN, self._now):
            return None  # later
        self._past = replace(self._past, taken=None)
        earlier = self._past.taken_told
        if NoticeKind.TAKEN not in self._wishes.kinds:
            return None
        if earlier is not None and not earlier.is_due_again(self._now):
            return None  # two servers that take it from each other would do so every few minutes
        notice = self._notice(NoticeKind.TAKEN, entry, None)
        times = earlier.times + 1 if earlier is not None else 1
        self._past = replace(self._past, taken_told=Told(notice, self._now, times))
        return notice

    def _about_success(self) -> Notice | None:
        if self._past.told is not None or self._before is None:
            return None
        if not self._wishes.allow(NoticeKind.REFRESHED, self._now):
            return None
        if not any(_is_newer(self._before, key) for key in self._after.keys):
            return None
        return self._notice(NoticeKind.REFRESHED, None, self._after.until)

    def _notice(self, kind: NoticeKind, entry: Entry | None, expires_at: float | None) -> Notice:
        account = self._after.account
        return Notice(kind, account.appid, account.name, entry, expires_at)


def _trouble_of(key: KeyStatus, now: float, catalogue: Catalogue) -> NoticeKind | None:
    """What kind of trouble this key is in; None if it has time to mend itself."""
    trouble = key.trouble
    if trouble is None:
        return None
    if trouble.result is Result.NOT_WRITTEN:
        return NoticeKind.NEEDS_PERSON  # other programs go on reading the old value
    if policy.needs_person(trouble, catalogue):
        # one that will be tried again has been refused before a start or a wake-up
        return NoticeKind.NEEDS_PERSON if key.next_at is None else None
    if key.state is State.KEYRING_LOCKED:
        return NoticeKind.KEYRING_LOCKED
    if key.record is None or key.record.left(now) < SOON_S:
        return NoticeKind.EXPIRES
    comes_too_late = key.next_at is None or key.next_at >= key.record.expires_at
    return NoticeKind.EXPIRES if comes_too_late else None


def _is_mended(status: AccountStatus, told: Notice, now: float) -> bool:
    """Whether all keys are fresh and the one that failed has been tried again since, with success.

    A wake-up alone makes a key look fresh that WeChat refused: it is to be tried again at once.
    """
    if any(key.state is not State.FRESH for key in status.keys):
        return False
    return all(
        (key.next_at is not None and key.next_at > now)
        or (key.record is not None and key.record.generated_at > told.entry.at)
        for key in status.keys
        if told.entry is not None and key.kind == told.entry.key
    )


def _is_newer(before: AccountStatus, key: KeyStatus) -> bool:
    earlier = before.key(key.kind)
    if earlier is None or key.record is None:
        return False
    return earlier.record is None or key.record.generated_ms > earlier.record.generated_ms
