"""Fake portal of the desktop for programs that start with the session."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jeepney import DBusAddress, new_signal

from guarddog_gui.adapters.autostart.portal import BACKGROUND, OBJECT_PATH, SERVICE
from tests.desktop.bus_service import BusMessage, BusService, MethodReply


class BackgroundPortal(BusService):
    """Portal that writes the entry into a folder as xdg-desktop-portal does, unless it is told to refuse."""

    name = SERVICE
    path = OBJECT_PATH

    def __init__(self, bus: str, entry: Path, *, response: int = 0, grants: bool = True) -> None:
        super().__init__(bus)
        self._entry = entry
        self._response = response
        self._grants = grants
        self.options: list[dict[str, Any]] = []
        self.methods = {(BACKGROUND, "RequestBackground"): self._request}

    def _request(self, call: BusMessage) -> MethodReply:
        _, options = call.body
        wanted = {key: value for key, (_, value) in options.items()}
        self.options.append(wanted)
        is_granted = self._response == 0 and self._grants
        if is_granted and wanted["autostart"]:
            self._entry.parent.mkdir(parents=True, exist_ok=True)
            self._entry.write_text(
                "[Desktop Entry]\nExec=flatpak run --command=guarddog-gui io.github.guarddog.GuardDog\n"
            )
        elif is_granted:
            self._entry.unlink(missing_ok=True)
        sender = call.sender.removeprefix(":").replace(".", "_")
        handle = f"{OBJECT_PATH}/request/{sender}/{wanted['handle_token']}"
        results = {"background": ("b", True), "autostart": ("b", wanted["autostart"] and self._grants)}
        interface = "org.freedesktop.portal.Request"
        response = new_signal(DBusAddress(handle, interface=interface), "Response", "ua{sv}", (self._response, results))
        self._send(response)
        return MethodReply("o", (handle,))
