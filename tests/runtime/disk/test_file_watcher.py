"""Changes that the watcher reports, on a real disk: writing in place, replacing, and files that come later."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from guarddog_gui.adapters.files.atomic import atomic_write
from guarddog_gui.runtime.disk.file_watcher import DEBOUNCE_MS, PATHS_MAX, FileWatcher, WatcherThread
from tests.adapters.unprivileged import unprivileged_folder

LONG_MS = 10_000
SILENCE_MS = 2 * DEBOUNCE_MS


class FileChangeRecorder:
    """A watch, and how often it has said something."""

    def __init__(self) -> None:
        self.watch = FileWatcher()
        self.times = 0
        self.watch.files_changed.connect(self._count)

    def _count(self) -> None:
        self.times += 1


@pytest.fixture
def recorder(qtbot: QtBot) -> Iterator[FileChangeRecorder]:  # noqa: ARG001 - sockets need an application
    recorder = FileChangeRecorder()
    yield recorder
    recorder.watch.stop()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "ACCESS_TOKEN.dog"
    file.write_text("{}")
    return file


def expect_report(recorder: FileChangeRecorder, qtbot: QtBot, write: object) -> None:
    before = recorder.times
    assert callable(write)
    write()
    qtbot.waitUntil(lambda: recorder.times > before, timeout=LONG_MS)
    qtbot.wait(SILENCE_MS)  # whatever else came of it


def test_a_file_that_is_written_in_place_is_reported(recorder: FileChangeRecorder, file: Path, qtbot: QtBot) -> None:
    recorder.watch.watch([file])
    expect_report(recorder, qtbot, lambda: file.write_text("new"))


def test_one_that_is_replaced_is_reported_and_can_be_written_in_place_afterwards(
    recorder: FileChangeRecorder, file: Path, qtbot: QtBot
) -> None:
    recorder.watch.watch([file])
    held = os.open(file, os.O_RDONLY)  # a reader keeps the old one alive
    try:
        for text in (b"one", b"two"):
            expect_report(recorder, qtbot, lambda text=text: atomic_write(file, text))
        expect_report(recorder, qtbot, lambda: file.write_text("three"))
    finally:
        os.close(held)


def test_one_that_comes_later_is_reported(recorder: FileChangeRecorder, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "JSAPI_TICKET.dog"
    recorder.watch.watch([file])
    expect_report(recorder, qtbot, lambda: file.write_text("first"))
    recorder.watch.watch([file])
    expect_report(recorder, qtbot, lambda: file.write_text("second"))


def test_many_writes_are_reported_together(recorder: FileChangeRecorder, file: Path, qtbot: QtBot) -> None:
    recorder.watch.watch([file])

    def write() -> None:
        for n in range(50):
            file.write_text(str(n))

    expect_report(recorder, qtbot, write)
    assert recorder.times < 10


def test_a_file_that_is_nobodys_any_more_is_not_listened_to(
    recorder: FileChangeRecorder, file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "other").mkdir()
    recorder.watch.watch([file])
    recorder.watch.watch([tmp_path / "other" / file.name])
    file.write_text("new")
    qtbot.wait(SILENCE_MS)
    assert recorder.times == 0


def test_of_more_files_than_systems_allow_only_the_first_is_watched(
    recorder: FileChangeRecorder, file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    first = folder / "accounts.json"
    first.write_text("{}")
    many = [tmp_path / f"{n}.dog" for n in range(PATHS_MAX)]
    recorder.watch.watch([first, file, *many])
    file.write_text("new")
    qtbot.wait(SILENCE_MS)
    assert recorder.times == 0
    expect_report(recorder, qtbot, lambda: first.write_text("new"))


def test_nobody_stops_it_by_taking_the_folder_away(
    recorder: FileChangeRecorder, file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    recorder.watch.watch([folder / "A.dog", file])
    expect_report(recorder, qtbot, folder.rmdir)
    recorder.watch.watch([folder / "A.dog", file])
    expect_report(recorder, qtbot, lambda: file.write_text("new"))


@pytest.mark.only_on("linux", "darwin")
@pytest.mark.qt_log_ignore("inotify_add_watch", extend=True)
def test_a_file_in_a_folder_that_may_not_be_entered_is_left_out() -> None:
    with unprivileged_folder() as folder:
        closed = folder / "closed"
        closed.mkdir()
        closed.chmod(0o000)
        watcher = FileWatcher()
        watcher.watch([closed / "ACCESS_TOKEN.dog"])
        assert watcher._watcher.files() == []
        closed.chmod(0o700)


def test_a_watcher_in_a_thread_reports_to_the_main_thread(file: Path, qtbot: QtBot) -> None:
    thread = WatcherThread()
    reports: list[QThread] = []
    thread.files_changed.connect(lambda: reports.append(QThread.currentThread()))
    thread.watch([file])
    qtbot.wait(SILENCE_MS)
    file.write_text("new")
    qtbot.waitUntil(lambda: bool(reports), timeout=LONG_MS)
    assert reports[0].isMainThread()
    assert thread.end(LONG_MS)


def test_a_watcher_whose_disk_hangs_keeps_no_one_waiting(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, released = threading.Event(), threading.Event()

    def hang(_: Path) -> bool:
        asked.set()
        return released.wait(LONG_MS / 1000)

    monkeypatch.setattr(Path, "exists", hang)
    thread = WatcherThread()
    thread.watch([tmp_path / "A.dog"])
    qtbot.waitUntil(asked.is_set, timeout=LONG_MS)
    begun = time.monotonic()
    assert not thread.end(100)
    assert time.monotonic() - begun < 2
    released.set()
    assert thread.wait(LONG_MS)
