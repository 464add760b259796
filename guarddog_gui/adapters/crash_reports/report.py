"""Text of a crash report: versions, desktop, exception and the last lines of the log, all of it redacted."""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from guarddog_gui import __version__
from guarddog_gui.adapters.crash_reports.exception_text import home_folder, user_name
from guarddog_gui.domain.redaction import redact_strictly

REPORT_SIZE_MAX = 64 * 1024  # characters
LOG_TAIL_BYTES = 16 * 1024
LOG_TAIL_LINES = 60

_HEADING = """\
Guard Dog crash report
AppSecrets, tokens, tickets and the name of the user have been removed. Look it through before you publish it.
"""


class CrashReport(Struct, frozen=True):
    """Finished report; `path` is None if no file could be written."""

    text: str
    path: Path | None = None
    is_of_earlier_run: bool = False


def make_report_text(what: str, facts: Mapping[str, str], at: float, log_file: Path) -> str:
    """Return the report about `what`, which is redacted already, at this Unix time."""
    known = {
        "time": time.strftime("%Y-%m-%d %H:%M:%S +0000", time.gmtime(at)),
        "Guard Dog": __version__,
        "Python": sys.version.split()[0],
        "Qt": _qt_version(),
        "system": _system_name(),
        "keyring": _keyring_name(),
        **facts,
    }
    lines = [f"{name}: {redact(value)}" for name, value in known.items() if value]
    head = "\n".join([_HEADING, *lines, "", what, "", "Last lines of the log:"])[:REPORT_SIZE_MAX]
    return f"{head}\n{_log_tail(log_file)}\n"


def redact(text: str) -> str:
    """Redact strictly, for the user of this process."""
    return redact_strictly(text, home_folder(), user_name())


def _log_tail(log_file: Path) -> str:
    """Return the last lines of the log; only whole ones, because a part of a value is not recognised."""
    try:
        with log_file.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - LOG_TAIL_BYTES))
            lines = file.read(LOG_TAIL_BYTES).decode(errors="replace").splitlines()
    except OSError:
        return "(no log)"
    if size > LOG_TAIL_BYTES:
        del lines[:1]
    return redact("\n".join(lines[-LOG_TAIL_LINES:]))


def _qt_version() -> str:
    """Return the versions of Qt and PySide6 if they are in use; they are not loaded for this."""
    core = sys.modules.get("PySide6.QtCore")
    return f"{core.qVersion()}, PySide6 {core.__version__}" if core is not None else ""


def _keyring_name() -> str:
    """Return the backend of the keyring if it has been used: to look for it could take seconds."""
    core = sys.modules.get("keyring.core")
    backend = getattr(core, "_keyring_backend", None)
    return type(backend).__module__ if backend is not None else ""


def _system_name() -> str:
    import platform  # slow to import

    try:
        name = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        name = ""
    return ", ".join(filter(None, (name, platform.platform())))
