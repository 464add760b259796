"""Changes of files are noticed without Qt, too."""

from pathlib import Path

import pytest

from guarddog_gui.runtime.without_qt import file_system_watcher
from guarddog_gui.runtime.without_qt.core import QCoreApplication, QTimer
from guarddog_gui.runtime.without_qt.file_system_watcher import QFileSystemWatcher


@pytest.fixture
def watcher(monkeypatch: pytest.MonkeyPatch) -> QFileSystemWatcher:
    monkeypatch.setattr(file_system_watcher, "INTERVAL_MS", 10)
    return QFileSystemWatcher()


def changes_after(watcher: QFileSystemWatcher, change: object) -> list[str]:
    """Return the paths that are reported after the change."""
    application = QCoreApplication([])
    reported: list[str] = []
    watcher.fileChanged.connect(reported.append)
    watcher.directoryChanged.connect(reported.append)
    if callable(change):
        QTimer.singleShot(20, change)
    QTimer.singleShot(150, application.quit)
    application.exec()
    return reported


def test_a_written_and_a_replaced_file_are_reported(watcher: QFileSystemWatcher, tmp_path: Path) -> None:
    file, new = tmp_path / "file", tmp_path / "new"
    file.write_text("before")
    watcher.addPaths([str(file), str(tmp_path)])
    assert (watcher.files(), watcher.directories()) == ([str(file)], [str(tmp_path)])
    new.write_text("after!")
    assert str(file) in changes_after(watcher, lambda: new.replace(file))


def test_nothing_is_reported_without_a_change_or_after_the_end(watcher: QFileSystemWatcher, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("before")
    watcher.addPaths([str(file)])
    assert changes_after(watcher, None) == []
    watcher.removePaths([str(file)])
    assert changes_after(watcher, lambda: file.write_text("after")) == []


def test_a_removed_file_is_reported_once(watcher: QFileSystemWatcher, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("before")
    watcher.addPaths([str(file)])
    assert changes_after(watcher, file.unlink) == [str(file)]
