"""Secrets in files that systemd or a container provides."""

from pathlib import Path

import pytest

from guarddog_gui.adapters.keyring.credential_files import CredentialFiles
from guarddog_gui.adapters.keyring.store import KeyringSecretStore
from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import (
    KeyringFailure,
    KeyringIsDown,
    SecretFound,
    SecretMissing,
    SecretSaved,
)
from tests.adapters.secret_store_contract import APPID, SECRET


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyringSecretStore:
    name = f"{CredentialFiles.__module__}.{CredentialFiles.__name__}"
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    return KeyringSecretStore(deadline_s=20)


def test_a_secret_is_read_from_its_file_without_the_newline(store: KeyringSecretStore, tmp_path: Path) -> None:
    assert store.get(APPID) == SecretMissing()
    (tmp_path / f"guarddog.{APPID}.appsecret").write_text(SECRET.reveal() + "\n")
    assert store.get(APPID) == SecretFound(SECRET)


def test_a_secret_that_is_there_already_counts_as_saved(store: KeyringSecretStore, tmp_path: Path) -> None:
    (tmp_path / f"guarddog.{APPID}.appsecret").write_text(SECRET.reveal())
    assert store.set(APPID, SECRET) == SecretSaved()
    assert store.set(APPID, Secret("another")) == KeyringIsDown(KeyringFailure.READ_ONLY)


def test_without_a_file_nothing_is_stored_and_nothing_has_to_be_removed(
    store: KeyringSecretStore, tmp_path: Path
) -> None:
    assert store.set(APPID, SECRET) == KeyringIsDown(KeyringFailure.READ_ONLY)
    assert store.remove(APPID) == SecretSaved()
    assert list(tmp_path.iterdir()) == []


def test_a_provided_file_cannot_be_removed(store: KeyringSecretStore, tmp_path: Path) -> None:
    file = tmp_path / f"guarddog.{APPID}.appsecret"
    file.write_text(SECRET.reveal())
    assert store.remove(APPID) == KeyringIsDown(KeyringFailure.READ_ONLY)
    assert file.exists()


def test_no_name_leads_out_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "folder"))
    (tmp_path / "folder").mkdir()
    (tmp_path / "x.appsecret").write_text("outside")
    assert CredentialFiles().get_password("../x", "appsecret") is None


def test_a_container_has_its_folder_without_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    assert str(CredentialFiles().folder) == "/run/secrets"


def test_it_is_never_found_by_chance() -> None:
    assert CredentialFiles.priority < 1
