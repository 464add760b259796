"""Paths of configuration, data, logs and bundled resources.

GUARDDOG_HOME puts everything of the user in one folder; otherwise the platform's usual folders are used.
"""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from guarddog_gui.adapters.files.errors import not_a_folder_error, translate_os_errors
from guarddog_gui.domain.errors import FileError


@dataclass(frozen=True, slots=True)
class AppPaths:
    """Folders and files of one user; none of them has to exist."""

    config_dir: Path
    data_dir: Path
    log_dir: Path

    @property
    def accounts_file(self) -> Path:
        return self.config_dir / "accounts.json"

    @property
    def settings_file(self) -> Path:
        return self.config_dir / "settings.json"

    @property
    def recent_urls_file(self) -> Path:
        return self.config_dir / "recent_urls.json"

    @property
    def dogs_dir(self) -> Path:
        return self.data_dir / "dogs"

    @property
    def exports_dir(self) -> Path:
        return self.data_dir / "outlets"

    @property
    def locks_dir(self) -> Path:
        return self.data_dir / "locks"

    @property
    def history_file(self) -> Path:
        return self.data_dir / "history.sqlite3"

    @property
    def log_file(self) -> Path:
        return self.log_dir / "guarddog.log"


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
        raise FileError("~", str(error)) from error


def resource_path(name: str) -> Path:
    """Return the path of a bundled file or folder. Raises FileError when the installation is incomplete."""
    package = Path(__file__).parents[2]
    frozen = getattr(sys, "_MEIPASS", None)
    return first_existing(name, resource_folders(package, Path(frozen) if frozen else None))


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
    raise FileError(name, "missing from this installation of Guard Dog")


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
