"""A keyring backend for tests of the real program: a JSON file named by TEST_KEYRING_FILE."""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class FileKeyring(KeyringBackend):
    """Locked as long as a file `<name>.locked` lies beside it."""

    priority = 1

    @property
    def _file(self) -> Path:
        return Path(os.environ["TEST_KEYRING_FILE"])

    def _read(self) -> dict[str, str]:
        if self._file.with_suffix(".locked").exists():
            raise KeyringLocked("the file says so")
        if not self._file.exists():
            return {}
        kept: dict[str, str] = json.loads(self._file.read_text(encoding="utf-8"))
        return kept

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        fields = self._read() | {f"{service} {username}": password}
        self._write(fields)

    def delete_password(self, service: str, username: str) -> None:
        fields = self._read()
        if fields.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError(service)
        self._write(fields)

    def _write(self, fields: dict[str, str]) -> None:
        """Replace the file at once: a real keyring survives its clients being killed."""
        new = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        new.write_text(json.dumps(fields), encoding="utf-8")
        new.replace(self._file)
