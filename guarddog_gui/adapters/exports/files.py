"""The files of other programs: replaced in one step, and nothing about them is changed but our values."""

import os
import stat
import sys
from dataclasses import replace
from pathlib import Path

from guarddog_gui.adapters.files.atomic import atomic_write, read_file
from guarddog_gui.adapters.files.errors import translate_os_errors
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports.formats import (
    ValidRecords,
    env_variables,
    format_json_files,
    is_env_safe,
    update_env_file,
)
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.problems import FileErrorReason

ENV_FILE_SIZE_MAX = 256 * 1024  # bytes; no .env file comes near


class ExportFiles:
    """Files and folders that a person names. Holds no state.

    A new file is 0600; one that is there keeps its mode and its group, and a person's link to a file of the
    same person is followed. What belongs to somebody else is left alone.
    """

    def write(self, target: ExportTarget, appid: str, values: ValidRecords) -> None:
        """Bring them up to these values; a file that has them already is not touched. Raises FileTrouble."""
        if target.export_format is ExportFormat.ENV:
            self._write_env_file(Path(target.path), env_variables(appid, values))
            return
        for name, data in format_json_files(target, values).items():
            path, seen = _resolve_export_path(Path(target.path, name))
            if seen is None or read_file(path, ENV_FILE_SIZE_MAX, follow_symlinks=False) != data:
                atomic_write(path, data, metadata_from=seen)

    def resolve_links(self, targets: tuple[ExportTarget, ...]) -> tuple[ExportTarget, ...]:
        """The same places without links on the way: two names of one place come out equal."""
        return tuple(
            replace(outlet, path=os.path.realpath(outlet.path)) if outlet.path else outlet
            for outlet in targets
        )

    def _write_env_file(self, path: Path, own_values: dict[str, str]) -> None:
        path, seen = _resolve_export_path(path)
        before = b"" if seen is None else read_file(path, ENV_FILE_SIZE_MAX, follow_symlinks=False) or b""
        if b"\0" in before:  # Windows PowerShell writes UTF-16
            raise FileError(os.fspath(path), FileErrorReason.NOT_PLAIN_TEXT)
        if not all(map(is_env_safe, own_values.values())):
            raise FileError(os.fspath(path), FileErrorReason.VALUE_NOT_WRITABLE)
        after = update_env_file(before, own_values)
        if seen is None or after != before:
            atomic_write(path, after, metadata_from=seen)


def _resolve_export_path(path: Path) -> tuple[Path, os.stat_result | None]:
    """The file itself and how it is; None where there is none yet. Raises FileTrouble."""
    with translate_os_errors(path):
        try:
            seen = path.lstat()
        except FileNotFoundError:
            return path, None
        _require_own_file(path, seen)
        if stat.S_ISLNK(seen.st_mode):
            try:
                path = Path(os.path.realpath(path, strict=True))  # Path.resolve has no OSError for a loop
            except FileNotFoundError:
                raise FileError(os.fspath(path), FileErrorReason.BROKEN_LINK) from None
            seen = path.stat()
            _require_own_file(path, seen)
    if not stat.S_ISREG(seen.st_mode):
        raise FileError(os.fspath(path), FileErrorReason.NOT_A_REGULAR_FILE)
    return path, seen


def _require_own_file(path: Path, file_stat: os.stat_result) -> None:
    if sys.platform != "win32" and file_stat.st_uid != os.geteuid():
        raise FileError(os.fspath(path), FileErrorReason.NOT_OWNED)
