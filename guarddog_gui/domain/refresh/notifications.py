"""What a person who is not looking should be told: when a trouble begins, when it is over, and not twice."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.refresh.notification_kinds import DEFAULT_NOTIFICATION_KINDS, NotificationKind
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, KeyStatus, Overview
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog

STARTUP_QUIET_S = 15.0  # after a start or a wake-up, when network and keyring come back by themselves
EXPIRY_WARNING_S = 120.0  # a value with less life than this and a refresh that fails is worth a notice
GRACE_PERIOD_S = 8.0  # what may mend itself gets this long, which is two or three more tries
REMIND_AFTER_S = (4 * 3600.0, 12 * 3600.0, 24 * 3600.0)  # the last one again and again


_ERROR_KINDS = (
    NotificationKind.NEEDS_USER_ACTION,
    NotificationKind.KEYRING_LOCKED,
    NotificationKind.EXPIRING,
)  # worst first


class NotificationAction(StrEnum):
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
class Notification:
    """One thing to tell about one account. `entry` is the attempt that it is about, if there is one.

    `expires_at` is Unix seconds at which the value ends (or ended) that it is about; None without a value.
    """

    kind: NotificationKind
    appid: str
    account_name: str
    entry: HistoryEntry | None = None
    expires_at: float | None = None

    @property
    def actions(self) -> tuple[NotificationAction, ...]:
        """What to offer, the most useful first."""
        can_copy = self.entry is not None and self.entry.ip
        return (
            *((NotificationAction.COPY_IP,) if can_copy else ()),
            *((NotificationAction.TRY_AGAIN,) if self.kind in _ERROR_KINDS else ()),
            NotificationAction.OPEN,
        )

    @property
    def urgency(self) -> Urgency:
        """Critical is what waits for a person, low what asks for nothing."""
        match self.kind:
            case (
                NotificationKind.NEEDS_USER_ACTION
                | NotificationKind.KEYRING_LOCKED
                | NotificationKind.SUPERSEDED
            ):
                return Urgency.CRITICAL
            case NotificationKind.EXPIRING:
                return Urgency.NORMAL
            case _:
                return Urgency.LOW

    @property
    def dedup_key(self) -> object:
        """Equal for notices of the same trouble; another errcode or another IP is another trouble."""
        if self.kind is NotificationKind.NEEDS_USER_ACTION and self.entry is not None:
            return self.kind, self.entry.result, self.entry.errcode, self.entry.ip
        return self.kind


@dataclass(frozen=True, slots=True)
class ShownNotification:
    """A notice that was shown: when last (Unix seconds), and how often."""

    notification: Notification
    shown_at: float
    shown_count: int = 1

    def is_reminder_due(self, now: float) -> bool:
        """Whether it is time for a reminder."""
        return now - self.shown_at >= REMIND_AFTER_S[min(self.shown_count, len(REMIND_AFTER_S)) - 1]


@dataclass(frozen=True, slots=True)
class AccountNotificationState:
    """What was told about one account, and what is still to be told."""

    shown_error: ShownNotification | None = None  # the trouble that was told and is not known to be over
    failing_since: float | None = None  # Unix seconds
    superseded_entry: HistoryEntry | None = None  # not told yet
    shown_superseded: ShownNotification | None = None


NotificationStates = Mapping[str, AccountNotificationState]  # by appid


@dataclass(frozen=True, slots=True)
class NotificationSettings:
    """What the person wants to be told, and when not. Times are Unix seconds."""

    enabled_kinds: frozenset[NotificationKind] = DEFAULT_NOTIFICATION_KINDS
    quiet_until: float = 0.0  # QUIET_S after a start or a wake-up: only what waits for a person
    snoozed_until: float = 0.0  # nothing at all

    def is_allowed(self, kind: NotificationKind, now: float) -> bool:
        """Whether a notice of this kind may be shown now."""
        if kind not in self.enabled_kinds or now < self.snoozed_until:
            return False
        # a quiet time that is longer than it can be was set by a clock that has been put back
        is_quiet = 0 < self.quiet_until - now <= STARTUP_QUIET_S
        return not is_quiet or kind in (NotificationKind.NEEDS_USER_ACTION, NotificationKind.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class NotificationDecision:
    """What to show now, at most one notice per account, and the accounts whose notice is to go."""

    show: tuple[Notification, ...] = ()
    withdraw: tuple[str, ...] = ()
    states: NotificationStates = field(default_factory=dict)


def with_superseded(states: NotificationStates, appid: str, entry: HistoryEntry) -> NotificationStates:
    """The memory once somebody has replaced the token of this account; `entry` is the refused attempt."""
    return {**states, appid: replace(states.get(appid, AccountNotificationState()), superseded_entry=entry)}


def decide_notifications(
    before: Overview | None,
    after: Overview,
    states: NotificationStates,
    settings: NotificationSettings,
    errcode_catalog: ErrcodeCatalog,
) -> NotificationDecision:
    """What the way from one overview to the next is worth. `before` is None for the first one."""
    earlier = {status.account.appid: status for status in before.accounts} if before is not None else {}
    show: list[Notification] = []
    withdraw: list[str] = []
    remembered: dict[str, AccountNotificationState] = {}
    for status in after.accounts:
        appid = status.account.appid
        past = states.get(appid, AccountNotificationState())
        case = _AccountDecision(earlier.get(appid), status, past, settings, after, errcode_catalog)
        notice, remembered[appid] = case.decide()
        if notice is not None:
            show.append(notice)
        elif case.is_recovered:
            withdraw.append(appid)
    withdraw += [appid for appid in states if appid not in remembered]  # removed accounts
    return NotificationDecision(tuple(show), tuple(withdraw), remembered)


class _AccountDecision:
    """One account at one moment."""

    def __init__(
        self,
        before: AccountStatus | None,
        after: AccountStatus,
        state: AccountNotificationState,
        settings: NotificationSettings,
        overview: Overview,
        errcode_catalog: ErrcodeCatalog,
    ) -> None:
        self._before = before
        self._after = after
        self._state = state
        self._settings = settings
        self._now = overview.at
        self._is_paused = overview.paused_until is not None
        self._errcode_catalog = errcode_catalog
        self.is_recovered = False  # what was told has ended

    def decide(self) -> tuple[Notification | None, AccountNotificationState]:
        """The notice to show, and what to remember from now on."""
        notice = self._error_notification() or self._superseded_notification() or self._success_notification()
        return notice, self._state

    # -- troubles ---------------------------------------------------------------------------------

    def _error_notification(self) -> Notification | None:
        if any(key.state is KeyState.REFRESHING for key in self._after.keys):
            return None  # what comes of it is known in a moment
        failing = self._after.first_failure is not None
        since = (self._state.failing_since or self._now) if failing else None
        if since != self._state.failing_since:
            self._state = replace(self._state, failing_since=since)
        worst = self._worst_error()
        if worst is None:
            return self._recovery_notification()
        trouble, is_final = worst
        if self._is_paused or not self._settings.is_allowed(trouble.kind, self._now):
            return None  # whoever pauses knows that nothing is refreshed
        if not is_final and since is not None and self._now - since < GRACE_PERIOD_S:
            return None
        return self._show_or_remind(trouble)

    def _worst_error(self) -> tuple[Notification, bool] | None:
        """The worst of its keys, and whether nothing will be tried again by itself."""
        found: list[tuple[Notification, bool]] = []
        for key in self._after.keys:
            kind = _error_kind(key, self._now, self._errcode_catalog)
            if kind is not None:
                ends = key.record.expires_at if key.record is not None else None
                found.append((self._make_notification(kind, key.failure, ends), key.next_attempt_at is None))
        return min(found, key=lambda one: _ERROR_KINDS.index(one[0].kind), default=None)

    def _show_or_remind(self, error: Notification) -> Notification | None:
        told = self._state.shown_error
        if told is None or told.notification.dedup_key != error.dedup_key:
            self._state = replace(self._state, shown_error=ShownNotification(error, self._now))
            return error
        if told.is_reminder_due(self._now):
            self._state = replace(
                self._state, shown_error=ShownNotification(error, self._now, told.shown_count + 1)
            )
            return error
        return None

    def _recovery_notification(self) -> Notification | None:
        told = self._state.shown_error
        if told is None or not _is_recovered(self._after, told.notification, self._now):
            return None
        self._state = replace(self._state, shown_error=None)
        self.is_recovered = True
        if not self._settings.is_allowed(NotificationKind.RECOVERED, self._now):
            return None
        return self._make_notification(NotificationKind.RECOVERED, None, self._after.valid_until)

    # -- events -----------------------------------------------------------------------------------

    def _superseded_notification(self) -> Notification | None:
        entry = self._state.superseded_entry
        told = self._state.shown_error
        if entry is None or (
            told is not None and told.notification.kind is NotificationKind.NEEDS_USER_ACTION
        ):
            return None  # first things first
        if NotificationKind.SUPERSEDED in self._settings.enabled_kinds and not self._settings.is_allowed(
            NotificationKind.SUPERSEDED, self._now
        ):
            return None  # later
        self._state = replace(self._state, superseded_entry=None)
        earlier = self._state.shown_superseded
        if NotificationKind.SUPERSEDED not in self._settings.enabled_kinds:
            return None
        if earlier is not None and not earlier.is_reminder_due(self._now):
            return None  # two servers that take it from each other would do so every few minutes
        notice = self._make_notification(NotificationKind.SUPERSEDED, entry, None)
        times = earlier.shown_count + 1 if earlier is not None else 1
        self._state = replace(self._state, shown_superseded=ShownNotification(notice, self._now, times))
        return notice

    def _success_notification(self) -> Notification | None:
        if self._state.shown_error is not None or self._before is None:
            return None
        if not self._settings.is_allowed(NotificationKind.REFRESHED, self._now):
            return None
        if not any(_is_newer(self._before, key) for key in self._after.keys):
            return None
        return self._make_notification(NotificationKind.REFRESHED, None, self._after.valid_until)

    def _make_notification(
        self, kind: NotificationKind, entry: HistoryEntry | None, expires_at: float | None
    ) -> Notification:
        account = self._after.account
        return Notification(kind, account.appid, account.name, entry, expires_at)


def _error_kind(key: KeyStatus, now: float, errcode_catalog: ErrcodeCatalog) -> NotificationKind | None:
    """What kind of trouble this key is in; None if it has time to mend itself."""
    trouble = key.failure
    if trouble is None:
        return None
    if trouble.result is AttemptResult.NOT_WRITTEN:
        return NotificationKind.NEEDS_USER_ACTION  # other programs go on reading the old value
    if policy.needs_user_action(trouble, errcode_catalog):
        # one that will be tried again has been refused before a start or a wake-up
        return NotificationKind.NEEDS_USER_ACTION if key.next_attempt_at is None else None
    if key.state is KeyState.KEYRING_LOCKED:
        return NotificationKind.KEYRING_LOCKED
    if key.record is None or key.record.remaining_s(now) < EXPIRY_WARNING_S:
        return NotificationKind.EXPIRING
    comes_too_late = key.next_attempt_at is None or key.next_attempt_at >= key.record.expires_at
    return NotificationKind.EXPIRING if comes_too_late else None


def _is_recovered(status: AccountStatus, shown: Notification, now: float) -> bool:
    """Whether all keys are fresh and the one that failed has been tried again since, with success.

    A wake-up alone makes a key look fresh that WeChat refused: it is to be tried again at once.
    """
    if any(key.state is not KeyState.FRESH for key in status.keys):
        return False
    return all(
        (key.next_attempt_at is not None and key.next_attempt_at > now)
        or (key.record is not None and key.record.generated_at > shown.entry.at)
        for key in status.keys
        if shown.entry is not None and key.kind == shown.entry.key
    )


def _is_newer(before: AccountStatus, key: KeyStatus) -> bool:
    earlier = before.key(key.kind)
    if earlier is None or key.record is None:
        return False
    return earlier.record is None or key.record.generated_ms > earlier.record.generated_ms
