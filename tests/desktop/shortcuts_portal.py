"""Fake portal of the desktop for global shortcuts."""

from __future__ import annotations

from typing import Any

from jeepney import DBusAddress, new_signal

from guarddog_gui.adapters.hotkeys.portal import OBJECT_PATH, REGISTRY, SERVICE, SHORTCUTS
from tests.desktop.bus_service import BusMessage, BusService, MethodReply

REQUEST, SESSION = "org.freedesktop.portal.Request", "org.freedesktop.portal.Session"


class ShortcutsPortal(BusService):
    """Portal that gives each program the keys that it asks for, unless it is told to refuse.

    `registered` are the ids of applications, `bound` the properties of each shortcut by its id.
    """

    name = SERVICE
    path = OBJECT_PATH

    def __init__(self, bus: str, *, response: int = 0, trigger: str = "Ctrl+Alt+G", answers: bool = True) -> None:
        super().__init__(bus)
        self.response = response
        self.trigger = trigger
        self.registered: list[str] = []
        self.bound: dict[str, dict[str, Any]] = {}
        self.session = ""
        self._answers = answers
        self.methods = {
            (REGISTRY, "Register"): self._register,
            (SHORTCUTS, "CreateSession"): self._create_session,
            (SHORTCUTS, "BindShortcuts"): self._bind,
        }

    def press(self, token: str = "") -> None:
        """Press the keys of the only shortcut."""
        (shortcut,) = self.bound
        options = {"activation_token": ("s", token)} if token else {}
        self.emit(SHORTCUTS, "Activated", "osta{sv}", (self.session, shortcut, 1, options))

    def end_session(self) -> None:
        self._send(new_signal(DBusAddress(self.session, interface=SESSION), "Closed", "a{sv}", ({},)))

    def _register(self, call: BusMessage) -> MethodReply:
        self.registered.append(call.body[0])
        return MethodReply()

    def _create_session(self, call: BusMessage) -> MethodReply:
        (options,) = call.body
        self.session = f"{OBJECT_PATH}/session/{_element(call.sender)}/{options['session_handle_token'][1]}"
        return self._respond(call, options, 0, {"session_handle": ("s", self.session)})

    def _bind(self, call: BusMessage) -> MethodReply:
        _, shortcuts, _, options = call.body
        self.bound = {name: {key: value for key, (_, value) in fields.items()} for name, fields in shortcuts}
        given = [(name, {"trigger_description": ("s", self.trigger)}) for name in self.bound] if self.trigger else []
        return self._respond(call, options, self.response, {"shortcuts": ("a(sa{sv})", given)})

    def _respond(self, call: BusMessage, options: dict[str, Any], code: int, results: dict[str, Any]) -> MethodReply:
        """Send the response as real portals may: even before the reply to the method itself."""
        handle = f"{OBJECT_PATH}/request/{_element(call.sender)}/{options['handle_token'][1]}"
        if self._answers:
            self._send(new_signal(DBusAddress(handle, interface=REQUEST), "Response", "ua{sv}", (code, results)))
        return MethodReply("o", (handle,))


def _element(sender: str) -> str:
    return sender.removeprefix(":").replace(".", "_")
