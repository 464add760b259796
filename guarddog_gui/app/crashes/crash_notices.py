"""Crash reports in the tray app: a banner in the window, and a notification while it is hidden."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from guarddog_gui.adapters.files.paths import AppPaths
from guarddog_gui.bootstrap.crash_reporter import CrashReporter, find_report_of_earlier_run
from guarddog_gui.services.ports import Clock

if TYPE_CHECKING:
    from guarddog_gui.adapters.crash_reports.report import CrashReport
    from guarddog_gui.runtime.notifier import Notifier
    from guarddog_gui.ui.main_window import MainWindow


class CrashNotices(QObject):
    """Shows reports of any thread in the main thread. The window is not made for it: the banner waits in it."""

    _report_received = Signal(object)  # CrashReport

    def __init__(
        self,
        reporter: CrashReporter,
        paths: AppPaths,
        clock: Clock,
        get_facts: Callable[[], Mapping[str, str]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._reporter = reporter
        self._paths = paths
        self._clock = clock
        self._window: MainWindow | None = None
        self._notifier: Notifier | None = None
        self._report: CrashReport | None = None  # the newest
        self._report_received.connect(self._on_report_received)
        reporter.get_facts = get_facts
        reporter.on_report = self._report_received.emit

    def stop(self) -> None:
        """Leave later reports to the next start of the program."""
        self._reporter.on_report = None

    def set_window(self, window: "MainWindow") -> None:
        self._window = window
        if self._report is not None:
            self._show_in(window, self._report)

    def set_notifier(self, notifier: "Notifier") -> None:
        self._notifier = notifier
        if self._report is not None:
            self._notify(self._report)

    def show_report_of_earlier_run(self) -> None:
        """Show a report that the program wrote when it ended, unless there is a newer one already."""
        report = find_report_of_earlier_run(self._paths, self._clock())
        if report is not None and self._report is None:
            self._on_report_received(report)

    @Slot(object)
    def _on_report_received(self, report: "CrashReport") -> None:
        # from the event loop: the crash may be in the middle of a change of the window itself
        self._report = report
        QTimer.singleShot(0, self, self._show_newest)

    @Slot()
    def _show_newest(self) -> None:
        if self._report is None:
            return
        if self._window is not None:
            self._show_in(self._window, self._report)
        if self._window is None or not self._window.isVisible():
            self._notify(self._report)

    def _show_in(self, window: "MainWindow", report: "CrashReport") -> None:
        window.crash_banner.show_report(report.text, report.path, is_of_earlier_run=report.is_of_earlier_run)

    def _notify(self, report: "CrashReport") -> None:
        if self._notifier is not None:
            self._notifier.show_crash(is_of_earlier_run=report.is_of_earlier_run)
