"""Search for libraries of the system that Qt needs and that are missing, without loading Qt."""

import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from guarddog_gui.domain.health.system_packages import Distribution, parse_missing_libraries, parse_os_release

_LIBRARIES = ("libQt6Widgets.so.6", "libQt6DBus.so.6", "libQt6Network.so.6", "libQt6Svg.so.6")
_COMMAND = ("ldd",)
_OS_RELEASE = (Path("/etc/os-release"), Path("/usr/lib/os-release"))


def find_missing_libraries(environ: Mapping[str, str], *, timeout_s: float = 4.0) -> tuple[str, ...]:
    """Return what Qt's libraries, and its plugin for this session, need and the dynamic linker does not find.

    Empty where that cannot be found out: on other systems than Linux, without `ldd`, with a Qt of the distribution.
    """
    folder = _qt_folder()
    if not sys.platform.startswith("linux") or folder is None:
        return ()
    plugin = "libqwayland*.so" if environ.get("WAYLAND_DISPLAY") and not environ.get("DISPLAY") else "libqxcb.so"
    files = [folder / "lib" / name for name in _LIBRARIES] + sorted((folder / "plugins" / "platforms").glob(plugin))
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments
            (*_COMMAND, *(str(file) for file in files if file.exists())),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    missing = parse_missing_libraries(done.stdout.decode("utf-8", "replace"))
    return tuple(name for name in missing if not name.startswith("libQt6"))


def _qt_folder() -> Path | None:
    """Return the folder with `lib` and `plugins` of the installed or frozen PySide6."""
    try:
        spec = find_spec("PySide6")
    except (ImportError, ValueError):
        return None
    places = spec.submodule_search_locations if spec is not None else None
    return Path(next(iter(places))) / "Qt" if places else None


def read_distribution() -> Distribution:
    for path in _OS_RELEASE:
        try:
            return parse_os_release(path.read_text("utf-8", "replace"))
        except OSError:
            continue
    return Distribution.OTHER
