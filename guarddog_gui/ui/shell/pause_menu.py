"""Menu that pauses automatic refreshes: for 30 minutes, for an hour, until tomorrow."""

import math

from PySide6.QtCore import QDateTime, QObject, QTime, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Formatter


class PauseMenu(QObject):
    """Menu whose title shows the current pause; the tray icon and the window have one each."""

    def __init__(self, controller: Controller, formatter: Formatter) -> None:
        super().__init__(controller)
        self._controller = controller
        self._formatter = formatter
        self.menu = QMenu()
        self._half_hour_action = self.menu.addAction("")
        self._hour_action = self.menu.addAction("")
        self._tomorrow_action = self.menu.addAction("")
        self._resume_action = self.menu.addAction("")
        self.menu.triggered.connect(self._on_triggered)
        self._paused_until: float | None = None
        self.retranslate()

    def retranslate(self) -> None:
        self._half_hour_action.setText(self.tr("30 minutes"))
        self._hour_action.setText(self.tr("1 hour"))
        self._tomorrow_action.setText(self.tr("Until tomorrow"))
        self._resume_action.setText(self.tr("Resume"))
        self._update_texts()

    def show_overview(self, overview: Overview) -> None:
        if overview.paused_until != self._paused_until:
            self._paused_until = overview.paused_until
            self._update_texts()

    def _update_texts(self) -> None:
        until = self._paused_until
        title = self.tr("Pause")
        if until is not None and math.isinf(until):
            title = self.tr("Paused")
        elif until is not None:
            title = self.tr("Paused until {time}").format(time=self._formatter.format_time(until))
        self.menu.setTitle(title)
        self._resume_action.setVisible(until is not None)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        now = self._formatter.clock()
        midnight = QDateTime(QDateTime.fromMSecsSinceEpoch(round(now * 1000)).date().addDays(1), QTime(0, 0))
        ends = {
            self._half_hour_action: now + 1800,
            self._hour_action: now + 3600,
            self._tomorrow_action: midnight.toMSecsSinceEpoch() / 1000,
            self._resume_action: None,
        }
        self._controller.pause(ends[action])
