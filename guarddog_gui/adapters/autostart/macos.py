"""Start with a macOS session: a launch agent of this person."""

import plistlib
from pathlib import Path
from typing import Any

from guarddog_gui.adapters.files.atomic import read_file, replace_file
from guarddog_gui.adapters.files.errors import troubles_of
from guarddog_gui.adapters.files.paths import private_folder

SIZE_MAX = 100_000


class LaunchAgent:
    """`<app-id>.plist` in ~/Library/LaunchAgents, which launchd reads at every login."""

    def __init__(self, folder: Path, app_id: str) -> None:
        self._path = folder / f"{app_id}.plist"
        self._app_id = app_id

    def program(self) -> str | None:
        """Raises FileTrouble."""
        arguments = self._fields().get("ProgramArguments")
        if isinstance(arguments, list) and arguments and isinstance(arguments[0], str):
            return arguments[0]
        return None

    def is_switched_off(self) -> bool:
        """Raises FileTrouble."""
        return self._fields().get("Disabled") is True

    def write(self, program: str) -> None:
        """Put a new agent in place of whatever is there; it starts at the next login. Raises FileTrouble."""
        private_folder(self._path.parent)
        replace_file(self._path, agent_for(program, self._app_id))

    def remove(self) -> None:
        """Raises FileTrouble."""
        with troubles_of(self._path):
            self._path.unlink(missing_ok=True)

    def _fields(self) -> dict[str, Any]:
        data = read_file(self._path, SIZE_MAX, follow=True)
        try:
            fields = plistlib.loads(data) if data else {}
        except Exception:  # noqa: BLE001 - plistlib lets through whatever its parsers raise
            return {}
        return fields if isinstance(fields, dict) else {}


def agent_for(program: str, app_id: str) -> bytes:
    """The property list. No KeepAlive: it would start again whenever somebody quits it."""
    return plistlib.dumps(
        {
            "Label": app_id,
            "ProgramArguments": [program],
            "RunAtLoad": True,
            "ProcessType": "Interactive",
            "AssociatedBundleIdentifiers": [app_id],  # the name that the system's settings show
        }
    )
