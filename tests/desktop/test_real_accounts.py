"""An account added in the dialog, with its secret in a real keyring, is fresh after a restart."""

import time
from pathlib import Path

from guarddog_gui.sandbox.server import SandboxServer
from tests.desktop.gnome_keyring import GnomeKeyring
from tests.desktop.guarddog_program import StartProgram, read_dog
from tests.desktop.processes import wait_until
from tests.desktop.program_process import ProgramProcess, script_path
from tests.desktop.screen import Screen
from tests.desktop.tray_host import FakeTrayHost


def start(start_program: StartProgram, wechat: SandboxServer) -> ProgramProcess:
    return start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)


def type_account(screen: Screen, wechat: SandboxServer, *, secret: str | None = None) -> None:
    """Add an account with the keyboard alone: open the dialog, fill it in and press Enter."""
    shop = wechat.accounts[0]
    wait_until(lambda: screen.windows("Guard Dog"), "the first-run page", timeout_s=15)
    screen.xdotool("key", "ctrl+n")
    wait_until(lambda: screen.windows("Add an account"), "the dialog")
    for text in (shop.appid, secret or shop.secret, "Shop A"):
        screen.xdotool("type", "--delay", "2", text)
        screen.xdotool("key", "Tab")
    screen.xdotool("key", "Return")


def test_an_added_account_is_fresh_after_a_restart(
    start_program: StartProgram,
    screen: Screen,
    tray_host: FakeTrayHost,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
    guarddog_home: Path,
) -> None:
    assert gnome_keyring.is_locked() is False
    shop = wechat.accounts[0]
    program = start(start_program, wechat)
    type_account(screen, wechat)
    wait_until(lambda: read_dog(guarddog_home, shop.appid, "JSAPI_TICKET"), "both files", timeout_s=20)
    token = read_dog(guarddog_home, shop.appid, "ACCESS_TOKEN")
    assert program.stop() == 0

    calls = wechat.rules.call_counts.total()
    start(start_program, wechat)
    with tray_host.wait_for_item() as item:
        item.wait_until_fresh(2)
        item.click_menu_item("Copy access_token")
        assert token is not None
        wait_until(lambda: screen.clipboard() == token["data"], "the token of before the restart")
        # The file is enough: neither the network nor the keyring is used.
        assert wechat.rules.call_counts.total() == calls
        item.click_menu_item("Refresh now")
        wait_until(lambda: wechat.rules.call_counts.total() > calls, "a call with the secret from the keyring")
        item.wait_until_fresh(2)
    secret = shop.secret
    files_with_secret = [
        path for path in guarddog_home.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()
    ]
    assert files_with_secret == []


def test_with_a_wrong_secret_the_dialog_stays_and_nothing_is_saved(
    start_program: StartProgram,
    screen: Screen,
    tray_host: FakeTrayHost,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
    guarddog_home: Path,
) -> None:
    start(start_program, wechat)
    type_account(screen, wechat, secret="0" * 32)
    wait_until(wechat.rules.call_counts.total, "the check")
    wait_until(lambda: screen.windows("Add an account"), "the dialog to stay")
    time.sleep(0.5)
    assert not (guarddog_home / "config" / "accounts.json").exists()
    assert gnome_keyring.is_locked() is False
    assert tray_host.registered
