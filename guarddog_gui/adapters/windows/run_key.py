"""Autostart on Windows: a value of the registry's Run key, and the Task Manager's switch for that value."""

import re

from guarddog_gui.adapters.windows.registry import Registry

RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
STARTUP_APPROVED_KEY = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"

_FIRST_ARGUMENT = re.compile(r'"([^"]*)"|(.+?\.exe)(?=\s|$)|(\S+)', re.IGNORECASE)


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
