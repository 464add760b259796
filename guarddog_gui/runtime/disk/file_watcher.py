"""Notification as soon as another process has written a `.dog` file."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from guarddog_gui.runtime.qt_core import HAS_QT, QObject, QThread, QTimer, Signal, Slot

if TYPE_CHECKING or HAS_QT:
    from PySide6.QtCore import QFileSystemWatcher, Qt
else:
    from guarddog_gui.runtime.without_qt.core import Qt
    from guarddog_gui.runtime.without_qt.file_system_watcher import QFileSystemWatcher

DEBOUNCE_MS = 300  # writes within this time are reported once
PATHS_MAX = 120  # macOS opens a file for each path, and allows a process 256 open files by default


class FileWatcher(QObject):
    """Watcher of files, for writes in place, and of their folders, for atomic replacements.

    It only saves time: the scheduler's next tick, within half a minute, reads all files anyway. With more
    than `PATHS_MAX` paths only the first file and its folder are watched.
    """

    files_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._start_debounce)
        self._watcher.directoryChanged.connect(self._on_directory_changed)
        self._debounce_timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._debounce_timer.timeout.connect(self._on_debounce_timeout)
        self._files: tuple[Path, ...] = ()

    @Slot(object)
    def watch(self, files: Iterable[Path]) -> None:
        """Watch only these files; the folder of a missing file is watched instead, if it exists."""
        self._files = tuple(files)
        paths = {path for file in self._files for path in (file, file.parent)}
        if len(paths) > PATHS_MAX:
            paths = {self._files[0], self._files[0].parent}
        wanted = {str(path) for path in paths if _exists(path)}
        watched = {*self._watcher.files(), *self._watcher.directories()}
        if watched - wanted:
            self._watcher.removePaths(list(watched - wanted))
        if wanted - watched:
            self._watcher.addPaths(list(wanted - watched))

    def stop(self) -> None:
        self._debounce_timer.stop()
        self.watch(())

    @Slot(str)
    def _on_directory_changed(self, folder: str) -> None:
        # the watch is on the replaced file (its inode): `_on_debounce_timeout` watches the new one
        old = [file for file in self._watcher.files() if str(Path(file).parent) == folder]
        if old:
            self._watcher.removePaths(old)
        self._start_debounce()

    @Slot()
    def _start_debounce(self) -> None:
        if not self._debounce_timer.isActive():
            self._debounce_timer.start()

    @Slot()
    def _on_debounce_timeout(self) -> None:
        self.watch(self._files)
        self.files_changed.emit()


class WatcherThread(QThread):
    """Thread with a `FileWatcher`: looking at a path may take forever where a network share hangs."""

    files_changed = Signal()

    _watch_requested = Signal(object)  # tuple of paths

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("guarddog-file-watcher")
        self._watcher = FileWatcher()
        self._watcher.moveToThread(self)
        self._watcher.files_changed.connect(self.files_changed)
        self._watch_requested.connect(self._watcher.watch)
        self.finished.connect(self._watcher.stop, Qt.ConnectionType.DirectConnection)
        self.start()

    @staticmethod
    def can_watch(file_count: int) -> bool:
        """Return False if these files are too many, even if all are in one folder."""
        return file_count < PATHS_MAX

    def watch(self, files: Iterable[Path]) -> None:
        self._watch_requested.emit(tuple(files))

    def end(self, timeout_ms: int) -> bool:
        """End the thread; return False if it still runs after `timeout_ms`, so that it must not be destroyed."""
        self._watcher.files_changed.disconnect(self.files_changed)
        self.quit()  # without blocking signals: by `finished` the watcher stops its timer in its thread
        return self.wait(timeout_ms)


def _exists(path: Path) -> bool:
    """Return False also for a path in a folder that may not be entered; `Path.exists` raises then."""
    try:
        return path.exists()
    except OSError:
        return False
