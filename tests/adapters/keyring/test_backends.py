"""Finding the keyring backends of the machine, and the check for an open unlock prompt."""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from guarddog_gui.adapters.keyring.backends import KeyringBackends, is_prompt_open
from guarddog_gui.adapters.keyring.store import KeyringSecretStore
from guarddog_gui.domain.accounts.keyring_results import KeyringFailure, KeyringIsDown, NotPersisted, SecretMissing
from tests.adapters.secret_store_contract import APPID, SECRET


def names_of(backends: tuple[KeyringBackend, ...]) -> list[str]:
    return [f"{type(backend).__module__}.{type(backend).__name__}" for backend in backends]


def test_a_backend_in_the_environment_is_the_only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    backends = KeyringBackends()
    assert names_of(backends.in_priority_order()) == ["keyring.backends.null.Keyring"]
    assert backends.in_priority_order()[0] is backends.in_priority_order()[0]
    store = KeyringSecretStore(deadline_s=20)
    assert store.set(APPID, SECRET) == NotPersisted()
    assert store.get(APPID) == SecretMissing()


def test_a_backend_in_keyringrc_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "python_keyring"
    folder.mkdir()
    (folder / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=keyring.backends.null.Keyring")
    assert names_of(KeyringBackends().in_priority_order()) == ["keyring.backends.null.Keyring"]


@pytest.mark.parametrize("choice", ["no.such.Backend", "keyring.backends.SecretService.Keyring", "", "x"])
def test_a_configured_backend_that_does_not_work_is_a_failure(choice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", choice)
    assert isinstance(KeyringSecretStore(deadline_s=20).get(APPID), KeyringIsDown)


@pytest.mark.parametrize("choice", ["no.such.Backend", "keyring.backends.null.NoSuchKeyring"])
def test_a_configured_backend_that_does_not_exist_is_named_as_the_cause(
    choice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", choice)
    assert KeyringSecretStore(deadline_s=20).get(APPID) == KeyringIsDown(KeyringFailure.NOT_LOADED)


def test_without_a_bus_and_a_configured_backend_there_is_no_keyring(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert KeyringSecretStore(deadline_s=20).get(APPID) == KeyringIsDown("no keyring answers")


# --- the check for an open prompt


@pytest.mark.only_on("linux")
@pytest.mark.parametrize("address", ["disabled:", "", "nonsense", "unix:path=/nowhere/bus"])
def test_without_a_bus_no_prompt_is_open(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert not is_prompt_open(5.0)


@pytest.mark.only_on("linux")
def test_a_bus_that_hangs_is_left_at_the_deadline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "bus"))
        listener.listen()  # accepts no connection
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
        started = time.monotonic()
        assert not is_prompt_open(0.3)
    assert time.monotonic() - started < 2


@pytest.mark.only_on("darwin", "win32")
def test_a_call_that_blocks_has_a_prompt_open_on_macos_only() -> None:
    assert is_prompt_open(0.1) is (sys.platform == "darwin")
