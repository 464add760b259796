"""Crash reports of a running program: from the log and from the hooks of Python for unhandled exceptions.

What is written with `log.exception`, or at the level CRITICAL, is a mistake of the program. Everything else that
catches exceptions, such as the worker threads, therefore needs no knowledge of crash reports.
"""

import logging
import sys
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from guarddog_gui.adapters.files.paths import AppPaths

if TYPE_CHECKING:
    from pathlib import Path

    from guarddog_gui.adapters.crash_reports.report import CrashReport

REPORTS_PER_RUN_MAX = 10  # different ones; the first are the causes, and later ones must not push them out
_OWN_LOGGER = "guarddog_gui"

log = logging.getLogger(__name__)


class CrashReporter(logging.Handler):
    """Log handler that writes one report for each different mistake, from any thread. It never raises.

    `on_report` receives each report in the thread of the crash, if it is set; otherwise the next start of the
    program finds the report. The modules that write reports are loaded by the first crash.
    """

    def __init__(self, paths: AppPaths, program: str) -> None:
        super().__init__(logging.ERROR)
        self._paths = paths
        self._program = program
        self._signatures: set[str] = set()
        self._is_reporting = False
        self._hooks_before: tuple[Any, Any, Any] | None = None
        self.on_report: Callable[[CrashReport], None] | None = None
        self.get_facts: Callable[[], Mapping[str, str]] = dict  # about the desktop

    def start(self) -> None:
        """Report from now on, and replace the hooks, which would print exceptions with their texts."""
        logging.getLogger(_OWN_LOGGER).addHandler(self)
        self._hooks_before = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = _log_exception
        threading.excepthook = _log_exception_of
        sys.unraisablehook = _log_exception_of

    def stop(self) -> None:
        logging.getLogger(_OWN_LOGGER).removeHandler(self)
        if self._hooks_before is not None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks_before
            self._hooks_before = None

    def emit(self, record: logging.LogRecord) -> None:
        # `handle` holds the lock of the handler: only this thread itself can come here while it reports
        if self._is_reporting or (record.exc_info is None and record.levelno < logging.CRITICAL):
            return
        self._is_reporting = True
        try:
            self._report(record)
        except Exception:  # noqa: BLE001 - a full disk, no memory: the program goes on without the report
            return
        finally:
            self._is_reporting = False

    def _report(self, record: logging.LogRecord) -> None:
        from guarddog_gui.adapters.crash_reports import exception_text, report
        from guarddog_gui.adapters.crash_reports.folder import CrashReportFolder

        message = report.redact(_message_of(record))
        error = record.exc_info[1] if record.exc_info is not None else None
        description = exception_text.describe_exception(error) if error is not None else None
        signature = description.signature if description is not None else message
        if signature in self._signatures or len(self._signatures) >= REPORTS_PER_RUN_MAX:
            return
        self._signatures.add(signature)
        is_main = record.thread == threading.main_thread().ident
        facts = {
            "program": self._program,
            "thread": "main thread" if is_main else f"other thread, {record.threadName}",
            **self.get_facts(),
        }
        what = f"{message}\n\n{description.text}" if description is not None else message
        text = report.make_report_text(what, facts, record.created, self._paths.log_file)
        folder = CrashReportFolder(self._paths.crashes_dir)
        path = folder.add(text, record.created, is_seen=self.on_report is not None)
        if self.on_report is not None:
            self.on_report(report.CrashReport(text, path))


def report_crash(error: Exception, paths: AppPaths, program: str) -> "Path | None":
    """Log an exception that ends the program, and return the path of its report; None without a writable folder."""
    reports: list[CrashReport] = []
    reporter = CrashReporter(paths, program)
    reporter.on_report = reports.append
    own_logger = logging.getLogger(_OWN_LOGGER)
    own_logger.addHandler(reporter)
    try:
        log.error("%s ended by a mistake of its own", program, exc_info=error)
    finally:
        own_logger.removeHandler(reporter)
    return reports[0].path if reports else None


def find_report_of_earlier_run(paths: AppPaths, now: float) -> "CrashReport | None":
    """Return the report that the program wrote at its end, or write it if the process itself has crashed."""
    if not paths.crashes_dir.is_dir():
        return None
    from guarddog_gui.adapters.crash_reports.folder import CrashReportFolder
    from guarddog_gui.adapters.crash_reports.hard_crash import HardCrashLog

    folder = CrashReportFolder(paths.crashes_dir)
    unseen = folder.take_unseen()
    what = HardCrashLog(paths.crashes_dir).take_earlier()
    if not what:
        return unseen
    from guarddog_gui.adapters.crash_reports.report import CrashReport, make_report_text

    text = make_report_text(what, {"program": "of an earlier run"}, now, paths.log_file)
    return CrashReport(text, folder.add(text, now, is_seen=True), is_of_earlier_run=True)


def _message_of(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - the repr of an argument has failed
        return str(record.msg)


def _log_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    log.error("an unexpected exception", exc_info=(kind, error, trace))


def _log_exception_of(hook: "threading.ExceptHookArgs | sys.UnraisableHookArgs") -> None:
    """Log an exception of a thread, or of a destructor or callback, without the repr of the object."""
    if hook.exc_value is not None:
        _log_exception(hook.exc_type, hook.exc_value, hook.exc_traceback)
