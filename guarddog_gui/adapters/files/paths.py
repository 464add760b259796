"""Paths of configuration, data, logs and bundled resources, and the translation of OSError into FileError.

GUARDDOG_HOME puts everything of the user in one folder; otherwise the platform's usual folders are used.
"""

import errno
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason

_REASON_BY_ERRNO = {
    errno.ENOSPC: FileErrorReason.DISK_FULL,
    errno.EDQUOT: FileErrorReason.QUOTA_EXCEEDED,
    errno.EFBIG: FileErrorReason.FILE_SIZE_LIMIT,
    errno.EROFS: FileErrorReason.READ_ONLY,
    errno.EACCES: FileErrorReason.PERMISSION_DENIED,
    errno.EPERM: FileErrorReason.PERMISSION_DENIED,
    errno.EISDIR: FileErrorReason.IS_A_FOLDER,
    errno.ENOTDIR: FileErrorReason.PARENT_IS_A_FILE,
    errno.ENOENT: FileErrorReason.NOT_FOUND,
    errno.ELOOP: FileErrorReason.IS_A_LINK,
    errno.ENAMETOOLONG: FileErrorReason.NAME_TOO_LONG,
    errno.EIO: FileErrorReason.IO_ERROR,
    errno.EMFILE: FileErrorReason.TOO_MANY_OPEN_FILES,
    errno.ENFILE: FileErrorReason.TOO_MANY_OPEN_FILES,
}


class AppPaths:
    """Folders and files of one user; none of them has to exist."""

    def __init__(self, config_dir: Path, data_dir: Path, log_dir: Path) -> None:
        self.config_dir: Final = config_dir
        self.accounts_file: Final = config_dir / "accounts.json"
        self.settings_file: Final = config_dir / "settings.json"
        self.client_keys_file: Final = config_dir / "client_keys.json"
        self.recent_urls_file: Final = config_dir / "recent_urls.json"
        self.data_dir: Final = data_dir
        self.dogs_dir: Final = data_dir / "dogs"
        self.exports_dir: Final = data_dir / "outlets"
        self.sharing_dir: Final = data_dir / "sharing"
        self.locks_dir: Final = data_dir / "locks"
        self.history_file: Final = data_dir / "history.sqlite3"
        self.api_calls_file: Final = data_dir / "api_calls.json"
        self.log_dir: Final = log_dir
        self.log_file: Final = log_dir / "guarddog.log"
        self.crashes_dir: Final = log_dir / "crashes"


def get_app_paths(environ: Mapping[str, str]) -> AppPaths:
    """Return the paths for this environment, without creating anything. Raises FileError."""
    home = environ.get("GUARDDOG_HOME")
    if home:
        with translate_os_errors(home):  # a relative path needs a working directory that still exists
            folder = Path(home).absolute()
        return AppPaths(folder / "config", folder / "data", folder / "logs")
    from platformdirs import PlatformDirs  # slow to import, and not needed with GUARDDOG_HOME

    places = PlatformDirs("guarddog", appauthor=False)
    try:
        return AppPaths(places.user_config_path, places.user_data_path, places.user_log_path)
    except RuntimeError as error:  # pathlib raises it for a user without a home
        raise FileError("~", FileErrorReason.NO_SUCH_HOME) from error


def resource_path(name: str) -> Path:
    """Return the path of a bundled file or folder. Raises FileError when the installation is incomplete."""
    package = Path(__file__).parents[2]
    frozen = getattr(sys, "_MEIPASS", None)
    return first_existing(name, resource_folders(package, Path(frozen) if frozen else None))


def document_path(name: str) -> Path:
    """Return the path of the changelog or the licence, which the source tree has beside the package."""
    package = Path(__file__).parents[2]
    frozen = getattr(sys, "_MEIPASS", None)
    folders = (*resource_folders(package, Path(frozen) if frozen else None), package.parent)
    return first_existing(name, folders)


def resource_folders(package: Path, bundle_folder: Path | None) -> tuple[Path, ...]:
    """Return the places of `resources/` in a wheel, in a PyInstaller bundle and in the source tree."""
    bundled = (bundle_folder / "guarddog_gui" / "resources", bundle_folder / "resources") if bundle_folder else ()
    return (package / "resources", *bundled, package.parent / "resources")


def first_existing(name: str, folders: Iterable[Path]) -> Path:
    """Return the path of `name` in the first folder that has it. Raises FileError."""
    for folder in folders:
        with translate_os_errors(folder / name):
            if (folder / name).exists():
                return folder / name
    raise FileError(name, FileErrorReason.NOT_INSTALLED)


def create_private_folder(path: Path) -> None:
    """Create the folder and its missing parents with mode 0700; existing ones keep their mode. Raises FileError."""
    with translate_os_errors(path):
        if path.is_dir():
            return
        if not path.parent.is_dir():
            create_private_folder(path.parent)
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            if not path.is_dir():
                raise not_a_folder_error(path) from None
            return  # another process was faster
        path.chmod(0o700)  # the umask may have removed even the owner's bits


def to_file_error(path: str | os.PathLike[str], error: OSError) -> FileError:
    """Return the error with a reason that fits behind the path; an unknown errno keeps the system's text."""
    reason = _REASON_BY_ERRNO.get(error.errno or 0) or error.strerror or type(error).__name__
    return FileError(os.fspath(path), reason)


def not_a_folder_error(path: Path) -> FileError:
    """Return the error for a file or a dangling link in the place of a folder."""
    reason = FileErrorReason.FOLDER_IS_A_FILE if path.exists() else FileErrorReason.BROKEN_LINK
    return FileError(os.fspath(path), reason)


@contextmanager
def translate_os_errors(path: str | os.PathLike[str]) -> Iterator[None]:
    """Raise FileError about `path` for every OSError in the block."""
    try:
        yield
    except OSError as error:
        raise to_file_error(path, error) from error
