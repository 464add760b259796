"""Keyring backend for servers: secrets in files that systemd or a container engine provides, read only.

`LoadCredential=` and `LoadCredentialEncrypted=` of systemd put them into `$CREDENTIALS_DIRECTORY`, which only this
service can read (https://systemd.io/CREDENTIALS/); Docker, Podman and Kubernetes mount them, usually at `/run/secrets`.
"""

import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError, PasswordSetError

from guarddog_gui.adapters.files.atomic import read_file

FOLDER_VARIABLE = "CREDENTIALS_DIRECTORY"
DEFAULT_FOLDER = "/run/secrets"
FILE_SIZE_MAX = 10_000  # bytes


class ReadOnlyKeyring(PasswordSetError, PasswordDeleteError):
    """A secret cannot be stored or deleted: files are provided from outside."""


class CredentialFiles(KeyringBackend):
    """Keyring with one file per secret: `guarddog.<appid>.appsecret` for service `guarddog:<appid>`, user `appsecret`.

    It is used only if PYTHON_KEYRING_BACKEND names it: nothing is found by chance.
    """

    priority = -1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # of keyring

    @property
    def folder(self) -> Path:
        return Path(os.environ.get(FOLDER_VARIABLE) or DEFAULT_FOLDER)

    def get_password(self, service: str, username: str) -> str | None:
        """Return the content of the file without the newline at its end; None if there is no such file.

        Raises FileError for a file that cannot be read.
        """
        name = f"{service.replace(':', '.')}.{username}"
        if "/" in name:
            return None
        data = read_file(self.folder / name, FILE_SIZE_MAX, follow_symlinks=True)  # Kubernetes mounts links
        return None if data is None else data.decode("utf-8", "replace").rstrip("\r\n") or None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Do nothing if the secret is there already. Raises ReadOnlyKeyring else."""
        if self.get_password(service, username) != password:
            raise ReadOnlyKeyring

    def delete_password(self, service: str, username: str) -> None:
        """Do nothing if there is no such secret. Raises ReadOnlyKeyring else."""
        if self.get_password(service, username) is not None:
            raise ReadOnlyKeyring
