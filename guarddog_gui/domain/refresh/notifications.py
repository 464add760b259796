"""Decisions about desktop notifications: when a problem is reported, repeated and reported as resolved."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.domain.refresh.backoff import needs_user_action
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.refresh.notification_kinds import DEFAULT_NOTIFICATION_KINDS, NotificationKind
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, KeyStatus, Overview
from guarddog_gui.domain.tokens.expiry import HOUR_S
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog

STARTUP_QUIET_S = 15.0  # after a start or a resume, while network and keyring come up
EXPIRY_WARNING_S = 120.0  # a failing refresh is reported when the value has less lifetime left
GRACE_PERIOD_S = 8.0  # for problems that may resolve themselves: two or three more attempts
REMIND_AFTER_S = (4.0 * HOUR_S, 12.0 * HOUR_S, 24.0 * HOUR_S)  # the last one repeats

# worst first
_ERROR_KINDS = (NotificationKind.NEEDS_USER_ACTION, NotificationKind.KEYRING_LOCKED, NotificationKind.EXPIRING)


class NotificationAction(StrEnum):
    """Buttons of a notification."""

    COPY_IP = "copy-ip"
    TRY_AGAIN = "try-again"
    OPEN = "open"


class Urgency(IntEnum):
    """Urgency levels of the Desktop Notifications Specification."""

    LOW = 0
    NORMAL = 1
    CRITICAL = 2  # stays until the user dismisses it


class Notification(Struct, frozen=True):
    """One notification about one account and, if `entry` is set, one attempt.

    `expires_at` and the next attempt are in Unix seconds; None if there is no value, or no automatic attempt.
    """

    kind: NotificationKind
    appid: str
    account_name: str
    entry: HistoryEntry | None = None
    expires_at: float | None = None
    next_attempt_at: float | None = None
    platform: Platform | None = None  # of the account

    @property
    def actions(self) -> tuple[NotificationAction, ...]:
        can_copy = self.entry is not None and self.entry.ip
        return (
            *((NotificationAction.COPY_IP,) if can_copy else ()),
            *((NotificationAction.TRY_AGAIN,) if self.kind in _ERROR_KINDS else ()),
            NotificationAction.OPEN,
        )

    @property
    def urgency(self) -> Urgency:
        if self.kind in (NotificationKind.RECOVERED, NotificationKind.REFRESHED):
            return Urgency.LOW
        return Urgency.NORMAL if self.kind is NotificationKind.EXPIRING else Urgency.CRITICAL

    @property
    def dedup_key(self) -> object:
        """Return an equal key for the same problem; another errcode or IP address is another problem."""
        if self.kind is NotificationKind.NEEDS_USER_ACTION and self.entry is not None:
            return self.kind, self.entry.result, self.entry.errcode, self.entry.ip
        return self.kind


class ShownNotification(Struct, frozen=True):
    """Notification that was shown: the last time (Unix seconds), and the number of times."""

    notification: Notification
    shown_at: float
    shown_count: int = 1

    def is_reminder_due(self, now: float) -> bool:
        return now - self.shown_at >= REMIND_AFTER_S[min(self.shown_count, len(REMIND_AFTER_S)) - 1]


class AccountNotificationState(Struct, frozen=True):
    """Notifications shown for one account, and those still pending.

    shown_error        problem that was reported and is not known to be resolved
    failing_since      Unix seconds since which a key is failing
    superseded_entry   attempt that showed that the token was replaced; not reported yet
    shown_superseded   last report of a replaced token
    """

    shown_error: ShownNotification | None = None
    failing_since: float | None = None
    superseded_entry: HistoryEntry | None = None
    shown_superseded: ShownNotification | None = None


NotificationStates = Mapping[str, AccountNotificationState]  # by appid


class NotificationSettings(Struct, frozen=True):
    """The user's choice of notifications, and times without any (Unix seconds)."""

    enabled_kinds: frozenset[NotificationKind] = DEFAULT_NOTIFICATION_KINDS
    quiet_until: float = 0.0  # STARTUP_QUIET_S after a start or a resume: only what needs the user
    snoozed_until: float = 0.0  # no notifications

    def is_allowed(self, kind: NotificationKind, now: float) -> bool:
        if kind not in self.enabled_kinds or now < self.snoozed_until:
            return False
        # a longer quiet time than possible was set before the clock was set back
        is_quiet = 0 < self.quiet_until - now <= STARTUP_QUIET_S
        return not is_quiet or kind in (NotificationKind.NEEDS_USER_ACTION, NotificationKind.SUPERSEDED)


