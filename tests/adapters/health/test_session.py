"""Checks of the desktop's session: keyrings and their failures without reading a secret, and tray icons."""

import socket
import tempfile
import time
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringLocked

from guarddog_gui.adapters.health.session import check_keyring, check_tray
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted
from guarddog_gui.domain.health.results import KeyringProbeResult, TrayProbeResult
from tests.adapters.fake_keyring import BlockingEffect, FakeKeyring, raise_error

LINUX = pytest.mark.only_on("linux")
DESKTOP = {"DISPLAY": ":0"}


@LINUX
def test_without_a_desktop_the_bus_is_not_asked() -> None:
    assert check_tray({}, address="unix:path=/nowhere") is TrayProbeResult.NO_DESKTOP


@LINUX
@pytest.mark.parametrize("address", ["disabled:", "unix:path=/nowhere", "", "SESSION"])
def test_a_desktop_without_a_bus(address: str) -> None:
    assert check_tray(DESKTOP, address=address) is TrayProbeResult.NO_BUS


@LINUX
def test_a_bus_that_hangs_is_left_at_the_deadline() -> None:
    with tempfile.TemporaryDirectory(prefix="gd-") as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(Path(folder, "bus")))
        listener.listen()  # accepts no connection
        started = time.monotonic()

        result = check_tray(DESKTOP, address=f"unix:path={folder}/bus", timeout_s=0.3)
    assert result is TrayProbeResult.NOT_ANSWERING
    assert time.monotonic() - started < 2


NAMES = ("tests.adapters.fake_keyring.FakeKeyring",)


def check(keyring: KeyringBackend, deadline_s: float = 5.0) -> KeyringProbeResult:
    return check_keyring(lambda: (keyring,), deadline_s=deadline_s)


def test_a_keyring_that_answers_is_named_and_no_secret_is_read() -> None:
    keyring = FakeKeyring()
    keyring.entries["guarddog:wx1", "appsecret"] = "0123456789abcdef0123456789abcdef"

    assert check(keyring) == KeyringProbeResult(NAMES)
    assert keyring.call_count == 1
    assert "0123" not in repr(check(keyring))


def test_a_locked_a_failing_and_a_missing_keyring_are_distinguished() -> None:
    locked, failing = FakeKeyring(), FakeKeyring()
    locked.side_effects = [raise_error(KeyringLocked("shh"))]
    failing.side_effects = [raise_error(OSError(5, "secret words"))]

    assert check(locked) == KeyringProbeResult(NAMES, KeyringIsLocked("not unlocked"))
    assert check(failing) == KeyringProbeResult(NAMES, KeyringIsDown("OSError 5"))
    assert check_keyring(lambda: ()) == KeyringProbeResult((), KeyringIsDown("no keyring answers"))


def test_a_keyring_that_hangs_is_left_at_the_deadline() -> None:
    hang, keyring = BlockingEffect(), FakeKeyring()
    keyring.side_effects = [hang]
    started = time.monotonic()

    result = check(keyring, deadline_s=0.3)

    hang.release()
    assert result == KeyringProbeResult(NAMES, KeyringIsDown("no answer"))
    assert time.monotonic() - started < 2


def test_a_keyring_that_stores_nothing_is_a_failure() -> None:
    result = check(NullKeyring())  # type: ignore[no-untyped-call]  # keyring is half typed

    assert result == KeyringProbeResult(("keyring.backends.null.Keyring",), NotPersisted())


def test_without_an_argument_the_keyrings_of_the_machine_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

    result = check_keyring()

    assert result == KeyringProbeResult(("keyring.backends.fail.Keyring",), KeyringIsDown("no keyring answers"))
