"""Reports of `watch` to systemd, which has started it as a service: ready, still alive, and one line of status."""

from collections.abc import Mapping

from guarddog_gui.adapters.service.notify import ServiceManager
from guarddog_gui.bootstrap.background_engine import BackgroundEngine
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.runtime.qt_core import QObject, QTimer, Slot
from guarddog_gui.services.messages.message import Messages


class ServiceReports(QObject):
    """Sender of the reports; does nothing in a terminal.

    The timer runs in the event loop: a loop that hangs sends nothing, and systemd starts the program again.
    """

    def __init__(self, environ: Mapping[str, str], messages: Messages, engine: BackgroundEngine) -> None:
        super().__init__()
        self._manager = ServiceManager(environ)
        self._messages = messages
        self._controller = engine.controller
        self._status = ""
        self._alive_timer = QTimer(self)
        self._alive_timer.timeout.connect(self._on_alive_timeout)

    def start(self) -> None:
        """Report as soon as the event loop runs."""
        if not self._manager.is_present:
            return
        interval_s = self._manager.watchdog_interval_s
        if interval_s is not None:
            self._alive_timer.start(max(1, int(interval_s * 1000)))
        self._controller.overview_changed.connect(self._on_overview_changed)
        QTimer.singleShot(0, self, self._on_loop_started)

    def stop(self) -> None:
        self._alive_timer.stop()
        self._manager.report_stopping()

    def _on_loop_started(self) -> None:
        self._on_overview_changed(self._controller.overview())
        self._manager.report_ready()

    @Slot()
    def _on_alive_timeout(self) -> None:
        self._manager.keep_alive()

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        status = self._messages.headline(overview)
        if status != self._status:
            self._status = status
            self._manager.report_status(status)
