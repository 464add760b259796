"""SIGTERM and SIGINT as a Qt signal: Python's own handlers do not run while Qt sleeps."""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot


class QuitSignals(QObject):
    """A byte on a socket wakes the event loop; the handlers themselves do nothing."""

    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_byte)

    def start(self) -> None:
        """Take over both signals; in the main thread only."""
        signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _ignore)

    def stop(self) -> None:
        """Give both signals back."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._notifier.setEnabled(False)
        self._read.close()
        self._write.close()

    @Slot()
    def _on_byte(self) -> None:
        try:
            self._read.recv(64)
        except BlockingIOError:
            return
        self.asked.emit()


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """The wake-up byte says it all."""
