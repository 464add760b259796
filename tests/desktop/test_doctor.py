"""The tray and the keyring as `doctor` sees them, on a real bus."""

import json
import os
import subprocess
import time

from guarddog_gui.adapters.health.session import check_tray
from guarddog_gui.domain.health.results import TrayProbeResult
from tests.cli.subprocess_cli import GUARDDOGCTL
from tests.desktop.bus_service import BusClient
from tests.desktop.gnome_keyring import GnomeKeyring
from tests.desktop.tray_host import FakeTrayHost

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
