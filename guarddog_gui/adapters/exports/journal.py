"""What came of the outlets, on disk."""

import os
from collections.abc import Container
from pathlib import Path

from guarddog_gui.adapters.files.atomic import read_file, replace_file
from guarddog_gui.adapters.files.errors import troubles_of
from guarddog_gui.adapters.files.paths import private_folder
from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.exports import reports as outlet_reports
from guarddog_gui.domain.exports.reports import OutletReport


class OutletReportFiles:
    """A file per account in `folder`. Holds no state."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def reports(self, appid: str) -> tuple[OutletReport, ...]:
        try:
            data = read_file(self._path(appid), outlet_reports.SIZE_MAX, follow=False)
            return outlet_reports.from_text(data.decode()) if data else ()
        except (FileTrouble, UnicodeDecodeError):
            return ()

    def keep(self, appid: str, reports: tuple[OutletReport, ...]) -> None:
        """These and no others; only under the lock of the account's outlets. Never raises."""
        path = self._path(appid)
        try:
            if reports:
                private_folder(self._folder)
                # a path that is not UTF-8 carries half characters; JSON spells them \udcxx
                replace_file(path, outlet_reports.to_text(reports).encode(errors="backslashreplace"))
            else:
                with troubles_of(path):
                    path.unlink(missing_ok=True)
        except FileTrouble:
            pass  # what is forgotten is written once more

    def keep_only(self, appids: Container[str]) -> None:
        """Forget the accounts that are gone. Raises FileTrouble."""
        with troubles_of(self._folder):
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
