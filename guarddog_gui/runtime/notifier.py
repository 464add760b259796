"""Listens to the controller and tells a person what changed; what they choose comes back as a signal."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot

from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.notification_kinds import NotificationKind
from guarddog_gui.domain.refresh.notifications import (
    STARTUP_QUIET_S,
    NotificationAction,
    NotificationSettings,
    NotificationStates,
    decide_notifications,
    with_superseded,
)
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.services.messages.notifications import NotificationText, notification_text
from guarddog_gui.services.ports import Clock

NotificationActionCallback = Callable[
    [str, str, str], None
]  # appid, NoticeAction or "default", XDG activation token or ""


class NotificationBackend(Protocol):
    """Shows notices: one per account, a newer one in place of the older. Never waits and never raises."""

    def set_action_callback(self, on_action: NotificationActionCallback) -> None:
        """Call this for everything that a person chooses, from any thread."""

    def show(self, key: str, text: NotificationText) -> None: ...

    def close(self, key: str) -> None:
        """Take the notice of this account away, if it is still there."""

    def stop(self) -> None:
        """Take everything away, for good."""


class Notifier(QObject):
    """Connect `Controller.changed` to `on_changed`, and wake-ups to `on_woke`. Lives in the main thread."""

    action_invoked = Signal(str, str, str)  # appid, NoticeAction, XDG activation token or ""

    _backend_action_received = Signal(str, str, str)

    def __init__(
        self, backend: NotificationBackend, messages: Messages, clock: Clock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._backend = backend
        self._messages = messages
        self._clock = clock
        self._settings = NotificationSettings(quiet_until=clock() + STARTUP_QUIET_S)
        self._notification_states: NotificationStates = {}
        self._overview: Overview | None = None
        self._backend_action_received.connect(
            self._on_backend_action_received, Qt.ConnectionType.QueuedConnection
        )
        backend.set_action_callback(self._on_backend_action)

    @property
    def snoozed_until(self) -> float:
        """Unix seconds until which nothing is shown; in the past if nobody wants silence."""
        return self._settings.snoozed_until

    def snooze(self, until: float) -> None:
        """Show nothing until then (Unix seconds); 0 ends it. What still lasts then is told afterwards."""
        self._settings = replace(self._settings, snoozed_until=until)
        self._update()

    def set_enabled_kinds(self, enabled: frozenset[NotificationKind]) -> None:
        """Tell these kinds and no others."""
        self._settings = replace(self._settings, enabled_kinds=enabled)

    def set_messages(self, messages: Messages) -> None:
        """Speak another language from now on."""
        self._messages = messages

    def on_token_superseded(self, appid: str, entry: HistoryEntry) -> None:
        """Somebody else replaced the token of this account; `entry` is the attempt that showed it."""
        self._notification_states = with_superseded(self._notification_states, appid, entry)
        self._update()

    def stop(self) -> None:
        """Show nothing any more, and take away what is shown."""
        self._settings = replace(self._settings, enabled_kinds=frozenset())
        self._backend.stop()

    @Slot()
    def on_system_resumed(self) -> None:
        """The machine woke up: what is only about the network gets a moment."""
        self._settings = replace(self._settings, quiet_until=self._clock() + STARTUP_QUIET_S)

    @Slot(object)
    def on_overview_changed(self, overview: Overview) -> None:
        """Show what this overview is worth after the last one."""
        before, self._overview = self._overview, overview
        decision = decide_notifications(
            before, overview, self._notification_states, self._settings, self._messages.errcode_catalog
        )
        self._notification_states = decision.states
        for appid in decision.withdraw:
            self._backend.close(appid)
        for notice in decision.show:
            self._backend.show(notice.appid, notification_text(notice, self._messages, overview.at))

    def _update(self) -> None:
        """Decide once more about what was last seen."""
        if self._overview is not None:
            self.on_overview_changed(replace(self._overview, at=self._clock()))

    def _on_backend_action(self, appid: str, action: str, activation_token: str) -> None:
        """Called in any thread."""
        self._backend_action_received.emit(appid, action, activation_token)

    @Slot(str, str, str)
    def _on_backend_action_received(self, appid: str, action: str, activation_token: str) -> None:
        # a click on the notice itself has a name of the desktop's, mostly "default"
        chosen = action if action in set(NotificationAction) else NotificationAction.OPEN.value
        self.action_invoked.emit(appid, chosen, activation_token)