class NotificationDecision(Struct, frozen=True):
    """Notifications to show, at most one per account, and the accounts whose notification to withdraw."""

    show: tuple[Notification, ...] = ()
    withdraw: tuple[str, ...] = ()
    states: NotificationStates = field(default_factory=dict)


def with_superseded(states: NotificationStates, appid: str, entry: HistoryEntry) -> NotificationStates:
    """Return the states after the token of an account was replaced; `entry` is the refused attempt."""
    return {**states, appid: replace(states.get(appid, AccountNotificationState()), superseded_entry=entry)}


def decide_notifications(
    before: Overview | None,
    after: Overview,
    states: NotificationStates,
    settings: NotificationSettings,
    errcode_catalog: ErrcodeCatalog,
) -> NotificationDecision:
    """Compare two overviews and decide what to report; `before` is None for the first one."""
    earlier = {status.account.appid: status for status in before.accounts} if before is not None else {}
    show: list[Notification] = []
    withdraw: list[str] = []
    new_states: dict[str, AccountNotificationState] = {}
    for status in after.accounts:
        appid = status.account.appid
        past = states.get(appid, AccountNotificationState())
        decision = _AccountDecision(earlier.get(appid), status, past, settings, after, errcode_catalog)
        notification, new_states[appid] = decision.decide()
        if notification is not None:
            show.append(notification)
        elif decision.is_recovered:
            withdraw.append(appid)
    withdraw += [appid for appid in states if appid not in new_states]  # removed accounts
    return NotificationDecision(tuple(show), tuple(withdraw), new_states)


