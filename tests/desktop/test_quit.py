"""Quitting and starting again: while a request hangs, while the keyring hangs, by signal, by a second start."""

import signal
import time
from pathlib import Path

import pytest

from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from tests.desktop.gnome_keyring import GnomeKeyring
from tests.desktop.guarddog_program import StartProgram, add_account, history_row_count
from tests.desktop.processes import wait_until
from tests.desktop.program_process import ProgramProcess, script_path
from tests.desktop.screen import Screen
from tests.desktop.tray_host import FakeTrayHost

EXIT_TIMEOUT_S = 3.0


def seconds_to_exit(program: ProgramProcess, number: int = signal.SIGTERM) -> float:
    started_at = time.monotonic()
    program.send_signal(number)
    assert program.wait_for_exit(timeout_s=10) == 0, program.output
    return time.monotonic() - started_at


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_exits_in_time_and_silently_while_a_request_hangs(
    start_program: StartProgram,
    tray_host: FakeTrayHost,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
    guarddog_home: Path,
    number: int,
) -> None:
    assert gnome_keyring.is_locked() is False
    add_account(start_program, wechat)
    row_count = history_row_count(guarddog_home)
    wechat.faults.add(Fault(FaultKind.HANG, seconds=60), times=10)
    program = start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)
    with tray_host.wait_for_item() as item:
        before = wechat.rules.call_counts.total()
        item.click_menu_item("Refresh now")
        wait_until(lambda: "refreshing" in item.tooltip or wechat.rules.call_counts.total() > before, "the call")
        time.sleep(0.5)
    assert seconds_to_exit(program, number) < EXIT_TIMEOUT_S
    assert program.output == ""
    assert (
        history_row_count(guarddog_home) == row_count + 1
    )  # no row is lost, and the call without an answer is recorded


def test_it_exits_in_time_while_the_keyring_hangs(
    start_program: StartProgram, tray_host: FakeTrayHost, gnome_keyring: GnomeKeyring, wechat: SandboxServer
) -> None:
    add_account(start_program, wechat, "--no-check")
    gnome_keyring.freeze()
    program = start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)
    with tray_host.wait_for_item() as item:
        wait_until(item.labels, "the menu while the keyring hangs")
        time.sleep(1)  # the lookup is running
    assert seconds_to_exit(program) < EXIT_TIMEOUT_S
    assert program.output == ""
    gnome_keyring.thaw()


def test_a_locked_keyring_is_shown_and_works_once_unlocked(
    start_program: StartProgram, tray_host: FakeTrayHost, gnome_keyring: GnomeKeyring, wechat: SandboxServer
) -> None:
    add_account(start_program, wechat, "--no-check")
    gnome_keyring.lock()
    start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)
    with tray_host.wait_for_item() as item:
        wait_until(lambda: "keyring" in item.tooltip.lower(), "the keyring in the tooltip", timeout_s=20)
        gnome_keyring.unlock()
        item.click_menu_item("Refresh now")
        wait_until(lambda: item.headline.startswith("2 of 2 usable"), "fresh keys", timeout_s=20)


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


def test_the_tray_shows_an_account_that_the_command_line_adds(
    start_program: StartProgram, tray_host: FakeTrayHost, gnome_keyring: GnomeKeyring, wechat: SandboxServer
) -> None:
    assert gnome_keyring.is_locked() is False
    start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)
    with tray_host.wait_for_item() as item:
        add_account(start_program, wechat)
        wait_until(lambda: item.headline.startswith("2 of 2 usable"), "the account", timeout_s=15)
