"""An account goes in through the dialog, its secret into a real keyring, and a restart finds it fresh."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.sandbox.server import SandboxServer
from tests.desktop.conftest import StartProgram
from tests.desktop.gnome_keyring import GnomeKeyring
from tests.desktop.processes import wait_until
from tests.desktop.program_process import ProgramProcess, script_path
from tests.desktop.screen import Screen
from tests.desktop.tray_host import FakeTrayHost


@pytest.fixture
def wechat() -> Iterator[SandboxServer]:
    with SandboxServer(time.time) as server:
        yield server


@pytest.fixture
def home(session_environment: dict[str, str]) -> Path:
    return Path(session_environment["GUARDDOG_HOME"])


def start(start_program: StartProgram, wechat: SandboxServer) -> ProgramProcess:
    return start_program(script_path("guarddog-gui"), GUARDDOG_API_BASE=wechat.base_url)


def type_account(screen: Screen, wechat: SandboxServer, *, secret: str | None = None) -> None:
    """What a person does with the keyboard alone: open the dialog, fill it in, press Enter."""
    shop = wechat.accounts[0]
    wait_until(lambda: screen.windows("Guard Dog"), "the first-run page", timeout_s=15)
    screen.xdotool("key", "ctrl+n")
    wait_until(lambda: screen.windows("Add account"), "the dialog")
    for text in ("Shop A", shop.appid, secret or shop.secret):
        screen.xdotool("type", "--delay", "2", text)
        screen.xdotool("key", "Tab")
    screen.xdotool("key", "Return")


def dog(home: Path, appid: str, key: str) -> dict[str, object] | None:
    file = home / "data" / "dogs" / appid / f"{key}.dog"
    if not file.exists():
        return None
    fields: dict[str, object] = json.loads(file.read_text("utf-8"))
    return fields


def test_an_added_account_is_fresh_after_a_restart(
    start_program: StartProgram,
    screen: Screen,
    tray_host: FakeTrayHost,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
    home: Path,
) -> None:
    assert gnome_keyring.is_locked() is False
    shop = wechat.accounts[0]
    program = start(start_program, wechat)
    type_account(screen, wechat)
    wait_until(lambda: dog(home, shop.appid, "JSAPI_TICKET"), "both files", timeout_s=20)
    token = dog(home, shop.appid, "ACCESS_TOKEN")
    assert program.stop() == 0

    calls = wechat.rules.call_counts.total()
    start(start_program, wechat)
    with tray_host.wait_for_item() as item:
        wait_until(lambda: item.labels()[0].startswith("2 of 2 fresh"), "two fresh keys")
        item.click_menu_item("Copy access_token")
        assert token is not None
        wait_until(lambda: screen.clipboard() == token["data"], "the token of before the restart")
        # the file is enough: neither the network nor the keyring was needed
        assert wechat.rules.call_counts.total() == calls
        item.click_menu_item("Refresh now")
        wait_until(lambda: wechat.rules.call_counts.total() > calls, "a call with the secret from the keyring")
        wait_until(lambda: item.labels()[0].startswith("2 of 2 fresh"), "two fresh keys")
    secret = shop.secret
    kept = [path for path in home.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    assert kept == []


def test_a_wrong_secret_is_said_in_words_and_nothing_is_saved(
    start_program: StartProgram,
    screen: Screen,
    tray_host: FakeTrayHost,
    gnome_keyring: GnomeKeyring,
    wechat: SandboxServer,
    home: Path,
) -> None:
    start(start_program, wechat)
    type_account(screen, wechat, secret="0" * 32)
    wait_until(wechat.rules.call_counts.total, "the check")
    wait_until(lambda: screen.windows("Add account"), "the dialog to stay")
    time.sleep(0.5)
    assert not (home / "config" / "accounts.json").exists()
    assert gnome_keyring.is_locked() is False
    assert tray_host.registered
