"""Processes of this machine that have to do with Guard Dog's files, as Linux lists them in /proc.

Only names, process ids and paths are taken: arguments and environments of other programs may hold secrets.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from guarddog_gui.adapters.files.lock_holder import read_program_name
from guarddog_gui.domain.health.results import EngineProcess, OpenFile

_PROC = Path("/proc")
_TRAY_NAMES = frozenset({"guarddog-gui", "guarddog_gui.app.main"})
_CTL_NAMES = frozenset({"guarddogctl", "guarddog_gui"})
_PROGRAM_WORDS_MAX = 4  # interpreter, -m, program, and one option of the interpreter


def find_engines(proc: Path = _PROC) -> tuple[EngineProcess, ...] | None:
    """Return the other programs of this user that refresh in the background; None if this cannot be known here."""
    if sys.platform != "linux" or not proc.is_dir():
        return None
    return tuple(filter(None, (_to_engine(folder) for folder in _other_processes(proc))))


def find_open_files(folders: frozenset[str], proc: Path = _PROC) -> tuple[OpenFile, ...]:
    """Return which other processes have one of these folders or a file in it open, as far as that may be read."""
    if sys.platform != "linux":
        return ()
    found: dict[OpenFile, None] = {}
    for folder in _other_processes(proc):
        with suppress(OSError):
            for link in os.listdir(folder / "fd"):  # noqa: PTH208 - thousands of them
                path = _read_link(folder / "fd" / link)
                parent = os.path.dirname(path)  # noqa: PTH120 - a text
                if path in folders or parent in folders:
                    found[OpenFile(int(folder.name), _name_of(folder), path if path in folders else parent)] = None
    return tuple(found)


def _other_processes(proc: Path) -> Iterator[Path]:
    own = str(os.getpid())
    with suppress(OSError):
        for name in os.listdir(proc):  # noqa: PTH208 - names are what is compared
            if name.isdecimal() and name != own:
                yield proc / name


def _to_engine(folder: Path) -> EngineProcess | None:
    words = _read_words(folder / "cmdline")
    if not _is_engine(words):
        return None
    environ = dict(word.partition("=")[::2] for word in _read_words(folder / "environ"))
    if not environ:  # of another user
        return None
    config_dir, data_dir = _folders(environ)
    api_base = environ.get("GUARDDOG_API_BASE", "")
    return EngineProcess(int(folder.name), _name_of(folder), config_dir, data_dir, api_base)


def _is_engine(words: list[str]) -> bool:
    names = [os.path.basename(word) for word in words[:_PROGRAM_WORDS_MAX]]  # noqa: PTH119 - texts
    if "--sandbox" in words:  # it has a home of its own, which nobody else uses
        return False
    if not _TRAY_NAMES.isdisjoint(names):
        return {"--quit", "--version"}.isdisjoint(words)
    return not _CTL_NAMES.isdisjoint(names) and "watch" in words


def _folders(environ: Mapping[str, str]) -> tuple[str, str]:
    """Return the folders of configuration and data, as `get_app_paths` finds them in another process."""
    home = environ.get("GUARDDOG_HOME", "")
    if home:
        return os.path.join(home, "config"), os.path.join(home, "data")  # noqa: PTH118 - texts
    user_home = environ.get("HOME", "")
    config = environ.get("XDG_CONFIG_HOME", "") or os.path.join(user_home, ".config")  # noqa: PTH118 - texts
    data = environ.get("XDG_DATA_HOME", "") or os.path.join(user_home, ".local", "share")  # noqa: PTH118 - texts
    return os.path.join(config, "guarddog"), os.path.join(data, "guarddog")  # noqa: PTH118 - texts


def _read_words(path: Path) -> list[str]:
    try:
        return [word for word in os.fsdecode(path.read_bytes()).split("\0") if word]
    except OSError:  # it has ended, or belongs to another user
        return []


def _name_of(folder: Path) -> str:
    return read_program_name(folder) or "?"


def _read_link(path: Path) -> str:
    try:
        return os.readlink(path)  # noqa: PTH115 - a text
    except OSError:
        return ""
