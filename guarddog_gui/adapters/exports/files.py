"""Export of values to files of other programs, in which nothing but the values is changed."""

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
    """Write files and folders that the user has named as export targets. Holds no state.

    A new file gets mode 0600; an existing one keeps its mode and group. A symbolic link is followed if the
    user owns the link and its target. Files of other users are refused.
    """

    def write(self, target: ExportTarget, appid: str, values: ValidRecords) -> None:
        """Write the values, without touching a file that has them already. Raises FileError."""
        if target.export_format is ExportFormat.ENV:
            self._write_env_file(Path(target.path), env_variables(appid, values))
            return
        for name, data in format_json_files(target, values).items():
            path, status = _resolve_export_path(Path(target.path, name))
            if status is None or read_file(path, ENV_FILE_SIZE_MAX, follow_symlinks=False) != data:
                atomic_write(path, data, metadata_from=status)

    def resolve_links(self, targets: tuple[ExportTarget, ...]) -> tuple[ExportTarget, ...]:
        """Return the targets with symbolic links resolved, so that two names of one file are equal."""
        return tuple(
            replace(target, path=os.path.realpath(target.path)) if target.path else target for target in targets
        )

    def _write_env_file(self, path: Path, own_values: dict[str, str]) -> None:
        path, status = _resolve_export_path(path)
        before = b"" if status is None else read_file(path, ENV_FILE_SIZE_MAX, follow_symlinks=False) or b""
        if b"\0" in before:  # Windows PowerShell writes UTF-16
            raise FileError(os.fspath(path), FileErrorReason.NOT_PLAIN_TEXT)
        if not all(map(is_env_safe, own_values.values())):
            raise FileError(os.fspath(path), FileErrorReason.VALUE_NOT_WRITABLE)
        after = update_env_file(before, own_values)
        if status is None or after != before:
            atomic_write(path, after, metadata_from=status)


def _resolve_export_path(path: Path) -> tuple[Path, os.stat_result | None]:
    """Follow the user's own links; return the file's path and status, None if missing. Raises FileError."""
    with translate_os_errors(path):
        try:
            status = path.lstat()
        except FileNotFoundError:
            return path, None
        _require_own_file(path, status)
        if stat.S_ISLNK(status.st_mode):
            try:
                path = Path(os.path.realpath(path, strict=True))  # Path.resolve raises no OSError for a loop
            except FileNotFoundError:
                raise FileError(os.fspath(path), FileErrorReason.BROKEN_LINK) from None
            status = path.stat()
            _require_own_file(path, status)
    if not stat.S_ISREG(status.st_mode):
        raise FileError(os.fspath(path), FileErrorReason.NOT_A_REGULAR_FILE)
    return path, status


def _require_own_file(path: Path, file_stat: os.stat_result) -> None:
    if sys.platform != "win32" and file_stat.st_uid != os.geteuid():
        raise FileError(os.fspath(path), FileErrorReason.NOT_OWNED)
