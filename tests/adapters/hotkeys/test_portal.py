"""The global hotkey of the desktop's portal, against a fake one on a private bus."""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.hotkeys.portal import REGISTRY, SHORTCUT_ID, SHORTCUTS, PortalHotkey
from guarddog_gui.domain.hotkeys import HotkeyState, HotkeyStatus, parse_hotkey
from tests.desktop import session_bus
from tests.desktop.bus_service import BusMessage, MethodReply
from tests.desktop.processes import wait_until
from tests.desktop.shortcuts_portal import ShortcutsPortal

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="portals exist on Linux only")
APP_ID = "io.github.guarddog.GuardDog"
KEYS = parse_hotkey("Ctrl+Alt+G")


@pytest.fixture
def bus() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="gd-") as folder, session_bus.private_bus(Path(folder)) as address:
        yield address


class Session:
    """Hotkey that was asked for, and what was reported about it."""

    def __init__(self, bus: str) -> None:
        self.presses: list[str] = []
        self.states: list[HotkeyState] = []
        self.hotkey = PortalHotkey(APP_ID, self.presses.append, self.states.append, bus)
        assert KEYS is not None
        self.hotkey.start(KEYS, "Open Guard Dog")

    def wait_for(self, status: HotkeyStatus) -> HotkeyState:
        return wait_until(lambda: next((s for s in self.states if s.status is status), None), status)


@pytest.fixture
def sessions() -> Iterator[list[Session]]:
    """Sessions that `start` has started, which are stopped at the end."""
    started: list[Session] = []
    yield started
    for session in started:
        session.hotkey.stop()


def start(sessions: list[Session], bus: str) -> Session:
    sessions.append(Session(bus))
    return sessions[-1]


def test_the_desktop_gives_keys_and_reports_each_press(bus: str, sessions: list[Session]) -> None:
    with ShortcutsPortal(bus, trigger="Strg+Alt+G") as portal:
        session = start(sessions, bus)
        assert session.wait_for(HotkeyStatus.ACTIVE).keys == "Strg+Alt+G"
        assert portal.registered == [APP_ID]
        assert portal.bound[SHORTCUT_ID] == {"description": "Open Guard Dog", "preferred_trigger": "CTRL+ALT+g"}
        portal.press("token-1")
        portal.press()
        wait_until(lambda: session.presses == ["token-1", ""], "two presses")


def test_an_empty_list_of_bound_keys_is_no_failure(bus: str, sessions: list[Session]) -> None:
    with ShortcutsPortal(bus, trigger=""):
        assert start(sessions, bus).wait_for(HotkeyStatus.ACTIVE).keys == "Ctrl+Alt+G"


def test_a_user_who_refuses_is_believed(bus: str, sessions: list[Session]) -> None:
    with ShortcutsPortal(bus, response=1):
        start(sessions, bus).wait_for(HotkeyStatus.REFUSED)


def test_an_ended_session_is_reported(bus: str, sessions: list[Session]) -> None:
    with ShortcutsPortal(bus) as portal:
        session = start(sessions, bus)
        session.wait_for(HotkeyStatus.ACTIVE)
        portal.end_session()
        session.wait_for(HotkeyStatus.REFUSED)


def test_without_a_portal_or_a_bus_there_is_no_hotkey(bus: str, sessions: list[Session]) -> None:
    start(sessions, bus).wait_for(HotkeyStatus.UNAVAILABLE)
    start(sessions, "unix:path=/nonexistent").wait_for(HotkeyStatus.UNAVAILABLE)


def test_a_portal_without_registry_of_applications_is_used_all_the_same(bus: str, sessions: list[Session]) -> None:
    portal = ShortcutsPortal(bus)
    del portal.methods[REGISTRY, "Register"]
    with portal:
        start(sessions, bus).wait_for(HotkeyStatus.ACTIVE)


def test_a_portal_without_global_shortcuts_is_unavailable(bus: str, sessions: list[Session]) -> None:
    portal = ShortcutsPortal(bus)
    del portal.methods[SHORTCUTS, "CreateSession"]
    with portal:
        start(sessions, bus).wait_for(HotkeyStatus.UNAVAILABLE)


def test_it_stops_while_the_desktop_asks_the_user(bus: str, sessions: list[Session]) -> None:
    with ShortcutsPortal(bus, answers=False):
        session = start(sessions, bus)
        session.wait_for(HotkeyStatus.ASKING)
        session.hotkey.stop()
        assert [t.name for t in threading.enumerate() if t.name == "guarddog-hotkey"] == []
        assert [state.status for state in session.states] == [HotkeyStatus.ASKING]


def test_a_program_that_the_desktop_does_not_know_is_told(bus: str, sessions: list[Session]) -> None:
    class StrictPortal(ShortcutsPortal):
        def _reply_to(self, interface: str, member: str, call: BusMessage) -> MethodReply | None:
            return None if member == "CreateSession" else super()._reply_to(interface, member, call)

        error_name = "org.freedesktop.portal.Error.NotAllowed"

    with StrictPortal(bus):
        start(sessions, bus).wait_for(HotkeyStatus.NOT_INSTALLED)
