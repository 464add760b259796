"""Desktop notifications about changes of the overview, and the actions that the user chooses in them."""

from collections.abc import Callable
from typing import Protocol

from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, Signal, Slot

from guarddog_gui.domain.refresh import notifications
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.notification_kinds import NotificationKind
from guarddog_gui.domain.refresh.notifications import NotificationAction, NotificationSettings, NotificationStates
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.services.messages.notifications import (
    NotificationText,
    copy_notification_text,
    crash_notification_text,
    notification_text,
)
from guarddog_gui.services.ports import Clock

CRASH_INTERVAL_S = 600.0
_CRASH_KEY = "guarddog:crash"  # no AppID contains a colon
_COPY_KEY = "guarddog:copy"

# arguments: appid, NotificationAction or "default", XDG activation token or ""
NotificationActionCallback = Callable[[str, str, str], None]


class NotificationBackend(Protocol):
    """Place to show notifications: one per account, replaced by a newer one. It never blocks or raises."""

    def set_action_callback(self, on_action: NotificationActionCallback) -> None:
        """Set the callback for the actions that the user chooses; it may be called in any thread."""

    def show(self, key: str, text: NotificationText) -> None: ...

    def close(self, key: str) -> None:
        """Remove the notification of this account, if it is still shown."""

    def stop(self) -> None:
        """Remove all notifications and show no more."""


class Notifier(QObject):
    """Decides after each overview which notifications to show or withdraw. Lives in the main thread."""

    action_invoked = Signal(str, str, str)  # appid, NotificationAction, XDG activation token or ""

    _backend_action_received = Signal(str, str, str)

    def __init__(
        self, backend: NotificationBackend, messages: Messages, clock: Clock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._backend = backend
        self.messages = messages
        self._clock = clock
        self._settings = NotificationSettings(quiet_until=clock() + notifications.STARTUP_QUIET_S)
        self._notification_states: NotificationStates = {}
        self._overview: Overview | None = None
        self._last_crash_at = float("-inf")
        # the backend calls in whichever thread, the signal forwards to the main thread
        self._backend_action_received.connect(self._on_backend_action_received, Qt.ConnectionType.QueuedConnection)
        backend.set_action_callback(self._backend_action_received.emit)

    def snooze(self, until: float) -> None:
        """Show nothing until then (Unix time; 0: resume). Problems that still exist are shown afterwards."""
        self._settings = replace(self._settings, snoozed_until=until)
        self._update()

    def set_enabled_kinds(self, enabled: frozenset[NotificationKind]) -> None:
        self._settings = replace(self._settings, enabled_kinds=enabled)

    def on_token_superseded(self, appid: str, entry: HistoryEntry) -> None:
        """Notify that another program has superseded a token; `entry` is the attempt that was refused."""
        self._notification_states = notifications.with_superseded(self._notification_states, appid, entry)
        self._update()

    def show_crash(self, *, is_of_earlier_run: bool) -> None:
        """Notify of a crash report, at most once in `CRASH_INTERVAL_S` and not while the user wants quiet."""
        now = self._clock()
        is_snoozed = now < self._settings.snoozed_until
        if not is_snoozed and not self._last_crash_at <= now < self._last_crash_at + CRASH_INTERVAL_S:
            self._last_crash_at = now
            text = crash_notification_text(self.messages, is_of_earlier_run=is_of_earlier_run)
            self._backend.show(_CRASH_KEY, text)

    def show_copy(self, text: str) -> None:
        """Answer a copy where no window can, unless the user wants quiet; the next answer replaces this one."""
        if self._clock() >= self._settings.snoozed_until:
            self._backend.show(_COPY_KEY, copy_notification_text(text))

    def stop(self) -> None:
        self._settings = replace(self._settings, enabled_kinds=frozenset())
        self._backend.stop()

    @Slot()
    def on_system_resumed(self) -> None:
        """Hold notifications about the network back for a moment after a suspend."""
        self._settings = replace(self._settings, quiet_until=self._clock() + notifications.STARTUP_QUIET_S)

    @Slot(object)
    def on_overview_changed(self, overview: Overview) -> None:
        before, self._overview = self._overview, overview
        decision = notifications.decide_notifications(
            before, overview, self._notification_states, self._settings, self.messages.errcode_catalog
        )
        self._notification_states = decision.states
        for appid in decision.withdraw:
            self._backend.close(appid)
        for notification in decision.show:
            self._backend.show(notification.appid, notification_text(notification, self.messages, overview.at))

    def _update(self) -> None:
        if self._overview is not None:
            self.on_overview_changed(replace(self._overview, at=self._clock()))

    @Slot(str, str, str)
    def _on_backend_action_received(self, appid: str, action: str, activation_token: str) -> None:
        # for a click on the notification itself desktops use names of their own, mostly "default"
        chosen = action if action in set(NotificationAction) else NotificationAction.OPEN.value
        self.action_invoked.emit(appid, chosen, activation_token)
