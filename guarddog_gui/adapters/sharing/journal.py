"""Files with the last state of the sharing of each account, one per account. Holds no state."""

from contextlib import suppress
from pathlib import Path

from msgspec import ValidationError
from msgspec.json import decode, encode

from guarddog_gui.adapters.files.atomic import atomic_write, read_text_if_valid
from guarddog_gui.adapters.files.paths import create_private_folder, translate_os_errors
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.sharing.values import SharingStatus

STATUS_FILE_SIZE_MAX = 16 * 1024  # bytes


class SharingStatusFiles:
    """SharingJournal of files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, appid: str) -> SharingStatus | None:
        text = read_text_if_valid(self._path(appid), STATUS_FILE_SIZE_MAX)
        if not text:
            return None
        try:
            return decode(text, type=SharingStatus)
        except (ValidationError, ValueError):  # of a newer version, or damaged: the next one replaces it
            return None

    def save(self, appid: str, status: SharingStatus | None) -> None:
        path = self._path(appid)
        with suppress(FileError), translate_os_errors(path):  # it only says what the next use of Redis says again
            if status is None:
                path.unlink(missing_ok=True)
            else:
                create_private_folder(self._folder)
                atomic_write(path, encode(status))

    def _path(self, appid: str) -> Path:
        return self._folder / f"{appid}.json"
