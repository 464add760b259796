"""Start with the session, by whatever this platform has for it."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from guarddog_gui.adapters.autostart.linux import DesktopFile
from guarddog_gui.adapters.autostart.macos import LaunchAgent
from guarddog_gui.adapters.autostart.windows import RunKey, current_user_registry
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.settings import AutostartState

RUN_KEY_VALUE_NAME = "Guard Dog"
SCRIPT_NAME = "guarddog-gui"


class AutostartEntry(Protocol):
    """Where the platform keeps what it starts. All raise FileTrouble."""

    def read_program(self) -> str | None:
        """The program that is started; None without an entry."""

    def is_disabled(self) -> bool:
        """Whether the desktop's own settings have switched the entry off."""

    def write(self, program: str) -> None:
        """Start this program, and take back a switching off."""

    def remove(self) -> None: ...


class Autostart:
    """Whether Guard Dog starts with the session, and the switch for it."""

    def __init__(
        self, environ: Mapping[str, str], program: Path | None, *, app_id: str, platform: str = sys.platform
    ) -> None:
        """`program` is what `installed_program` found; None for an installation that cannot be started so."""
        self._program = None if program is None else os.fspath(program)
        self._entry = _make_entry(environ, app_id, platform)

    def state(self) -> AutostartState:
        """What is true now; never raises. An entry whose program is gone starts nothing: off."""
        if self._entry is None or self._program is None:
            return AutostartState.UNSUPPORTED
        try:
            program = self._entry.read_program()
            if program is None or self._entry.is_disabled():
                return AutostartState.OFF
        except FileError:
            return AutostartState.UNSUPPORTED
        if _is_same_path(program, self._program):
            return AutostartState.ON
        return AutostartState.OTHER_INSTALLATION if _exists(program) else AutostartState.OFF

    def enable(self) -> None:
        """Start this installation from the next login on, and no other one. Raises FileTrouble."""
        if self._entry is not None and self._program is not None:
            self._entry.write(self._program)

    def disable(self) -> None:
        """Start nothing any more, no other installation either. Raises FileTrouble."""
        if self._entry is not None:
            self._entry.remove()

    def repair(self) -> bool:
        """For every start: an entry that is on but whose program is gone gets ours. Raises FileTrouble."""
        if self._entry is None or self._program is None:
            return False
        program = self._entry.read_program()
        if program is None or _exists(program) or self._entry.is_disabled():
            return False
        self._entry.write(self._program)
        return True


def _exists(program: str) -> bool:
    """False, too, for what this person may not look at: a session could not start it either."""
    try:
        return Path(program).exists()
    except OSError:
        return False


def find_installed_program(environ: Mapping[str, str], argv0: str) -> Path | None:
    """What a session has to start to get this very installation; None if there is no such program.

    `argv0` is what this process was started as. An AppImage is itself the program: what is inside it is
    mounted somewhere else each time.
    """
    running = Path(sys.executable) if getattr(sys, "frozen", False) else _find_script(argv0)
    if running is None:
        return None
    mount, image = environ.get("APPDIR"), environ.get("APPIMAGE")
    # a program started from an AppImage inherits these without being in it
    if mount and image and running.is_relative_to(mount):
        running = Path(image)
    # macOS runs a freshly downloaded program from a random place until it is moved
    return None if "AppTranslocation" in running.parts or not running.is_file() else running


def _find_script(argv0: str) -> Path | None:
    found = shutil.which(argv0)
    if found is not None and Path(found).stem == SCRIPT_NAME:
        return Path(found).absolute()
    beside = shutil.which(
        SCRIPT_NAME, path=os.fspath(Path(sys.executable).parent)
    )  # `python -m guarddog_gui`
    return None if beside is None else Path(beside)


def _make_entry(environ: Mapping[str, str], app_id: str, platform: str) -> AutostartEntry | None:
    if platform == "win32":
        return RunKey(current_user_registry(), RUN_KEY_VALUE_NAME)
    home = environ.get("HOME", "")
    if not Path(home).is_absolute():
        return None
    if platform == "darwin":
        return LaunchAgent(Path(home) / "Library" / "LaunchAgents", app_id)
    if environ.get("FLATPAK_ID") or environ.get("SNAP"):
        return None  # what is written inside the sandbox is read by nobody
    config = environ.get("XDG_CONFIG_HOME", "")
    folder = Path(config) if Path(config).is_absolute() else Path(home) / ".config"
    return DesktopFile(folder / "autostart", app_id)


def _is_same_path(one: str, other: str) -> bool:
    return os.path.normcase(one) == os.path.normcase(other)
