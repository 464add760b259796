"""Autostart on macOS: a launch agent of the user."""

import plistlib
from pathlib import Path
from typing import Any

from guarddog_gui.adapters.files.atomic import atomic_write, read_file
from guarddog_gui.adapters.files.errors import translate_os_errors
from guarddog_gui.adapters.files.paths import create_private_folder

PLIST_SIZE_MAX = 100_000


class LaunchAgent:
    """AutostartEntry in `~/Library/LaunchAgents/<app-id>.plist`, which launchd reads at every login."""

    def __init__(self, folder: Path, app_id: str) -> None:
        self._path = folder / f"{app_id}.plist"
        self._app_id = app_id

    def read_program(self) -> str | None:
        """Return the first of ProgramArguments; None without a file or without one. Raises FileError."""
        arguments = self._read_fields().get("ProgramArguments")
        if isinstance(arguments, list) and arguments and isinstance(arguments[0], str):
            return arguments[0]
        return None

    def is_disabled(self) -> bool:
        """Return True if the key Disabled is set. Raises FileError."""
        return self._read_fields().get("Disabled") is True

    def write(self, program: str) -> None:
        """Write the agent, replacing an existing one; it takes effect at the next login. Raises FileError."""
        create_private_folder(self._path.parent)
        atomic_write(self._path, launch_agent_plist(program, self._app_id))

    def remove(self) -> None:
        """Delete the file if it exists. Raises FileError."""
        with translate_os_errors(self._path):
            self._path.unlink(missing_ok=True)

    def _read_fields(self) -> dict[str, Any]:
        data = read_file(self._path, PLIST_SIZE_MAX, follow_symlinks=True)
        try:
            fields = plistlib.loads(data) if data else {}
        except Exception:  # noqa: BLE001 - plistlib raises exceptions of several parsers
            return {}
        return fields if isinstance(fields, dict) else {}


def launch_agent_plist(program: str, app_id: str) -> bytes:
    """Return the property list. KeepAlive is not set: launchd would restart the program after Quit."""
    return plistlib.dumps(
        {
            "Label": app_id,
            "ProgramArguments": [program],
            "RunAtLoad": True,
            "ProcessType": "Interactive",
            "AssociatedBundleIdentifiers": [app_id],  # the system's settings show the name of this bundle
        }
    )
