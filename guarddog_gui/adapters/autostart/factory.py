"""Autostart: start Guard Dog at login, by the mechanism of the platform."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from guarddog_gui.adapters.autostart.entry_files import DesktopFile, LaunchAgent
from guarddog_gui.adapters.autostart.portal import PortalAutostart
from guarddog_gui.adapters.windows.registry import current_user_registry
from guarddog_gui.adapters.windows.run_key import RunKey
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.settings import AutostartState

RUN_KEY_VALUE_NAME = "Guard Dog"
SCRIPT_NAME = "guarddog-gui"


AutostartEntry = DesktopFile | LaunchAgent | PortalAutostart | RunKey


class Autostart:
    """Start of Guard Dog at login: its state, and the switch."""

    def __init__(
        self, environ: Mapping[str, str], program: Path | None, *, app_id: str, platform: str = sys.platform
    ) -> None:
        """Choose the mechanism of the platform. `program` is the result of `find_installed_program`."""
        self._program = None if program is None else os.fspath(program)
        self._entry = _make_entry(environ, app_id, platform, self._program or "")

    def state(self) -> AutostartState:
        """Return the current state; never raises. An entry whose program no longer exists counts as off."""
        if self._entry is None or self._program is None:
            return AutostartState.UNSUPPORTED
        try:
            program = self._entry.read_program()
            if program is None or self._entry.is_disabled():
                return AutostartState.OFF
        except FileError:
            return AutostartState.UNSUPPORTED
        if os.path.normcase(program) == os.path.normcase(self._program):
            return AutostartState.ON
        return AutostartState.OTHER_INSTALLATION if _exists(program) else AutostartState.OFF

    def enable(self) -> None:
        """Start this installation at login from now on, and no other one. Raises FileError."""
        if self._entry is not None and self._program is not None:
            self._entry.write(self._program)

    def disable(self) -> None:
        """Remove the entry, even if it starts another installation. Raises FileError."""
        if self._entry is not None:
            self._entry.remove()

    def repair(self) -> bool:
        """Point an enabled entry whose program no longer exists to this installation; return True if done.

        A moved or updated installation (an AppImage, say) would otherwise stop starting at login. Raises FileError.
        """
        if self._entry is None or self._program is None:
            return False
        program = self._entry.read_program()
        if program is None or _exists(program) or self._entry.is_disabled():
            return False
        self._entry.write(self._program)
        return True


def _exists(program: str) -> bool:
    """Return False also if the user has no access, because the session could not start it either."""
    try:
        return Path(program).exists()
    except OSError:
        return False


def find_installed_program(environ: Mapping[str, str], argv0: str) -> Path | None:
    """Return the program that starts this very installation; None if it cannot be started at login.

    `argv0` is the first element of the process's command line. In an AppImage the program is the image
    itself, because its content is mounted at another path each time.
    """
    running = Path(sys.executable) if getattr(sys, "frozen", False) else _find_script(argv0)
    if running is None:
        return None
    mount, image = environ.get("APPDIR"), environ.get("APPIMAGE")
    # the path is checked, because programs started by some other AppImage inherit its variables
    if mount and image and running.is_relative_to(mount):
        running = Path(image)
    # macOS runs a downloaded program from a random path until the user moves it (App Translocation)
    return None if "AppTranslocation" in running.parts or not running.is_file() else running


def _find_script(argv0: str) -> Path | None:
    started = shutil.which(argv0)
    if started is not None and Path(started).stem == SCRIPT_NAME:
        return Path(started).absolute()
    # started as `python -m guarddog_gui`: the script is next to the interpreter
    script = shutil.which(SCRIPT_NAME, path=os.fspath(Path(sys.executable).parent))
    return None if script is None else Path(script)


def _make_entry(environ: Mapping[str, str], app_id: str, platform: str, program: str) -> AutostartEntry | None:
    if platform == "win32":
        return RunKey(current_user_registry(), RUN_KEY_VALUE_NAME)
    home = environ.get("HOME", "")
    if not Path(home).is_absolute():
        return None
    if platform == "darwin":
        return LaunchAgent(Path(home) / "Library" / "LaunchAgents", app_id)
    if environ.get("FLATPAK_ID"):  # the desktop does not read files that are written inside the sandbox
        # the folder of the desktop, which the manifest lets the sandbox read
        host_config = Path(environ.get("HOST_XDG_CONFIG_HOME") or Path(home) / ".config")
        return PortalAutostart(DesktopFile(host_config / "autostart", app_id), program)
    if environ.get("SNAP"):
        return None
    config = environ.get("XDG_CONFIG_HOME", "")
    folder = Path(config) if Path(config).is_absolute() else Path(home) / ".config"
    return DesktopFile(folder / "autostart", app_id)
