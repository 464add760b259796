"""Files with history entries that a process could not write into the database before it ended.

While another program holds the database, a command neither waits for it nor loses its entry: the entry goes into
a file of its own beside the database, and the next process that writes the history adds it. The files contain what
the history contains: fingerprints, no token and no secret.
"""

import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import DecodeError, ValidationError, json

from guarddog_gui.adapters.files.atomic import atomic_write, read_file
from guarddog_gui.adapters.files.paths import create_private_folder
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.refresh.history import HistoryEntry

FILE_SIZE_MAX = 4 * 1024 * 1024  # bytes; a thousand entries have less
_SUFFIX = ".entries"

log = logging.getLogger(__name__)


class PendingEntryFiles:
    """One file per process that has ended with unwritten entries. Holds no state."""

    def __init__(self, history_file: Path) -> None:
        self._folder = history_file.parent
        self._prefix = f"{history_file.name}.pending-"

    def save(self, entries: Sequence[HistoryEntry], now: float) -> None:
        """Store entries for the next process. Raises FileError."""
        path = self._folder / f"{self._prefix}{os.getpid()}-{now * 1000:.0f}{_SUFFIX}"
        create_private_folder(self._folder)
        atomic_write(path, json.encode(list(entries)))

    def paths(self) -> tuple[Path, ...]:
        try:
            names = os.listdir(self._folder)  # noqa: PTH208 - names are what is compared
        except OSError:
            return ()
        own = sorted(name for name in names if name.startswith(self._prefix) and name.endswith(_SUFFIX))
        return tuple(self._folder / name for name in own)

    def load(self, path: Path) -> tuple[HistoryEntry, ...]:
        """Return the entries of a file; a file that cannot be read has none."""
        try:
            data = read_file(path, FILE_SIZE_MAX, follow_symlinks=False)
            return json.decode(data or b"[]", type=tuple[HistoryEntry, ...])
        except (FileError, DecodeError, ValidationError) as error:
            log.warning("%s cannot be added to the history: %s", path.name, type(error).__name__)
            return ()

    def remove(self, path: Path) -> None:
        with suppress(OSError):
            path.unlink(missing_ok=True)
