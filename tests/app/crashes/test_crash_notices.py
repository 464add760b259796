"""Crashes on purpose in the real program: it goes on, reports them without secrets, and says what to do."""

import signal
import stat
from pathlib import Path

import pytest

from tests.app.crashing_program import CrashedProgram

POSIX = pytest.mark.only_on("linux", "darwin")

EVERYWHERE = """
from guarddog_gui.services.refresh import Refresher
real_refresh = Refresher.refresh_without_exports

def crash_in_slot():
    raise ValueError(secret_text())

class Receiver(QObject):
    def event(self, event):
        if event.type() == QEvent.Type.User:
            raise KeyError(secret_text())
        return super().event(event)
receiver = Receiver()

def crash_in_virtual_method():
    QApplication.postEvent(receiver, QEvent(QEvent.Type.User))

def crash_in_thread():
    def run():
        try:
            raise OSError(secret_text())
        except OSError as error:
            raise LookupError(secret_text()) from error
    threading.Thread(target=run, name="test-thread").start()

def crash_in_destructor():
    class Broken:
        def __del__(self):
            raise TypeError(secret_text())
    Broken()

def crash_in_worker():
    def broken(*_):
        raise ZeroDivisionError(secret_text())
    Refresher.refresh_without_exports = broken
    controller().refresh()

def repair_and_refresh():
    Refresher.refresh_without_exports = real_refresh
    controller().refresh()

def repeat():
    for _ in range(50):
        QTimer.singleShot(0, crash_in_slot)

def critical_message():
    qCritical("Qt has a problem")

def begin():
    in_turn(crash_in_slot, crash_in_virtual_method, crash_in_thread, crash_in_destructor, crash_in_worker,
            repair_and_refresh, critical_message, repeat, repeat, finish)
"""


def test_the_program_survives_crashes_everywhere_and_reports_each_once(tmp_path: Path) -> None:
    ended = CrashedProgram(tmp_path, EVERYWHERE, "--show")

    assert (ended.exit_code, "Traceback" in ended.stderr) == (0, False)
    assert ended.known["banner"].startswith("Guard Dog made a mistake of its own and goes on.")
    assert ended.known["results"][0] == "bug"
    assert ended.known["results"][-1] != "bug"  # and it refreshes again
    reports = "\n".join(report.partition("Last lines of the log:")[0] for report in ended.reports)
    names = ("ValueError", "KeyError", "LookupError", "caused by OSError", "TypeError", "ZeroDivisionError")
    assert [(name, reports.count(f"\n{name}: ")) for name in names] == [(name, 1) for name in names]
    assert "the job RefreshTokens failed" in reports
    assert "Qt: Qt has a problem" in reports
    assert "thread: other thread, test-thread" in reports
    assert "desktop: offscreen" in reports
    assert len(ended.reports) == 6
    assert ended.leaks() == []


@POSIX
def test_reports_are_for_the_user_alone(tmp_path: Path) -> None:
    CrashedProgram(tmp_path, "\ndef begin(): in_turn(lambda: 1 / 0, finish)\n")
    folder = tmp_path / "logs" / "crashes"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert [file.suffix for file in folder.iterdir()] == [".txt"]


def test_a_crash_at_the_start_is_one_sentence_that_names_the_report(tmp_path: Path) -> None:
    ended = CrashedProgram(tmp_path, "\nTrayApp._build = lambda _app: 1 / 0\n")
    (report,) = (tmp_path / "logs" / "crashes").glob("crash-*.txt")
    assert ended.exit_code == 1
    assert ended.stderr.strip() == (
        f"Guard Dog made a mistake of its own. Please report it; what happened is in {report}."
    )
    assert "ZeroDivisionError" in ended.reports[0]


DEFERRED = """
def broken(_app): raise ValueError("at the start")
TrayApp._make_notifier = broken
"""


def test_a_part_that_cannot_start_does_not_keep_the_engine_from_refreshing(tmp_path: Path) -> None:
    ended = CrashedProgram(tmp_path, DEFERRED, "--show")  # it ends only when all values are fresh
    assert ended.exit_code == 0
    assert ended.known["tokens"]
    assert "at the start" in ended.reports[0]


HIDDEN = """
from guarddog_gui.runtime.notifier import Notifier
shown = []
Notifier.show_crash = lambda _notifier, **keywords: shown.append(keywords)

def open_window():
    assert tray_app.windows.existing_main_window is None  # a crash does not make it
    tray_app.windows.main_window.show()

def check():
    known["shown"] = shown

def begin(): in_turn(lambda: 1 / 0, open_window, check, finish)
"""


def test_while_the_window_is_hidden_a_notification_comes_and_the_banner_waits(tmp_path: Path) -> None:
    ended = CrashedProgram(tmp_path, HIDDEN)
    assert ended.known["shown"] == [{"is_of_earlier_run": False}]
    assert ended.known["banner"].startswith("Guard Dog made a mistake of its own and goes on.")


AT_QUIT = """
from guarddog_gui.app.window_actions import WindowActions
def broken(_actions): raise ValueError(secret_text())
WindowActions.stop = broken
"""


def test_a_crash_at_quit_stops_the_rest_and_is_shown_at_the_next_start(tmp_path: Path) -> None:
    ended = CrashedProgram(tmp_path, AT_QUIT)
    assert ended.exit_code == 1
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "data" / "history.sqlite3-wal").exists()  # the engine was stopped
    assert ended.leaks() == []

    assert CrashedProgram(tmp_path, "", "--show").known["banner"].startswith("Guard Dog ended unexpectedly")
    assert CrashedProgram(tmp_path, "", "--show").known["banner"] == ""


@POSIX
@pytest.mark.parametrize(
    ("crash", "number"),
    [("import faulthandler; faulthandler._sigsegv()", signal.SIGSEGV), ("qFatal('no way on')", signal.SIGABRT)],
)
def test_a_process_that_dies_is_reported_by_the_next_one(tmp_path: Path, crash: str, number: int) -> None:
    died = CrashedProgram(tmp_path, f"\ndef begin():\n    print(json.dumps(known), flush=True)\n    {crash}\n")
    # Qt runs Python once more for its fatal message, and that may fault while the other threads go on
    assert died.exit_code in (-number, -signal.SIGSEGV)
    if number == signal.SIGABRT:
        assert "Qt: no way on" in died.log

    ended = CrashedProgram(tmp_path, "", "--show")
    assert ended.known["banner"].startswith("Guard Dog ended unexpectedly the last time.")
    report = ended.reports[-1]
    assert "Fatal Python error" in report
    assert 'File "guarddog_gui/app/tray_app.py", line' in report
    assert str(Path.home()) not in report
    assert ended.leaks() == []
    assert CrashedProgram(tmp_path, "", "--show").known["banner"] == ""


@POSIX
def test_a_process_that_was_killed_did_not_crash(tmp_path: Path) -> None:
    killed = CrashedProgram(tmp_path, "\ndef begin(): os.kill(os.getpid(), 9)\n")
    assert killed.exit_code == -signal.SIGKILL
    assert CrashedProgram(tmp_path, "", "--show").known["banner"] == ""
