"""Fixtures of a private desktop for one test: screen, bus, tray host, keyring, notifications, logind, home."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from guarddog_gui.sandbox.server import SandboxServer
from tests.desktop import session_bus
from tests.desktop.dunst import Dunst, private_dunst
from tests.desktop.gnome_keyring import GnomeKeyring
from tests.desktop.guarddog_program import StartProgram
from tests.desktop.logind import FakeLogind, private_logind
from tests.desktop.notification_server import NotificationServer
from tests.desktop.processes import minimal_environment
from tests.desktop.program_process import ProgramProcess
from tests.desktop.screen import Screen, private_screen
from tests.desktop.tray_host import FakeTrayHost

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.desktop)


@pytest.fixture
def desktop_folder() -> Iterator[Path]:
    """Folder of this desktop's files; its path is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="gd-") as folder:
        yield Path(folder)


@pytest.fixture
def private_bus(desktop_folder: Path) -> Iterator[str]:
    """Address of a session bus that starts no services."""
    with session_bus.private_bus(desktop_folder) as address:
        yield address


@pytest.fixture
def screen() -> Iterator[Screen]:
    with private_screen() as screen:
        yield screen


@pytest.fixture
def tray_host(private_bus: str) -> Iterator[FakeTrayHost]:
    """Panel that runs from the start; for one that starts late, use FakeTrayHost directly."""
    with FakeTrayHost(private_bus) as host:
        yield host


@pytest.fixture
def notification_server(private_bus: str) -> Iterator[NotificationServer]:
    with NotificationServer(private_bus) as server:
        yield server


@pytest.fixture
def dunst(desktop_folder: Path, desktop_environment: dict[str, str]) -> Iterator[Dunst]:
    """Real notification daemon."""
    with private_dunst(desktop_folder, desktop_environment) as dunst:
        yield dunst


@pytest.fixture
def gnome_keyring(private_bus: str, session_environment: dict[str, str]) -> Iterator[GnomeKeyring]:
    """Unlocked gnome-keyring."""
    keyring = GnomeKeyring(private_bus, session_environment)
    try:
        keyring.start()
        yield keyring
    finally:
        keyring.stop()


@pytest.fixture
def logind(desktop_folder: Path) -> Iterator[FakeLogind]:
    """Fake logind for programs that are started with DBUS_SYSTEM_BUS_ADDRESS=logind.bus."""
    with private_logind(desktop_folder) as logind:
        yield logind


@pytest.fixture
def session_environment(desktop_folder: Path, private_bus: str) -> dict[str, str]:
    """Environment of a login session without display: home, runtime folder and bus."""
    home, runtime = desktop_folder / "home", desktop_folder / "run"
    home.mkdir(mode=0o700)
    runtime.mkdir(mode=0o700)
    return minimal_environment(
        HOME=str(home),
        XDG_RUNTIME_DIR=str(runtime),
        GUARDDOG_HOME=str(home / "guarddog"),
        DBUS_SESSION_BUS_ADDRESS=private_bus,
        DBUS_SYSTEM_BUS_ADDRESS="disabled:",
    )


@pytest.fixture
def guarddog_home(session_environment: dict[str, str]) -> Path:
    """Home of a program that runs in the session environment."""
    return Path(session_environment["GUARDDOG_HOME"])


@pytest.fixture
def wechat() -> Iterator[SandboxServer]:
    """Sandbox that runs in real time."""
    with SandboxServer(time.time) as server:
        yield server


@pytest.fixture
def desktop_environment(session_environment: dict[str, str], screen: Screen) -> dict[str, str]:
    """Environment of a login session with the display."""
    return {**session_environment, "DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"}


@pytest.fixture
def start_program(desktop_folder: Path, desktop_environment: dict[str, str]) -> Iterator[StartProgram]:
    """Function that starts a program (`start_program(command, *arguments, **environment)`).

    All programs are stopped after the test.
    """
    with ExitStack() as stack:
        started: list[ProgramProcess] = []

        def start_program(*command: str, **environment: str) -> ProgramProcess:
            log = desktop_folder / f"program-{len(started)}.log"
            program = ProgramProcess(command, {**desktop_environment, **environment}, log)
            started.append(program)
            stack.callback(program.stop)
            return program

        yield start_program
        for program in started:  # pytest shows this only if the test fails
            print(f"--- output of {program.command}:\n{program.output}")  # noqa: T201
