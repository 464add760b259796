"""Menu entry, icons and start with the session: for `--install-desktop`, and in the .deb."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from guarddog_gui.adapters.autostart.entry_files import menu_entry_text
from guarddog_gui.adapters.autostart.factory import Autostart
from guarddog_gui.adapters.files.atomic import atomic_write
from guarddog_gui.adapters.files.paths import create_private_folder, resource_path, translate_os_errors
from guarddog_gui.ui.icons import Icons

ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_CACHE_COMMANDS = (
    ("update-desktop-database", "-q", "applications"),
    ("gtk-update-icon-cache", "-q", "-t", "-f", "icons/hicolor"),
)
_CACHE_TIMEOUT_S = 20


def data_home(environ: Mapping[str, str]) -> Path:
    """Return the user's folder of menu entries and icons, see the XDG base directory specification."""
    chosen = Path(environ.get("XDG_DATA_HOME", ""))
    return chosen if chosen.is_absolute() else Path.home() / ".local" / "share"


def make_files(program: str, app_id: str) -> Iterator[tuple[Path, bytes]]:
    """Make the path below a data folder and the content of each file. Needs a QGuiApplication."""
    yield Path("applications", f"{app_id}.desktop"), menu_entry_text(program, app_id).encode()
    folder = resource_path("icons")
    icons = Path("icons", "hicolor")
    yield icons / "scalable" / "apps" / f"{app_id}.svg", (folder / "app.svg").read_bytes()
    yield icons / "symbolic" / "apps" / f"{app_id}-symbolic.svg", (folder / "head-mono.svg").read_bytes()
    pictures = Icons(folder)
    for size in ICON_SIZES:
        image = pictures.app_image(size)
        yield icons / f"{size}x{size}" / "apps" / f"{app_id}.png", png_bytes(image)


def install_files(data_folder: Path, program: str, app_id: str) -> None:
    """Write all files, and refresh the caches of menus and icons as far as there are any. Raises FileError."""
    for relative, content in make_files(program, app_id):
        path = data_folder / relative
        create_private_folder(path.parent)
        atomic_write(path, content)
    refresh_caches(data_folder)


def add_to_desktop(environ: Mapping[str, str], program: Path, app_id: str) -> Path:
    """Write menu entry and icons, start the program with the session; return the data folder. Raises FileError."""
    folder = data_home(environ)
    install_files(folder, os.fspath(program), app_id)
    Autostart(environ, program, app_id=app_id).enable()
    return folder


def remove_files(data_folder: Path, app_id: str) -> None:
    """Remove what `install_files` has written, folders excepted. Raises FileError."""
    with translate_os_errors(data_folder):
        for pattern in (f"applications/{app_id}.desktop", f"icons/hicolor/*/apps/{app_id}*"):
            for path in data_folder.glob(pattern):
                path.unlink(missing_ok=True)
    refresh_caches(data_folder)


def refresh_caches(data_folder: Path) -> None:
    """Run the programs that index menus and icons; a desktop without them looks at the files themselves."""
    for program, *options, folder in _CACHE_COMMANDS:
        if shutil.which(program) is None or not (data_folder / folder).is_dir():
            continue
        command = [program, *options, os.fspath(data_folder / folder)]
        try:
            subprocess.run(command, capture_output=True, timeout=_CACHE_TIMEOUT_S, check=False)  # noqa: S603
        except (OSError, subprocess.SubprocessError):
            continue


def png_bytes(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs ask for bytes, Qt takes a str
    return bytes(buffer.data().data())
