"""Start with a Windows session: a value of the Run key, and the switch that the Task Manager keeps for it."""

import re
import sys
from typing import Protocol

from guarddog_gui.adapters.files.errors import to_file_error
from guarddog_gui.domain.errors import InternalError

RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
STARTUP_APPROVED_KEY = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"

_FIRST_ARGUMENT = re.compile(r'"([^"]*)"|(.+?\.exe)(?=\s|$)|(\S+)', re.IGNORECASE)


class Registry(Protocol):
    """The values of this person's part of the registry. All raise FileTrouble."""

    def read(self, key: str, name: str) -> str | bytes | None: ...

    def write(self, key: str, name: str, value: str) -> None: ...

    def delete(self, key: str, name: str) -> None:
        """Nothing happens if it is not there."""


class RunKey:
    """One value of the Run key."""

    def __init__(self, registry: Registry, name: str) -> None:
        self._registry = registry
        self._name = name

    def read_program(self) -> str | None:
        """Raises FileTrouble."""
        command = self._registry.read(RUN_KEY, self._name)
        return program_from_command_line(command) if isinstance(command, str) else None

    def is_disabled(self) -> bool:
        """Raises FileTrouble."""
        approved = self._registry.read(STARTUP_APPROVED_KEY, self._name)
        # an odd first byte, and when it was done behind it; even or nothing at all means on
        return isinstance(approved, bytes) and bool(approved) and approved[0] % 2 == 1

    def write(self, program: str) -> None:
        """Raises FileTrouble."""
        self._registry.write(RUN_KEY, self._name, f'"{program}"')
        self._registry.delete(STARTUP_APPROVED_KEY, self._name)

    def remove(self) -> None:
        """Raises FileTrouble."""
        self._registry.delete(RUN_KEY, self._name)
        self._registry.delete(STARTUP_APPROVED_KEY, self._name)


def program_from_command_line(command: str) -> str | None:
    """The program of a command line, quoted or not; None of an empty one."""
    match = _FIRST_ARGUMENT.match(command.strip())
    return next((word for word in match.groups() if word), None) if match else None


if sys.platform == "win32":
    import winreg

    class _CurrentUserRegistry:
        def read(self, key: str, name: str) -> str | bytes | None:
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                    value = winreg.QueryValueEx(opened, name)[0]
            except FileNotFoundError:
                return None
            except OSError as error:
                raise to_file_error(rf"HKEY_CURRENT_USER\{key}", error) from error
            return value if isinstance(value, str | bytes) else None

        def write(self, key: str, name: str, value: str) -> None:
            try:
                with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
                    winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value)
            except OSError as error:
                raise to_file_error(rf"HKEY_CURRENT_USER\{key}", error) from error

        def delete(self, key: str, name: str) -> None:
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_SET_VALUE) as opened:
                    winreg.DeleteValue(opened, name)
            except FileNotFoundError:
                return
            except OSError as error:
                raise to_file_error(rf"HKEY_CURRENT_USER\{key}", error) from error

    def current_user_registry() -> Registry:
        """HKEY_CURRENT_USER."""
        return _CurrentUserRegistry()

else:

    def current_user_registry() -> Registry:
        """Only Windows has one."""
        raise InternalError("only Windows has a registry")
