"""Quitting and starting again: while a request hangs, while the keyring hangs, by signal, by a second start."""

import shlex
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.sandbox.faults.fault import Fault, How
from guarddog_gui.sandbox.server import SandboxServer
from tests.desktop.conftest import StartProgram
from tests.desktop.processes import wait_until
from tests.desktop.program import Program, installed
from tests.desktop.real_keyring import RealKeyring
from tests.desktop.screen import Screen
from tests.desktop.tray_host import TrayHost

PROMISED_S = 3.0


@pytest.fixture
def wechat() -> Iterator[SandboxServer]:
    with SandboxServer(time.time) as server:
        yield server


@pytest.fixture
def home(session_environment: dict[str, str]) -> Path:
    return Path(session_environment["GUARDDOG_HOME"])


def add_account(start_program: StartProgram, wechat: SandboxServer, *options: str) -> None:
    """By the command line, as a script does it."""
    shop = wechat.accounts[0]
    program = start_program(
        "sh", "-c",
        f"printf %s {shop.secret} | {shlex.quote(installed('guarddogctl'))} accounts add --appid {shop.appid}"
        f" --name 'Shop A' --secret-stdin {' '.join(options)}",
        GUARDDOG_API_BASE=wechat.base,
    )  # fmt: skip
    assert program.wait_for_end(seconds=20) == 0, program.output


def seconds_to_end(program: Program, number: int = signal.SIGTERM) -> float:
    began = time.monotonic()
    program.signal(number)
    assert program.wait_for_end(seconds=10) == 0, program.output
    return time.monotonic() - began


def history_lines(home: Path) -> int:
    history = sqlite3.connect(f"file:{home}/data/history.sqlite3?mode=ro", uri=True)
    try:
        (count,) = history.execute("SELECT count(*) FROM attempt").fetchone()
        return int(count)
    finally:
        history.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_gone_in_time_and_in_silence_while_a_request_hangs(
    start_program: StartProgram,
    tray_host: TrayHost,
    real_keyring: RealKeyring,
    wechat: SandboxServer,
    home: Path,
    number: int,
) -> None:
    assert real_keyring.is_locked() is False
    add_account(start_program, wechat)
    lines = history_lines(home)
    wechat.faults.fail(Fault(How.HANG, seconds=60), times=10)
    program = start_program(installed("guarddog-gui"), GUARDDOG_API_BASE=wechat.base)
    with tray_host.wait_for_item() as item:
        before = wechat.rules.calls.total()
        item.choose("Refresh now")
        wait_until(lambda: "refreshing" in item.tooltip or wechat.rules.calls.total() > before, "the call")
        time.sleep(0.5)
    assert seconds_to_end(program, number) < PROMISED_S
    assert program.output == ""
    assert history_lines(home) == lines + 1  # nothing is lost, and the answer that nobody heard is noted


def test_gone_in_time_while_the_keyring_hangs(
    start_program: StartProgram, tray_host: TrayHost, real_keyring: RealKeyring, wechat: SandboxServer
) -> None:
    add_account(start_program, wechat, "--no-check")
    real_keyring.freeze()
    program = start_program(installed("guarddog-gui"), GUARDDOG_API_BASE=wechat.base)
    with tray_host.wait_for_item() as item:
        wait_until(item.labels, "the menu while the keyring hangs")
        time.sleep(1)  # the look-up is under way
    assert seconds_to_end(program) < PROMISED_S
    assert program.output == ""
    real_keyring.thaw()


def test_a_locked_keyring_is_a_state_and_unlocking_it_is_enough(
    start_program: StartProgram, tray_host: TrayHost, real_keyring: RealKeyring, wechat: SandboxServer
) -> None:
    add_account(start_program, wechat, "--no-check")
    real_keyring.lock()
    start_program(installed("guarddog-gui"), GUARDDOG_API_BASE=wechat.base)
    with tray_host.wait_for_item() as item:
        wait_until(lambda: "keyring" in item.tooltip.lower(), "the keyring in the tooltip", seconds=20)
        real_keyring.unlock()
        item.choose("Refresh now")
        wait_until(lambda: item.labels()[0].startswith("2 of 2 fresh"), "fresh keys", seconds=20)


def test_a_second_start_shows_the_window_and_quit_ends_the_first(
    start_program: StartProgram,
    screen: Screen,
    tray_host: TrayHost,
    real_keyring: RealKeyring,
    wechat: SandboxServer,
) -> None:
    assert real_keyring.is_locked() is False
    add_account(start_program, wechat)
    first = start_program(installed("guarddog-gui"), GUARDDOG_API_BASE=wechat.base)
    with tray_host.wait_for_item():
        assert not screen.windows("Guard Dog")
        second = start_program(installed("guarddog-gui"))
        assert second.wait_for_end() == 0
        wait_until(lambda: screen.windows("Guard Dog"), "the window of the first")
        third = start_program(installed("guarddog-gui"), "--quit")
        assert third.wait_for_end() == 0
        assert first.wait_for_end(seconds=5) == 0
    assert first.output == second.output == third.output == ""


def test_the_tray_takes_up_an_account_that_the_command_line_adds(
    start_program: StartProgram, tray_host: TrayHost, real_keyring: RealKeyring, wechat: SandboxServer
) -> None:
    assert real_keyring.is_locked() is False
    start_program(installed("guarddog-gui"), GUARDDOG_API_BASE=wechat.base)
    with tray_host.wait_for_item() as item:
        add_account(start_program, wechat)
        wait_until(lambda: item.labels()[0].startswith("2 of 2 fresh"), "the account", seconds=15)
