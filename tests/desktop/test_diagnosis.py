"""The real program diagnoses a signature with the keyboard alone, and announces the result to a screen reader."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from jeepney import DBusAddress

from guarddog_gui.domain.signing.signature import SignatureInput
from tests.desktop.accessibility_tree import accessibility_bus
from tests.desktop.bus_service import BusClient, BusMessage, BusService
from tests.desktop.guarddog_program import sandbox_home, start_in_sandbox
from tests.desktop.processes import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desktop.guarddog_program import StartProgram
    from tests.desktop.screen import Screen
    from tests.desktop.tray_host import FakeTrayHost

PAGE = "https://shop.example.com/p/?from=timeline"
SIGNED = "https://shop.example.com/p"
REGISTRY = DBusAddress("/org/a11y/atspi/registry", "org.a11y.atspi.Registry", interface="org.a11y.atspi.Registry")


class ScreenReader(BusService):
    """Screen reader that records announcements, which are read aloud wherever the focus is."""

    name = "com.example.ScreenReader"
    path = "/reader"

    def __init__(self, bus: str) -> None:
        super().__init__(bus)
        self.spoken: list[str] = []
        self._client = BusClient(bus)

    def start(self) -> None:
        super().start()
        self._client.call(REGISTRY, "RegisterEvent", "sass", ("object:announcement", [], ""))

    def stop(self) -> None:
        super().stop()
        self._client.close()

    def match_rules(self) -> list[str]:
        return ["type='signal',interface='org.a11y.atspi.Event.Object',member='Announcement'"]

    def on_signal(self, signal: BusMessage) -> None:
        if signal.member == "Announcement":
            self.spoken.append(signal.body[3][1])


def wrong_config(home: Path) -> str:
    """Return a wx.config that was signed with a valid ticket, but for another URL than the page's."""
    dog = next(home.glob("data/dogs/*/JSAPI_TICKET.dog"))
    ticket: str = json.loads(dog.read_text("utf-8"))["data"]
    signable = SignatureInput(ticket, "Wm3WZYTPz0wzccnW", int(time.time()), SIGNED)
    return (
        f"wx.config({{appId: '{dog.parent.name}', timestamp: {signable.timestamp},\n"
        f"  nonceStr: '{signable.nonce}', signature: '{signable.signature}', jsApiList: []}});"
    )


def test_a_pasted_config_is_diagnosed_and_the_result_read_aloud(
    start_program: StartProgram, desktop_folder: Path, private_bus: str, screen: Screen, tray_host: FakeTrayHost
) -> None:
    with (
        accessibility_bus(desktop_folder, private_bus, screen.display) as (_, address),
        ScreenReader(address) as reader,
    ):
        program = start_in_sandbox(
            start_program,
            desktop_folder,
            "--show",
            AT_SPI_BUS_ADDRESS=address,
            QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1",
            NO_AT_BRIDGE="0",
            GUARDDOG_LANG="en",
        )
        with tray_host.wait_for_item() as item:
            item.wait_until_fresh(5)
        screen.wait_for_keyboard()
        with screen.text_on_clipboard(wrong_config(sandbox_home(desktop_folder))):
            screen.xdotool("key", "--delay", "20", "alt+4", "ctrl+v", "shift+Tab", "shift+Tab")
            screen.xdotool("type", "--delay", "20", PAGE)
            screen.xdotool("key", "--delay", "20", "Tab", "Tab", "ctrl+Return")
            wait_until(lambda: reader.spoken, "a diagnosis")
        (spoken,) = reader.spoken
        assert spoken.startswith("The / at the end of the domain or path is missing in what was signed.")
        assert program.exit_code is None
