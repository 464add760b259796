"""A keyring that comes back is noticed within seconds, without a click and without polling."""

from __future__ import annotations

import time

import pytest

from guarddog_gui.adapters.keyring.availability import HANG_S, KeyringAvailability
from guarddog_gui.sandbox.server import SandboxServer
from tests.desktop.gnome_keyring import GnomeKeyring
from tests.desktop.guarddog_program import StartProgram, add_account
from tests.desktop.processes import start_process, stop_process, wait_until
from tests.desktop.program_process import script_path
from tests.desktop.test_keyring_store import PROMPTER, has_owner, require_prompter
from tests.desktop.tray_host import FakeTrayHost
from tests.desktop.tray_item import TrayItem

SOON_S = 5.0  # includes the request to WeChat and the update of the menu


def wait_for_keyring_failure(item: TrayItem) -> None:
    wait_until(lambda: "keyring" in item.tooltip.lower(), "the keyring in the tooltip", timeout_s=20)


def wait_until_fresh(item: TrayItem) -> None:
    wait_until(lambda: item.headline.startswith("2 of 2 usable"), "fresh keys", timeout_s=SOON_S)


@pytest.fixture
def wechat_with_account(
    start_program: StartProgram, gnome_keyring: GnomeKeyring, wechat: SandboxServer
) -> SandboxServer:
    assert gnome_keyring.is_locked() is False
    add_account(start_program, wechat, "--no-check")
    return wechat


def test_a_keyring_that_another_program_unlocks_is_used_at_once(
    start_program: StartProgram,
    tray_host: FakeTrayHost,
    gnome_keyring: GnomeKeyring,
    wechat_with_account: SandboxServer,
) -> None:
    gnome_keyring.lock()
    start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat_with_account.base_url)
    with tray_host.wait_for_item() as item:
        wait_for_keyring_failure(item)
        time.sleep(1)
        gnome_keyring.unlock()
        wait_until_fresh(item)


def test_a_keyring_that_is_restarted_is_used_at_once(
    start_program: StartProgram,
    tray_host: FakeTrayHost,
    gnome_keyring: GnomeKeyring,
    wechat_with_account: SandboxServer,
) -> None:
    gnome_keyring.kill()
    program = start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat_with_account.base_url)
    with tray_host.wait_for_item() as item:
        wait_for_keyring_failure(item)
        time.sleep(1)
        gnome_keyring.start()
        wait_until_fresh(item)
    assert program.stop() == 0
    assert program.output == ""


def test_a_keyring_that_is_continued_is_used_at_once(
    start_program: StartProgram,
    tray_host: FakeTrayHost,
    gnome_keyring: GnomeKeyring,
    wechat_with_account: SandboxServer,
) -> None:
    gnome_keyring.freeze()
    start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat_with_account.base_url)
    with tray_host.wait_for_item() as item:
        wait_for_keyring_failure(item)
        time.sleep(40)  # after several attempts
        gnome_keyring.thaw()
        wait_until_fresh(item)


def test_a_keyring_that_is_unlocked_elsewhere_is_used_although_our_prompt_stays_open(
    start_program: StartProgram,
    tray_host: FakeTrayHost,
    private_bus: str,
    desktop_environment: dict[str, str],
    wechat: SandboxServer,
) -> None:
    prompter = start_process([require_prompter()], desktop_environment)
    keyring = GnomeKeyring(private_bus, desktop_environment)
    try:
        wait_until(lambda: has_owner(private_bus, PROMPTER), "the prompter")
        keyring.start()
        add_account(start_program, wechat, "--no-check")
        keyring.lock()
        start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)
        with tray_host.wait_for_item() as item:
            wait_for_keyring_failure(item)
            keyring.unlock()
            wait_until_fresh(item)
    finally:
        keyring.stop()
        stop_process(prompter)


class Availability:
    """The watcher alone, with what it has reported."""

    def __init__(self, bus: str) -> None:
        self.reports: list[float] = []
        self.watcher = KeyringAvailability(lambda: self.reports.append(time.monotonic()), bus)
        self.watcher.watch()
        time.sleep(0.3)

    def wait_for_report(self) -> None:
        wait_until(lambda: self.reports, "the report", timeout_s=2)
        self.reports.clear()


def test_each_sign_is_reported_and_a_locked_keyring_is_not(gnome_keyring: GnomeKeyring) -> None:
    availability = Availability(gnome_keyring.bus)
    assert availability.reports == []  # that it is unlocked now does not explain the failure
    gnome_keyring.lock()
    time.sleep(0.3)
    assert availability.reports == []
    gnome_keyring.unlock()
    availability.wait_for_report()
    gnome_keyring.kill()
    gnome_keyring.start_locked()
    time.sleep(0.3)
    assert availability.reports == []  # an attempt would open a prompt
    gnome_keyring.unlock()
    availability.wait_for_report()
    gnome_keyring.freeze()
    availability.watcher.watch()
    time.sleep(HANG_S + 0.5)
    assert availability.reports == []
    gnome_keyring.thaw()
    availability.wait_for_report()
    availability.watcher.stop()
