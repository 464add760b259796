"""A private screen and bus, a home with accounts, and tray programs that are started there."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenRecord
from tests.bench.process_figures import exact_cpu_s
from tests.bench.rows import Figures
from tests.desktop.processes import minimal_environment
from tests.desktop.program_process import ProgramProcess, script_path
from tests.desktop.screen import Screen, private_screen
from tests.desktop.session_bus import private_bus
from tests.desktop.tray_host import FakeTrayHost

MINIMAL_TRAY = (sys.executable, str(Path(__file__).parents[1] / "desktop" / "minimal_tray.py"))
GUARDDOG = (script_path("guarddog-gui"),)
TIMEOUT_S = 60.0


def hide_developers_packages(folder: Path) -> Path:
    """Make a folder for PYTHONPATH that hides what users do not have.

    mypy brings `typing_extensions`, which msgspec imports where it finds it: 2 ms of the start.
    """
    folder.mkdir()
    (folder / "typing_extensions.py").write_text("raise ImportError\n", "utf-8")
    return folder


class TraySession:
    """Starts tray programs, one at a time; `home` is Guard Dog's."""

    def __init__(self, folder: Path, desktop: Desktop) -> None:
        self.folder = folder
        self.home = folder / "guarddog"
        self.screen = desktop.screen
        self._bus = desktop.bus
        self.environment = minimal_environment(
            HOME=str(folder),
            GUARDDOG_HOME=str(self.home),
            XDG_RUNTIME_DIR=str(folder),
            DBUS_SESSION_BUS_ADDRESS=desktop.bus,
            DBUS_SYSTEM_BUS_ADDRESS="disabled:",
            DISPLAY=desktop.screen.display,
            QT_QPA_PLATFORM="xcb",
            PYTHONPATH=str(hide_developers_packages(folder / "hidden")),
        )

    def panel(self) -> FakeTrayHost:
        return FakeTrayHost(self._bus)

    @contextmanager
    def started(self, command: tuple[str, ...], home: Path | None = None) -> Iterator[tuple[ProgramProcess, Figures]]:
        """Start a program, and return it with its `icon` (ms until the panel has it) and `cpu` (ms of it computed)."""
        environment = {**self.environment, "GUARDDOG_HOME": str(home or self.home)}
        with self.panel() as host:
            started_at = time.perf_counter()
            program = ProgramProcess(command, environment, self.folder / "log")
            try:
                while not host.registered:
                    time.sleep(0.0005)
                    assert time.perf_counter() < started_at + TIMEOUT_S, program.output
                took_s, computed_s = time.perf_counter() - started_at, exact_cpu_s(program.pid)
                yield program, {"icon": took_s * 1000, "cpu": computed_s * 1000}
            finally:
                program.stop()


class Desktop(Struct, frozen=True):
    """A bus and a screen, which all rows of a run share."""

    bus: str
    screen: Screen


_shared: list[Desktop] = []


@contextmanager
def shared_desktop() -> Iterator[Desktop]:
    """Return the desktop that is open already, or open one until the end."""
    if _shared:
        yield _shared[0]
        return
    with (
        tempfile.TemporaryDirectory(prefix="gd-") as folder,
        private_bus(Path(folder)) as bus,
        private_screen() as screen,
    ):
        _shared.append(Desktop(bus, screen))
        try:
            yield _shared[0]
        finally:
            _shared.clear()


@contextmanager
def tray_session(account_count: int) -> Iterator[TraySession]:
    with shared_desktop() as desktop, tempfile.TemporaryDirectory(prefix="gd-") as folder:
        session = TraySession(Path(folder), desktop)
        write_fresh_home(session.home, account_count)
        yield session


def write_fresh_home(home: Path, account_count: int) -> tuple[Account, ...]:
    """Write a home with accounts whose values are all fresh and Guard Dog's own, so that it makes no calls."""
    container = make_container({"GUARDDOG_HOME": str(home)}, time.time)
    accounts = tuple(Account(f"wx{n:016x}", f"Shop {n}") for n in range(account_count))
    container.accounts.update(lambda _: accounts)
    for account in accounts:
        for kind in account.token_kinds:
            value = f"90_{kind.value}{account.appid}" + "x" * 120
            record = TokenRecord(
                value, 7200, int(time.time() * 1000), container.dog_files.directory(account), account.ahead
            )
            container.dog_files.write(account, kind, record)
    return accounts