class _AccountDecision(Struct):
    """Decision about one account at one moment; `is_recovered`: the reported problem is resolved."""

    before: AccountStatus | None
    after: AccountStatus
    state: AccountNotificationState
    settings: NotificationSettings
    overview: Overview
    errcode_catalog: ErrcodeCatalog
    is_recovered: bool = False

    def decide(self) -> tuple[Notification | None, AccountNotificationState]:
        notification = self._error_notification() or self._superseded_notification() or self._success_notification()
        return notification, self.state

    def _error_notification(self) -> Notification | None:
        if any(key.state is KeyState.REFRESHING for key in self.after.keys):
            return None  # the result is known in a moment
        is_failing = self.after.first_failure is not None
        since = (self.state.failing_since or self.overview.at) if is_failing else None
        if since != self.state.failing_since:
            self.state = replace(self.state, failing_since=since)
        worst = self._worst_error()
        if worst is None:
            return self._recovery_notification()
        error, is_final = worst
        is_paused = self.overview.paused_until is not None
        if is_paused or not self.settings.is_allowed(error.kind, self.overview.at):
            return None  # the user has paused and knows that nothing is refreshed
        if not is_final and since is not None and self.overview.at - since < GRACE_PERIOD_S:
            return None
        return self._show_or_remind(error)

    def _worst_error(self) -> tuple[Notification, bool] | None:
        """Return the worst problem of the keys, and True with it if no automatic attempt follows."""
        errors: list[tuple[Notification, bool]] = []
        for key in self.after.keys:
            kind = _error_kind(key, self.overview.at, self.errcode_catalog)
            if kind is not None:
                expires_at = key.record.expires_at if key.record is not None else None
                notification = self._make_notification(kind, key.failure, expires_at, key.next_attempt_at)
                errors.append((notification, key.next_attempt_at is None))
        return min(errors, key=lambda error: _ERROR_KINDS.index(error[0].kind), default=None)

    def _show_or_remind(self, error: Notification) -> Notification | None:
        shown = self.state.shown_error
        if shown is None or shown.notification.dedup_key != error.dedup_key:
            count = 1
        elif shown.is_reminder_due(self.overview.at):
            count = shown.shown_count + 1
        else:
            return None
        self.state = replace(self.state, shown_error=ShownNotification(error, self.overview.at, count))
        return error

    def _recovery_notification(self) -> Notification | None:
        shown = self.state.shown_error
        if shown is None or not _is_recovered(self.after, shown.notification, self.overview.at):
            return None
        self.state = replace(self.state, shown_error=None)
        self.is_recovered = True
        if not self.settings.is_allowed(NotificationKind.RECOVERED, self.overview.at):
            return None
        return self._make_notification(NotificationKind.RECOVERED, None, self.after.valid_until)

    def _superseded_notification(self) -> Notification | None:
        kind, entry, shown = NotificationKind.SUPERSEDED, self.state.superseded_entry, self.state.shown_error
        if entry is None or (shown is not None and shown.notification.kind is NotificationKind.NEEDS_USER_ACTION):
            return None  # the more urgent problem is shown first
        is_enabled = kind in self.settings.enabled_kinds
        if is_enabled and not self.settings.is_allowed(kind, self.overview.at):
            return None  # report it when it is allowed
        self.state = replace(self.state, superseded_entry=None)
        earlier = self.state.shown_superseded
        if not is_enabled or (earlier is not None and not earlier.is_reminder_due(self.overview.at)):
            return None  # two servers that replace each other's token do so every few minutes
        notification = self._make_notification(kind, entry, None)
        count = earlier.shown_count + 1 if earlier is not None else 1
        self.state = replace(self.state, shown_superseded=ShownNotification(notification, self.overview.at, count))
        return notification

    def _success_notification(self) -> Notification | None:
        before, is_allowed = self.before, self.settings.is_allowed(NotificationKind.REFRESHED, self.overview.at)
        if self.state.shown_error is not None or before is None or not is_allowed:
            return None
        if not any(_is_newer(before, key) for key in self.after.keys):
            return None
        return self._make_notification(NotificationKind.REFRESHED, None, self.after.valid_until)

    def _make_notification(
        self,
        kind: NotificationKind,
        entry: HistoryEntry | None,
        expires_at: float | None,
        next_attempt_at: float | None = None,
    ) -> Notification:
        account = self.after.account
        return Notification(kind, account.appid, account.name, entry, expires_at, next_attempt_at, account.platform)


def _error_kind(key: KeyStatus, now: float, errcode_catalog: ErrcodeCatalog) -> NotificationKind | None:
    """Return the kind of problem of a key; None if it may still resolve itself in time."""
    failure = key.failure
    if failure is None:
        return None
    if failure.result is AttemptResult.NOT_WRITTEN:
        return NotificationKind.NEEDS_USER_ACTION  # other programs still read the old value
    if needs_user_action(failure, errcode_catalog):
        # a retry is planned: the refusal was before a restart or a resume
        return NotificationKind.NEEDS_USER_ACTION if key.next_attempt_at is None else None
    if key.state is KeyState.KEYRING_LOCKED:
        return NotificationKind.KEYRING_LOCKED
    if key.record is None or key.record.remaining_s(now) < EXPIRY_WARNING_S:
        return NotificationKind.EXPIRING
    comes_too_late = key.next_attempt_at is None or key.next_attempt_at >= key.record.expires_at
    return NotificationKind.EXPIRING if comes_too_late else None


def _is_recovered(status: AccountStatus, shown: Notification, now: float) -> bool:
    """Return True if all keys are fresh and the failed one was retried successfully.

    Resuming from sleep alone makes a refused key look fresh, because it is to be retried at once.
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
