"""Quitting and starting again: while a request hangs, while the keyring hangs, by signal, by a second start."""

import shlex
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from tests.desktop.conftest import StartProgram
from tests.desktop.gnome_keyring import GnomeKeyring
from tests.desktop.processes import wait_until
from tests.desktop.program_process import ProgramProcess, script_path
from tests.desktop.screen import Screen
from tests.desktop.tray_host import FakeTrayHost

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
        f"printf %s {shop.secret} | {shlex.quote(script_path('guarddogctl'))} accounts add --appid {shop.appid}"
        f" --name 'Shop A' --secret-stdin {' '.join(options)}",
        GUARDDOG_API_BASE=wechat.base_url,
    )  # fmt: skip
    assert program.wait_for_exit(timeout_s=20) == 0, program.output


def seconds_to_end(program: ProgramProcess, number: int = signal.SIGTERM) -> float:
    began = time.monotonic()
    program.send_signal(number)
    assert program.wait_for_exit(timeout_s=10) == 0, program.output
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
    tray_host: FakeTrayHost,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
    home: Path,
    number: int,
) -> None:
    assert gnome_keyring.is_locked() is False
    add_account(start_program, wechat)
    lines = history_lines(home)
    wechat.faults.add(Fault(FaultKind.HANG, seconds=60), times=10)
    program = start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)
    with tray_host.wait_for_item() as item:
        before = wechat.rules.call_counts.total()
        item.click_menu_item("Refresh now")
        wait_until(lambda: "refreshing" in item.tooltip or wechat.rules.call_counts.total() > before, "the call")
        time.sleep(0.5)
    assert seconds_to_end(program, number) < PROMISED_S
    assert program.output == ""
    assert history_lines(home) == lines + 1  # nothing is lost, and the answer that nobody heard is noted


def test_gone_in_time_while_the_keyring_hangs(
    start_program: StartProgram, tray_host: FakeTrayHost, gnome_keyring: GnomeKeyring, wechat: SandboxServer
) -> None:
    add_account(start_program, wechat, "--no-check")
    gnome_keyring.freeze()
    program = start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)
    with tray_host.wait_for_item() as item:
        wait_until(item.labels, "the menu while the keyring hangs")
        time.sleep(1)  # the look-up is under way
    assert seconds_to_end(program) < PROMISED_S
    assert program.output == ""
    gnome_keyring.thaw()


def test_a_locked_keyring_is_a_state_and_unlocking_it_is_enough(
    start_program: StartProgram, tray_host: FakeTrayHost, gnome_keyring: GnomeKeyring, wechat: SandboxServer
) -> None:
    add_account(start_program, wechat, "--no-check")
    gnome_keyring.lock()
    start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)
    with tray_host.wait_for_item() as item:
        wait_until(lambda: "keyring" in item.tooltip.lower(), "the keyring in the tooltip", timeout_s=20)
        gnome_keyring.unlock()
        item.click_menu_item("Refresh now")
        wait_until(lambda: item.labels()[0].startswith("2 of 2 fresh"), "fresh keys", timeout_s=20)


def test_a_second_start_shows_the_window_and_quit_ends_the_first(
    start_program: StartProgram,
    screen: Screen,
    tray_host: FakeTrayHost,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
) -> None:
    assert gnome_keyring.is_locked() is False
    add_account(start_program, wechat)
    first = start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)
    with tray_host.wait_for_item():
        assert not screen.windows("Guard Dog")
        second = start_program(script_path("guarddog-gui"))
        assert second.wait_for_exit() == 0
        wait_until(lambda: screen.windows("Guard Dog"), "the window of the first")
        third = start_program(script_path("guarddog-gui"), "--quit")
        assert third.wait_for_exit() == 0
        assert first.wait_for_exit(timeout_s=5) == 0
    assert first.output == second.output == third.output == ""


def test_the_tray_takes_up_an_account_that_the_command_line_adds(
    start_program: StartProgram, tray_host: FakeTrayHost, gnome_keyring: GnomeKeyring, wechat: SandboxServer
) -> None:
    assert gnome_keyring.is_locked() is False
    start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)
    with tray_host.wait_for_item() as item:
        add_account(start_program, wechat)
        wait_until(lambda: item.labels()[0].startswith("2 of 2 fresh"), "the account", timeout_s=15)
