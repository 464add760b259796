"""Folder of crash reports: a few files with mode 0600, the oldest of which make room for new ones."""

import os
import time
from contextlib import suppress
from pathlib import Path

from guarddog_gui.adapters.crash_reports.report import REPORT_SIZE_MAX, CrashReport
from guarddog_gui.adapters.files.atomic import atomic_write, read_text_if_valid
from guarddog_gui.adapters.files.paths import create_private_folder
from guarddog_gui.domain.errors import FileError

REPORTS_MAX = 10
_UNSEEN = ".unseen"  # name of the newest report that no window has shown


class CrashReportFolder:
    """Reports in the folder `crashes` beside the log. No method raises: a report is not worth a second crash."""

    def __init__(self, folder: Path) -> None:
        self.path = folder

    def add(self, text: str, at: float, *, is_seen: bool) -> Path | None:
        """Write a report of this Unix time and return its path; None without a writable folder.

        A report that no window has shown is returned by the next `take_unseen`.
        """
        stem = time.strftime("crash-%Y%m%d-%H%M%S", time.localtime(at))
        try:
            create_private_folder(self.path)
            number, path = 1, self.path / f"{stem}.txt"
            while path.exists() or path.is_symlink():
                number += 1
                path = self.path / f"{stem}-{number}.txt"
            atomic_write(path, text.encode(errors="backslashreplace"))
            if not is_seen:
                atomic_write(self.path / _UNSEEN, path.name.encode())
        except (FileError, OSError):
            return None
        self._remove_oldest()
        return path

    def take_unseen(self) -> CrashReport | None:
        """Return the newest report that was not shown, once."""
        marker = self.path / _UNSEEN
        name = read_text_if_valid(marker, 200)
        with suppress(OSError):
            marker.unlink(missing_ok=True)
        if not name.startswith("crash-") or Path(name).name != name:
            return None
        text = read_text_if_valid(self.path / name, 8 * REPORT_SIZE_MAX)
        return CrashReport(text, self.path / name, is_of_earlier_run=True) if text else None

    def _remove_oldest(self) -> None:
        with suppress(OSError):
            reports = sorted(self.path.glob("crash-*.txt"), key=lambda path: path.lstat().st_mtime_ns)
            for path in reports[:-REPORTS_MAX]:
                with suppress(OSError):
                    os.unlink(path)  # noqa: PTH108 - a link itself, not what it points to
