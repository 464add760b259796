"""Crashes that end the process at once, in C or C++ code: Python's faulthandler writes where each thread was."""

import faulthandler
import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from guarddog_gui.adapters.files.atomic import read_text_if_valid
from guarddog_gui.adapters.files.paths import create_private_folder
from guarddog_gui.domain.errors import FileError

_FILE, _EARLIER_FILE = "hard-crash.log", "hard-crash.earlier.log"
_SIZE_MAX = 256 * 1024
_LINES_MAX = 150
# a program that was killed leaves an empty file; Windows reports exceptions of COM from which it goes on
_IS_CRASH = re.compile(r"Fatal Python error|access violation|stack overflow|int divide by zero")
_FRAME = re.compile(r'File "(?P<file>[^"]*)"')


class HardCrashLog:
    """File of the running process, empty unless it crashes. Only one process at a time may use the folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self._earlier_path = folder / _EARLIER_FILE
        self._file: IO[bytes] | None = None
        self._was_enabled = faulthandler.is_enabled()

    def take_earlier(self) -> str:
        """Return what the process before this one has written, without folders; empty if it did not crash."""
        text = read_text_if_valid(self._earlier_path, _SIZE_MAX)
        with suppress(OSError):
            self._earlier_path.unlink(missing_ok=True)
        if not _IS_CRASH.search(text):
            return ""
        # the thread that has crashed comes first: there may be many
        blocks = sorted(text.split("\n\n"), key=lambda block: block.startswith("Thread "))
        lines = "\n\n".join(blocks).splitlines()[:_LINES_MAX]
        return "\n".join(_FRAME.sub(_without_folders, line) for line in lines)

    def start(self) -> None:
        """Write to the file from now on. Do nothing if it cannot be written."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
        with suppress(FileError, OSError):
            create_private_folder(self._path.parent)
            with suppress(FileNotFoundError):
                self._path.replace(self._earlier_path)
            # unbuffered and held open: faulthandler uses the descriptor itself
            self._file = os.fdopen(os.open(self._path, flags, 0o600), "wb", buffering=0)
            faulthandler.enable(self._file)

    def stop(self) -> None:
        """Remove the file: the process ends in order."""
        if self._file is None:
            return
        faulthandler.disable()
        if self._was_enabled and sys.__stderr__ is not None:
            with suppress(OSError, ValueError):
                faulthandler.enable(sys.__stderr__)
        self._file.close()
        self._file = None
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def _without_folders(match: re.Match[str]) -> str:
    from guarddog_gui.adapters.crash_reports.exception_text import relative_file  # only after a crash

    return f'File "{relative_file(match["file"])}"'
