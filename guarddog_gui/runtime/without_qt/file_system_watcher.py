"""QFileSystemWatcher without Qt: looks at the files every two seconds."""

from collections.abc import Iterable
from pathlib import Path

from guarddog_gui.runtime.without_qt.core import QObject, QTimer, Signal

INTERVAL_MS = 2000

FileStamp = tuple[int, int, int]


class QFileSystemWatcher(QObject):
    """Watcher of files and folders by time, size and inode."""

    fileChanged = Signal(str)  # noqa: N815 - Qt's name
    directoryChanged = Signal(str)  # noqa: N815 - Qt's name

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files: dict[str, FileStamp | None] = {}
        self._folders: dict[str, FileStamp | None] = {}
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._compare)

    def files(self) -> list[str]:
        return list(self._files)

    def directories(self) -> list[str]:
        return list(self._folders)

    def addPaths(self, paths: Iterable[str]) -> None:  # noqa: N802 - Qt's name
        for path in paths:
            watched = self._folders if Path(path).is_dir() else self._files
            watched[path] = _stamp(path)
        if not self._timer.isActive():
            self._timer.start()

    def removePaths(self, paths: Iterable[str]) -> None:  # noqa: N802 - Qt's name
        for path in paths:
            self._files.pop(path, None)
            self._folders.pop(path, None)
        if not self._files and not self._folders:
            self._timer.stop()

    def _compare(self) -> None:
        for watched, signal in ((self._files, self.fileChanged), (self._folders, self.directoryChanged)):
            for path, before in tuple(watched.items()):
                now = _stamp(path)
                if now != before and path in watched:
                    watched[path] = now
                    signal.emit(path)


def _stamp(path: str) -> FileStamp | None:
    """Return what changes with every write and replacement; None without access."""
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino)
