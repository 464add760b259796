"""A notification server that only keeps what it is told to show, and can click on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.desktop.bus_service import Answer, BusService, Heard

INTERFACE = "org.freedesktop.Notifications"
CAPABILITIES = ("actions", "body", "body-markup")


@dataclass(frozen=True, slots=True)
class Notification:
    id: int
    replaces: int
    program: str
    title: str
    text: str
    actions: dict[str, str]  # key -> label
    hints: dict[str, Any]
    milliseconds: int


class NotificationServer(BusService):
    name = INTERFACE
    path = "/org/freedesktop/Notifications"

    def __init__(self, bus: str, *, capabilities: tuple[str, ...] = CAPABILITIES) -> None:
        super().__init__(bus)
        self.shown: list[Notification] = []
        self.withdrawn: list[int] = []
        self.methods = {
            (INTERFACE, "Notify"): self._notify,
            (INTERFACE, "CloseNotification"): self._close,
            (INTERFACE, "GetCapabilities"): lambda _: Answer("as", (list(capabilities),)),
            (INTERFACE, "GetServerInformation"): lambda _: Answer("ssss", ("kit", "Guard Dog", "1", "1.2")),
        }

    def choose(self, notification: Notification, action: str = "default") -> None:
        """A person clicks on it, or on one of its buttons."""
        self.emit(INTERFACE, "ActionInvoked", "us", (notification.id, action))
        self.dismiss(notification)

    def dismiss(self, notification: Notification) -> None:
        self.emit(INTERFACE, "NotificationClosed", "uu", (notification.id, 2))

    def _notify(self, call: Heard) -> Answer:
        program, replaces, _icon, title, text, actions, hints, milliseconds = call.body
        number = replaces or len(self.shown) + 1
        labels = dict(zip(actions[::2], actions[1::2], strict=True))
        plain = {name: value for name, (_, value) in hints.items()}
        self.shown.append(Notification(number, replaces, program, title, text, labels, plain, milliseconds))
        return Answer("u", (number,))

    def _close(self, call: Heard) -> Answer:
        self.withdrawn.append(call.body[0])
        self.emit(INTERFACE, "NotificationClosed", "uu", (call.body[0], 3))
        return Answer()
