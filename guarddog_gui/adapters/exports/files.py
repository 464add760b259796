"""The files of other programs: replaced in one step, and nothing about them is changed but our values."""

import os
import stat
import sys
from dataclasses import replace
from pathlib import Path

from guarddog_gui.adapters.files.atomic import read_file, replace_file
from guarddog_gui.adapters.files.errors import troubles_of
from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.exports.formats import Values, env_text, is_plain, json_files, variables
from guarddog_gui.domain.exports.targets import Outlet, OutletForm

SIZE_MAX = 256 * 1024  # bytes; no .env file comes near


class ForeignFiles:
    """Files and folders that a person names. Holds no state.

    A new file is 0600; one that is there keeps its mode and its group, and a person's link to a file of the
    same person is followed. What belongs to somebody else is left alone.
    """

    def write(self, outlet: Outlet, appid: str, values: Values) -> None:
        """Bring them up to these values; a file that has them already is not touched. Raises FileTrouble."""
        if outlet.form is OutletForm.ENV:
            self._write_env(Path(outlet.path), variables(appid, values))
            return
        for name, data in json_files(outlet, values).items():
            path, seen = _place(Path(outlet.path, name))
            if seen is None or read_file(path, SIZE_MAX, follow=False) != data:
                replace_file(path, data, like=seen)

    def real(self, outlets: tuple[Outlet, ...]) -> tuple[Outlet, ...]:
        """The same places without links on the way: two names of one place come out equal."""
        return tuple(
            replace(outlet, path=os.path.realpath(outlet.path)) if outlet.path else outlet
            for outlet in outlets
        )

    def _write_env(self, path: Path, own: dict[str, str]) -> None:
        path, seen = _place(path)
        before = b"" if seen is None else read_file(path, SIZE_MAX, follow=False) or b""
        if b"\0" in before:  # Windows PowerShell writes UTF-16
            raise FileTrouble(os.fspath(path), "not a plain text file")
        if not all(map(is_plain, own.values())):
            raise FileTrouble(os.fspath(path), "the value has characters that cannot stand in it")
        after = env_text(before, own)
        if seen is None or after != before:
            replace_file(path, after, like=seen)


def _place(path: Path) -> tuple[Path, os.stat_result | None]:
    """The file itself and how it is; None where there is none yet. Raises FileTrouble."""
    with troubles_of(path):
        try:
            seen = path.lstat()
        except FileNotFoundError:
            return path, None
        _refuse_foreign(path, seen)
        if stat.S_ISLNK(seen.st_mode):
            try:
                path = Path(os.path.realpath(path, strict=True))  # Path.resolve has no OSError for a loop
            except FileNotFoundError:
                raise FileTrouble(os.fspath(path), "the link leads nowhere") from None
            seen = path.stat()
            _refuse_foreign(path, seen)
    if not stat.S_ISREG(seen.st_mode):
        raise FileTrouble(os.fspath(path), "not a regular file")
    return path, seen


def _refuse_foreign(path: Path, seen: os.stat_result) -> None:
    if sys.platform != "win32" and seen.st_uid != os.geteuid():
        raise FileTrouble(os.fspath(path), "it belongs to somebody else")
