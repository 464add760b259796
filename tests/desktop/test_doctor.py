"""The tray, the keyring and the clipboard of Wayland as `doctor` sees them, on a real bus."""

import json
import os
import subprocess
import time

from guarddog_gui.adapters.health.clipboard import check_clipboard
from guarddog_gui.adapters.health.session import check_tray
from guarddog_gui.domain.health.results import ClipboardProbeResult, TrayProbeResult
from tests.cli.subprocess_cli import GUARDDOGCTL
from tests.desktop.bus_service import BusClient
from tests.desktop.gnome_keyring import GnomeKeyring
from tests.desktop.tray_host import FakeTrayHost
from tests.desktop.wayland_screen import private_wayland_screen

DESKTOP = {"WAYLAND_DISPLAY": "wayland-0"}
NOWHERE = {"GUARDDOG_API_BASE": "http://127.0.0.1:9", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
PROMPTER = "org.gnome.keyring.SystemPrompter"


def test_a_panel_is_detected_while_it_runs(private_bus: str) -> None:
    assert check_tray(DESKTOP, address=private_bus) is TrayProbeResult.NO_HOST
    with FakeTrayHost(private_bus) as host:
        assert check_tray(DESKTOP, address=private_bus) is TrayProbeResult.HOST
        host.stop()
        assert check_tray(DESKTOP, address=private_bus) is TrayProbeResult.NO_HOST


def test_a_real_keyring_open_and_locked(gnome_keyring: GnomeKeyring, session_environment: dict[str, str]) -> None:
    def keyring() -> tuple[str, str]:
        result = subprocess.run(
            [GUARDDOGCTL, "doctor", "--json"],
            env={**session_environment, **NOWHERE}, capture_output=True, check=False,
        )  # fmt: skip
        check = next(check for check in json.loads(result.stdout) if check["check"] == "keyring")
        return check["state"], check["what"]

    state, text = keyring()
    assert state == "ok"
    assert "SecretService" in text

    gnome_keyring.lock()
    started_at = time.monotonic()
    state, text = keyring()
    assert (state, time.monotonic() - started_at < 4) == ("bad", True), "no prompt, so no wait for an answer"
    assert text.startswith("The keyring is locked.")
    client = BusClient(gnome_keyring.bus)
    assert not client.has_owner(PROMPTER)
    client.close()


def test_the_clipboard_of_a_real_compositor_is_known_without_qt(session_environment: dict[str, str]) -> None:
    with private_wayland_screen() as screen:
        assert check_clipboard(screen.environment) is ClipboardProbeResult.DATA_CONTROL
        result = subprocess.run(
            [GUARDDOGCTL, "doctor", "--json"],
            env={**session_environment, **NOWHERE, **screen.environment, "GUARDDOG_LANG": "en"},
            capture_output=True, check=False,
        )  # fmt: skip
        check = next(check for check in json.loads(result.stdout) if check["check"] == "clipboard")
    assert (check["state"], "with data-control" in check["what"]) == ("ok", True)
    assert check_clipboard(screen.environment) is ClipboardProbeResult.NOT_ANSWERING
