"""Fake notification server that records notifications and can simulate clicks on them."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from tests.desktop.bus_service import BusMessage, BusService, MethodReply

INTERFACE = "org.freedesktop.Notifications"
CAPABILITIES = ("actions", "body", "body-markup")


class ReceivedNotification(Struct, frozen=True):
    id: int
    replaces_id: int
    program: str
    title: str
    text: str
    actions: dict[str, str]  # key -> label
    hints: dict[str, Any]
    timeout_ms: int


class NotificationServer(BusService):
    name = INTERFACE
    path = "/org/freedesktop/Notifications"

    def __init__(self, bus: str, *, capabilities: tuple[str, ...] = CAPABILITIES) -> None:
        super().__init__(bus)
        self.shown: list[ReceivedNotification] = []
        self.closed_ids: list[int] = []
        self.methods = {
            (INTERFACE, "Notify"): self._notify,
            (INTERFACE, "CloseNotification"): self._close,
            (INTERFACE, "GetCapabilities"): lambda _: MethodReply("as", (list(capabilities),)),
            (INTERFACE, "GetServerInformation"): lambda _: MethodReply("ssss", ("kit", "Guard Dog", "1", "1.2")),
        }

    def invoke_action(self, notification: ReceivedNotification, action: str = "default") -> None:
        """Simulate a click on the notification or on one of its buttons."""
        self.emit(INTERFACE, "ActionInvoked", "us", (notification.id, action))
        self.dismiss(notification)

    def dismiss(self, notification: ReceivedNotification) -> None:
        self.emit(INTERFACE, "NotificationClosed", "uu", (notification.id, 2))

    def _notify(self, call: BusMessage) -> MethodReply:
        program, replaces, _icon, title, text, actions, hints, milliseconds = call.body
        number = replaces or len(self.shown) + 1
        labels = dict(zip(actions[::2], actions[1::2], strict=True))
        plain = {name: value for name, (_, value) in hints.items()}
        self.shown.append(ReceivedNotification(number, replaces, program, title, text, labels, plain, milliseconds))
        return MethodReply("u", (number,))

    def _close(self, call: BusMessage) -> MethodReply:
        self.closed_ids.append(call.body[0])
        self.emit(INTERFACE, "NotificationClosed", "uu", (call.body[0], 3))
        return MethodReply()
