"""Fake panel of a desktop: a StatusNotifierWatcher and host that can start late, stop and restart."""

from __future__ import annotations

from typing import Any

from tests.desktop.bus_service import BusClient, BusMessage, BusService, MethodReply
from tests.desktop.processes import wait_until
from tests.desktop.tray_item import MENU_INTERFACE, TrayItem

WATCHER = "org.kde.StatusNotifierWatcher"
ITEM_PATH = "/StatusNotifierItem"


class FakeTrayHost(BusService):
    """Tray host that records the registered items, and the signals of the items and their menus in order."""

    name = WATCHER
    path = "/StatusNotifierWatcher"

    def __init__(self, bus: str) -> None:
        super().__init__(bus)
        self.registered: list[tuple[str, str]] = []  # unique bus name, object path
        self.signals: list[BusMessage] = []
        self.methods = {
            (WATCHER, "RegisterStatusNotifierItem"): self._register,
            (WATCHER, "RegisterStatusNotifierHost"): lambda _: MethodReply(),
        }
        self.properties = {
            (WATCHER, "IsStatusNotifierHostRegistered"): lambda: ("b", True),
            (WATCHER, "ProtocolVersion"): lambda: ("i", 0),
            (WATCHER, "RegisteredStatusNotifierItems"): self._registered_items,
        }

    def stop(self) -> None:
        super().stop()
        self.registered.clear()

    def restart(self) -> None:
        self.stop()
        self.start()

    def wait_for_item(self, *, seconds: float = 10.0) -> TrayItem:
        """Wait for the only item of the tray and return it. Close it, or use it in a `with`."""
        wait_until(lambda: self.registered, "an icon in the tray", timeout_s=seconds)
        (item,) = self.registered
        return TrayItem(BusClient(self.bus), *item)

    def signal_bodies(self, member: str) -> list[tuple[Any, ...]]:
        return [signal.body for signal in self.signals if signal.member == member]

    def match_rules(self) -> list[str]:
        return [
            "type='signal',member='NameOwnerChanged',sender='org.freedesktop.DBus'",
            "type='signal',interface='org.kde.StatusNotifierItem'",
            f"type='signal',interface='{MENU_INTERFACE}'",
        ]

    def on_signal(self, signal: BusMessage) -> None:
        if signal.member != "NameOwnerChanged":
            self.signals.append(signal)
        elif signal.body[2] == "":
            self.registered[:] = [item for item in self.registered if item[0] != signal.body[0]]

    def _registered_items(self) -> tuple[str, list[str]]:
        return "as", [f"{service}{path}" for service, path in self.registered]

    def _register(self, call: BusMessage) -> MethodReply:
        service: str = call.body[0]  # a bus name, or an object path of the sender
        item = (call.sender, service if service.startswith("/") else ITEM_PATH)
        if item not in self.registered:
            self.registered.append(item)
            self.emit(WATCHER, "StatusNotifierItemRegistered", "s", ("".join(item),))
        return MethodReply()
