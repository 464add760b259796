"""Hears at once that another program has written a `.dog` file."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

TOGETHER_MS = 300  # a program that writes often is looked at this often
PATHS_MAX = 120  # some systems keep a file open for each, and let a program have 256


class DogWatch(QObject):
    """Watches files for those who write in place and folders for those who replace.

    Only a help: what it does not hear, or where there are too many to watch, is seen by the next look, within
    half a minute.
    """

    written = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._on_file)
        self._watcher.directoryChanged.connect(self._on_folder)
        self._together = QTimer(self)
        self._together.setSingleShot(True)
        self._together.setInterval(TOGETHER_MS)
        self._together.timeout.connect(self._tell)
        self._files: tuple[Path, ...] = ()

    def watch(self, files: Iterable[Path]) -> None:
        """Watch these and no others; those that are not there yet as soon as their folder is."""
        self._files = tuple(files)
        paths = {path for file in self._files for path in (file, file.parent)}
        wanted = {str(path) for path in paths if path.exists()} if len(paths) <= PATHS_MAX else set()
        watched = {*self._watcher.files(), *self._watcher.directories()}
        if watched - wanted:
            self._watcher.removePaths(list(watched - wanted))
        if wanted - watched:
            self._watcher.addPaths(list(wanted - watched))

    def stop(self) -> None:
        """Hear nothing more."""
        self._together.stop()
        self.watch(())

    @Slot(str)
    def _on_file(self, _path: str) -> None:
        self._hear()

    @Slot(str)
    def _on_folder(self, folder: str) -> None:
        # a file that was replaced is another one, which `_tell` watches anew
        old = [file for file in self._watcher.files() if str(Path(file).parent) == folder]
        if old:
            self._watcher.removePaths(old)
        self._hear()

    def _hear(self) -> None:
        if not self._together.isActive():
            self._together.start()

    @Slot()
    def _tell(self) -> None:
        self.watch(self._files)
        self.written.emit()
