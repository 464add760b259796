"""Hears at once that another program has written a `.dog` file."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

DEBOUNCE_MS = 300  # a program that writes often is looked at this often
PATHS_MAX = 120  # some systems keep a file open for each, and let a program have 256


class FileWatcher(QObject):
    """Watches files for those who write in place and folders for those who replace.

    Only a help: what it does not hear, or where there are too many to watch, is seen by the next look, within
    half a minute.
    """

    files_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._on_file_changed)
        self._watcher.directoryChanged.connect(self._on_directory_changed)
        self._debounce_timer = QTimer(self)
        self._debounce_timer.setSingleShot(True)
        self._debounce_timer.setInterval(DEBOUNCE_MS)
        self._debounce_timer.timeout.connect(self._on_debounce_timeout)
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
        self._debounce_timer.stop()
        self.watch(())

    @Slot(str)
    def _on_file_changed(self, _path: str) -> None:
        self._start_debounce()

    @Slot(str)
    def _on_directory_changed(self, folder: str) -> None:
        # a file that was replaced is another one, which `_tell` watches anew
        old = [file for file in self._watcher.files() if str(Path(file).parent) == folder]
        if old:
            self._watcher.removePaths(old)
        self._start_debounce()

    def _start_debounce(self) -> None:
        if not self._debounce_timer.isActive():
            self._debounce_timer.start()

    @Slot()
    def _on_debounce_timeout(self) -> None:
        self.watch(self._files)
        self.files_changed.emit()
