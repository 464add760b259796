"""Files with the last result of each export target."""

import os
from collections.abc import Container
from pathlib import Path

from guarddog_gui.adapters.files.atomic import atomic_write, read_file
from guarddog_gui.adapters.files.errors import translate_os_errors
from guarddog_gui.adapters.files.paths import create_private_folder
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports import reports
from guarddog_gui.domain.exports.reports import ExportStatus


class ExportStatusStore:
    """One file per account in `folder`. Holds no state."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, appid: str) -> tuple[ExportStatus, ...]:
        try:
            data = read_file(self._path(appid), reports.STATUS_FILE_SIZE_MAX, follow_symlinks=False)
            return reports.parse_statuses(data.decode()) if data else ()
        except (FileError, UnicodeDecodeError):
            return ()

    def save(self, appid: str, statuses: tuple[ExportStatus, ...]) -> None:
        """Replace the statuses of the account. Never raises; the caller holds the account's export lock."""
        path = self._path(appid)
        try:
            if statuses:
                create_private_folder(self._folder)
                # a path that is not UTF-8 has lone surrogates, which JSON spells \udcxx
                atomic_write(path, reports.format_statuses(statuses).encode(errors="backslashreplace"))
            else:
                with translate_os_errors(path):
                    path.unlink(missing_ok=True)
        except FileError:
            pass  # without a status, the next refresh exports the values again

    def delete_all_except(self, appids: Container[str]) -> None:
        """Remove the files of all other accounts. Raises FileError."""
        with translate_os_errors(self._folder):
            try:
                names = os.listdir(self._folder)  # noqa: PTH208 - names are what is compared
            except FileNotFoundError:
                return
            for name in names:
                appid, dot, ending = name.rpartition(".")
                if ending == "json" and dot and appid not in appids and not name.startswith("."):
                    (self._folder / name).unlink(missing_ok=True)

    def _path(self, appid: str) -> Path:
        return self._folder / f"{appid}.json"
