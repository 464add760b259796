"""The submenu that pauses automatic refreshes: half an hour, an hour, until tomorrow."""

import math

from PySide6.QtCore import QDateTime, QObject, QTime, Slot
from PySide6.QtWidgets import QMenu

from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Voice


class PauseMenu(QObject):
    """One for the tray and one for the window."""

    def __init__(self, controller: Controller, voice: Voice) -> None:
        super().__init__(controller)
        self._controller = controller
        self._voice = voice
        self.menu = QMenu()
        self._half_hour = self.menu.addAction("")
        self._half_hour.triggered.connect(self._on_half_hour)
        self._hour = self.menu.addAction("")
        self._hour.triggered.connect(self._on_hour)
        self._tomorrow = self.menu.addAction("")
        self._tomorrow.triggered.connect(self._on_tomorrow)
        self._resume = self.menu.addAction("")
        self._resume.triggered.connect(self._on_resume)
        self._paused_until: float | None = None
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._half_hour.setText(self.tr("30 minutes"))
        self._hour.setText(self.tr("1 hour"))
        self._tomorrow.setText(self.tr("Until tomorrow"))
        self._resume.setText(self.tr("Resume"))
        self._show()

    def show(self, overview: Overview) -> None:
        """Follow the state of the app."""
        if overview.paused_until != self._paused_until:
            self._paused_until = overview.paused_until
            self._show()

    def _show(self) -> None:
        until = self._paused_until
        title = self.tr("Pause")
        if until is not None and math.isinf(until):
            title = self.tr("Paused")
        elif until is not None:
            title = self.tr("Paused until {time}").format(time=self._voice.when(until))
        self.menu.setTitle(title)
        self._resume.setVisible(until is not None)

    @Slot()
    def _on_half_hour(self) -> None:
        self._controller.pause(self._voice.clock() + 1800)

    @Slot()
    def _on_hour(self) -> None:
        self._controller.pause(self._voice.clock() + 3600)

    @Slot()
    def _on_tomorrow(self) -> None:
        now = QDateTime.fromMSecsSinceEpoch(round(self._voice.clock() * 1000))
        midnight = QDateTime(now.date().addDays(1), QTime(0, 0))
        self._controller.pause(midnight.toMSecsSinceEpoch() / 1000)

    @Slot()
    def _on_resume(self) -> None:
        self._controller.pause(None)
