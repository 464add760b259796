"""A desktop for one test: screen, bus, tray host, keyring, notifications, logind and home, all private."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.desktop import session_bus
from tests.desktop.dunst import Dunst, running_dunst
from tests.desktop.logind import Logind, private_logind
from tests.desktop.notifications import NotificationServer
from tests.desktop.processes import plain_environment
from tests.desktop.program import Program
from tests.desktop.real_keyring import RealKeyring
from tests.desktop.screen import Screen, private_screen
from tests.desktop.tray_host import TrayHost

HERE = Path(__file__).parent
StartProgram = Callable[..., Program]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.desktop)


@pytest.fixture
def desk() -> Iterator[Path]:
    """The folder under which everything of this desktop lies; its path is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="gd-") as folder:
        yield Path(folder)


@pytest.fixture
def private_bus(desk: Path) -> Iterator[str]:
    """The address of a session bus on which nothing starts by itself."""
    with session_bus.private_bus(desk) as address:
        yield address


@pytest.fixture
def screen() -> Iterator[Screen]:
    with private_screen() as screen:
        yield screen


@pytest.fixture
def tray_host(private_bus: str) -> Iterator[TrayHost]:
    """A panel that is there from the start; make a TrayHost yourself to have it come late."""
    with TrayHost(private_bus) as host:
        yield host


@pytest.fixture
def notification_server(private_bus: str) -> Iterator[NotificationServer]:
    with NotificationServer(private_bus) as server:
        yield server


@pytest.fixture
def dunst(desk: Path, desktop_environment: dict[str, str]) -> Iterator[Dunst]:
    """A real notification daemon."""
    with running_dunst(desk, desktop_environment) as dunst:
        yield dunst


@pytest.fixture
def real_keyring(private_bus: str, session_environment: dict[str, str]) -> Iterator[RealKeyring]:
    """gnome-keyring, unlocked."""
    keyring = RealKeyring(private_bus, session_environment)
    try:
        keyring.start()
        yield keyring
    finally:
        keyring.stop()


@pytest.fixture
def logind(desk: Path) -> Iterator[Logind]:
    """Programs find it when started with DBUS_SYSTEM_BUS_ADDRESS=logind.bus."""
    with private_logind(desk) as logind:
        yield logind


@pytest.fixture
def session_environment(desk: Path, private_bus: str) -> dict[str, str]:
    """What a program sees after a login without a screen: home, runtime folder and bus."""
    home, runtime = desk / "home", desk / "run"
    home.mkdir(mode=0o700)
    runtime.mkdir(mode=0o700)
    return plain_environment(
        HOME=str(home),
        XDG_RUNTIME_DIR=str(runtime),
        GUARDDOG_HOME=str(home / "guarddog"),
        DBUS_SESSION_BUS_ADDRESS=private_bus,
        DBUS_SYSTEM_BUS_ADDRESS="disabled:",
    )


@pytest.fixture
def desktop_environment(session_environment: dict[str, str], screen: Screen) -> dict[str, str]:
    """The same with the screen."""
    return {**session_environment, "DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"}


@pytest.fixture
def start_program(desk: Path, desktop_environment: dict[str, str]) -> Iterator[StartProgram]:
    """start_program(command, *arguments, **environment) -> Program; all are ended after the test."""
    with ExitStack() as ending:
        started: list[Program] = []

        def start_program(*command: str, **environment: str) -> Program:
            log = desk / f"program-{len(started)}.log"
            program = Program(command, {**desktop_environment, **environment}, log)
            started.append(program)
            ending.callback(program.stop)
            return program

        yield start_program
        # pytest shows what was printed only if the test failed
        for program in started:
            print(f"--- output of {program.command}:\n{program.output}")  # noqa: T201  # read at a failure
