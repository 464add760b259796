"""Search for libraries of the system that Qt needs and that are missing, without loading Qt."""

import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
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
    deadline = time.monotonic() + timeout_s
    missing = _run_linker(files, deadline)
    if bundle := getattr(sys, "_MEIPASS", None):
        # ldd does not know the folder of a frozen build, which is only in the environment of the program itself
        bundled = {name: Path(bundle, name) for name in missing if Path(bundle, name).exists()}
        missing = (*missing, *_run_linker(bundled.values(), deadline)) if bundled else missing
        missing = tuple(dict.fromkeys(name for name in missing if not Path(bundle, name).exists()))
    return tuple(name for name in missing if not name.startswith("libQt6"))


def _run_linker(files: Iterable[Path], deadline_monotonic_s: float) -> tuple[str, ...]:
    """Return the libraries that `ldd` does not find for these files; none without its answer."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments
            (*_COMMAND, *(str(file) for file in files if file.exists())),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=max(0.0, deadline_monotonic_s - time.monotonic()),
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return parse_missing_libraries(done.stdout.decode("utf-8", "replace"))


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
