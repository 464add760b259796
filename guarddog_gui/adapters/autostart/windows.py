"""Autostart on Windows: a value of the registry's Run key, and the Task Manager's switch for that value."""

import re
import sys
from contextlib import AbstractContextManager, suppress
from typing import Protocol

from guarddog_gui.adapters.files.paths import translate_os_errors
from guarddog_gui.domain.errors import InternalError

RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
STARTUP_APPROVED_KEY = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"

_FIRST_ARGUMENT = re.compile(r'"([^"]*)"|(.+?\.exe)(?=\s|$)|(\S+)', re.IGNORECASE)


class Registry(Protocol):
    """Values below HKEY_CURRENT_USER. All methods raise FileError."""

    def read(self, key: str, name: str) -> str | bytes | None: ...

    def write(self, key: str, name: str, value: str) -> None: ...

    def delete(self, key: str, name: str) -> None:
        """Delete a value if it exists."""


class RunKey:
    """AutostartEntry in one value of the Run key. All methods raise FileError."""

    def __init__(self, registry: Registry, name: str) -> None:
        self._registry = registry
        self._name = name

    def read_program(self) -> str | None:
        """Return the program in the value's command line; None without a value."""
        command = self._registry.read(RUN_KEY, self._name)
        return program_from_command_line(command) if isinstance(command, str) else None

    def is_disabled(self) -> bool:
        approved = self._registry.read(STARTUP_APPROVED_KEY, self._name)
        # Undocumented, but stable since Windows 8: twelve bytes, the first one odd if the entry is disabled;
        # the time of that follows. An even first byte or a missing value means enabled.
        return isinstance(approved, bytes) and bool(approved) and approved[0] % 2 == 1

    def write(self, program: str) -> None:
        """Write the value and remove the Task Manager's switch, which enables it."""
        self._registry.write(RUN_KEY, self._name, f'"{program}"')
        self._registry.delete(STARTUP_APPROVED_KEY, self._name)

    def remove(self) -> None:
        self._registry.delete(RUN_KEY, self._name)
        self._registry.delete(STARTUP_APPROVED_KEY, self._name)


def program_from_command_line(command: str) -> str | None:
    """Return the program of a command line, quoted or not; None if it is empty.

    Other programs write paths with spaces unquoted, so an unquoted program ends at the first `.exe`.
    """
    match = _FIRST_ARGUMENT.match(command.strip())
    return next((word for word in match.groups() if word), None) if match else None


if sys.platform == "win32":
    import winreg

    _ROOT = winreg.HKEY_CURRENT_USER

    def _translate_errors(key: str) -> AbstractContextManager[None]:
        return translate_os_errors(rf"HKEY_CURRENT_USER\{key}")

    class _CurrentUserRegistry:
        def read(self, key: str, name: str) -> str | bytes | None:
            value = None
            with _translate_errors(key), suppress(FileNotFoundError), winreg.OpenKey(_ROOT, key) as opened:
                value = winreg.QueryValueEx(opened, name)[0]
            return value if isinstance(value, str | bytes) else None

        def write(self, key: str, name: str, value: str) -> None:
            with _translate_errors(key), winreg.CreateKey(_ROOT, key) as opened:
                winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value)

        def delete(self, key: str, name: str) -> None:
            access = winreg.KEY_SET_VALUE
            with _translate_errors(key), suppress(FileNotFoundError), winreg.OpenKey(_ROOT, key, 0, access) as opened:
                winreg.DeleteValue(opened, name)

    def current_user_registry() -> Registry:
        return _CurrentUserRegistry()

else:

    def current_user_registry() -> Registry:
        raise InternalError("only Windows has a registry")
