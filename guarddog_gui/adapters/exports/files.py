"""Export of values to files of other programs, in which nothing but the values is changed, and its results."""

import os
import stat
import sys
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from guarddog_gui.adapters.files.atomic import atomic_write, read_file, read_text_if_valid
from guarddog_gui.adapters.files.paths import create_private_folder, translate_os_errors
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports import formats
from guarddog_gui.domain.exports.formats import ValidRecords
from guarddog_gui.domain.exports.reports import STATUS_FILE_SIZE_MAX, ExportStatus, format_statuses, parse_statuses
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
            self._write_env_file(Path(target.path), formats.env_variables(appid, values))
            return
        files = formats.format_json_files(target, values)
        if target.export_format is ExportFormat.PHP_JSON:
            files = formats.select_php_files(files, _existing_names(target.files))
        errors = [error for name, data in files.items() if (error := _write_if_changed(Path(target.path, name), data))]
        if errors:  # after the others are written, so that one file that cannot be replaced leaves no stale ones
            raise errors[0]

    def resolve_links(self, targets: tuple[ExportTarget, ...]) -> tuple[ExportTarget, ...]:
        return tuple(
            replace(target, path=os.path.realpath(target.path)) if target.path else target for target in targets
        )

    def _write_env_file(self, path: Path, own_values: dict[str, str]) -> None:
        path, status = _resolve_export_path(path)
        before = b"" if status is None else read_file(path, ENV_FILE_SIZE_MAX, follow_symlinks=False) or b""
        if b"\0" in before:  # Windows PowerShell writes UTF-16
            raise FileError(os.fspath(path), FileErrorReason.NOT_PLAIN_TEXT)
        if not all(map(formats.is_env_safe, own_values.values())):
            raise FileError(os.fspath(path), FileErrorReason.VALUE_NOT_WRITABLE)
        after = formats.update_env_file(before, own_values)
        if status is None or after != before:
            atomic_write(path, after, metadata_from=status)


class ExportStatusStore:
    """Files with the last result of each export target, one per account in `folder`. Holds no state."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, appid: str) -> tuple[ExportStatus, ...]:
        text = read_text_if_valid(self._path(appid), STATUS_FILE_SIZE_MAX)
        return parse_statuses(text) if text else ()

    def save(self, appid: str, statuses: tuple[ExportStatus, ...]) -> None:
        """Replace the statuses of the account. Never raises; the caller holds the account's export lock."""
        path = self._path(appid)
        with suppress(FileError), translate_os_errors(path):  # without a status, the next refresh exports again
            if statuses:
                create_private_folder(self._folder)
                # a path that is not UTF-8 has lone surrogates, which JSON spells \udcxx
                atomic_write(path, format_statuses(statuses).encode(errors="backslashreplace"))
            else:
                path.unlink(missing_ok=True)

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


def _existing_names(files: tuple[str, ...]) -> frozenset[str]:
    return frozenset(os.path.basename(file) for file in files if os.path.lexists(file))  # noqa: PTH119 - texts


def _write_if_changed(path: Path, data: bytes) -> FileError | None:
    try:
        path, status = _resolve_export_path(path)
        if status is None or read_file(path, ENV_FILE_SIZE_MAX, follow_symlinks=False) != data:
            atomic_write(path, data, metadata_from=status)
    except FileError as error:
        return error
    return None


def _resolve_export_path(path: Path) -> tuple[Path, os.stat_result | None]:
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
