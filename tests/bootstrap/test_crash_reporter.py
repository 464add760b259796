"""Reports from the log and the hooks: one for each mistake, from any thread, and never a second crash."""

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.crash_reports import report as report_module
from guarddog_gui.adapters.crash_reports.report import CrashReport
from guarddog_gui.adapters.files.paths import AppPaths, get_app_paths
from guarddog_gui.bootstrap.crash_reporter import (
    REPORTS_PER_RUN_MAX,
    CrashReporter,
    find_report_of_earlier_run,
    report_crash,
)

log = logging.getLogger("guarddog_gui.test")


class ReporterSetup:
    """A started reporter and what it has reported."""

    def __init__(self, home: Path) -> None:
        self.paths: AppPaths = get_app_paths({"GUARDDOG_HOME": str(home)})
        self.reports: list[CrashReport] = []
        self.reporter = CrashReporter(self.paths, "test program")
        self.reporter.on_report = self.reports.append
        self.reporter.start()

    @property
    def files(self) -> list[Path]:
        return sorted(self.paths.crashes_dir.glob("crash-*.txt"))


@pytest.fixture
def setup(tmp_path: Path) -> Iterator[ReporterSetup]:
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    setup = ReporterSetup(tmp_path)
    yield setup
    setup.reporter.stop()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == hooks


def fail(text: str = "x") -> None:
    try:
        raise ValueError(text)  # noqa: TRY301 - it has to have a traceback
    except ValueError:
        log.exception("the work failed")


def test_the_same_mistake_is_reported_once(setup: ReporterSetup) -> None:
    for number in range(20):
        fail(f"text {number}")
    (report,) = setup.reports
    assert "the work failed\n\nValueError: text 0\n" in report.text
    assert "program: test program\nthread: main thread\n" in report.text
    assert report.path == setup.files[0]


def test_a_flood_of_different_mistakes_ends(setup: ReporterSetup) -> None:
    for number in range(30):
        log.critical("mistake %s", chr(ord("A") + number))
    assert len(setup.reports) == REPORTS_PER_RUN_MAX
    assert "mistake A\n" in setup.reports[0].text


def test_warnings_and_errors_without_an_exception_are_no_crash(setup: ReporterSetup) -> None:
    log.warning("a")
    log.error("b")
    logging.getLogger("waitress").error("c", exc_info=ValueError())
    assert setup.reports == []


def test_exceptions_of_threads_and_hooks_are_reported(setup: ReporterSetup) -> None:
    thread = threading.Thread(target=lambda: 1 / 0, name="background")
    thread.start()
    thread.join()
    sys.excepthook(KeyError, KeyError("a"), None)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    leaving = threading.Thread(target=sys.exit)
    leaving.start()
    leaving.join()
    assert [report.text.count("thread: other thread, background") for report in setup.reports] == [1, 0]
    assert "KeyError: 'a'" in setup.reports[1].text


def test_a_listener_or_report_that_fails_stops_nothing(setup: ReporterSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        log.critical("the listener has a problem")  # which must not be reported by the reporter again
        raise ZeroDivisionError

    setup.reporter.on_report = broken
    fail()
    assert len(setup.files) == 1
    monkeypatch.setattr(report_module, "make_report_text", broken)
    log.critical("another")
    assert len(setup.files) == 1


class BrokenRepr:
    def __repr__(self) -> str:
        raise ZeroDivisionError


def test_an_argument_that_cannot_be_shown_does_not_hide_the_exception(setup: ReporterSetup) -> None:
    logging.raiseExceptions = False
    try:
        log.error("about %r", BrokenRepr(), exc_info=ValueError("y"))
    finally:
        logging.raiseExceptions = True
    assert "about %r\n\nValueError: y" in setup.reports[0].text


def test_without_a_listener_the_next_run_finds_the_report(setup: ReporterSetup) -> None:
    setup.reporter.on_report = None
    fail()
    report = find_report_of_earlier_run(setup.paths, 0.0)
    assert report is not None
    assert report.is_of_earlier_run
    assert "ValueError: x" in report.text
    assert find_report_of_earlier_run(setup.paths, 0.0) is None


def test_a_hard_crash_of_the_earlier_run_becomes_a_report(setup: ReporterSetup) -> None:
    setup.paths.crashes_dir.mkdir(parents=True)
    crash = "Fatal Python error: Aborted\n"
    (setup.paths.crashes_dir / "hard-crash.earlier.log").write_text(crash, encoding="utf-8")
    report = find_report_of_earlier_run(setup.paths, 0.0)
    assert report is not None
    assert "Fatal Python error: Aborted" in report.text
    assert setup.files == [report.path]


def test_an_exception_that_ends_a_program_is_logged_and_its_report_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = report_crash(ValueError("z"), get_app_paths({"GUARDDOG_HOME": str(tmp_path)}), "guarddogctl")
    assert path is not None
    assert "ValueError: z" in path.read_text("utf-8")
    assert "guarddogctl ended by a mistake of its own" in caplog.text
