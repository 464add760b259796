"""Waiting for the keyring without a session bus; `tests/desktop/test_keyring_recovery.py` has a real keyring."""

import threading
from pathlib import Path

from guarddog_gui.adapters.keyring.availability import KeyringAvailability


def test_without_a_bus_nothing_is_reported_and_no_thread_stays(tmp_path: Path) -> None:
    reports: list[None] = []
    availability = KeyringAvailability(lambda: reports.append(None), f"unix:path={tmp_path}/absent")
    availability.watch()
    availability.watch()
    availability.stop()
    availability.watch()  # after the stop
    assert reports == []
    assert not [thread for thread in threading.enumerate() if thread.name == "guarddog-keyring-signals"]
