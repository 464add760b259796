"""SIGTERM, SIGINT and SIGHUP as a Qt signal. Python's own handlers do not run while Qt's event loop waits."""

import signal
import socket
from types import FrameType
from typing import Any

from guarddog_gui.runtime.qt_core import QObject, QSocketNotifier, Signal, Slot


class UnixSignals(QObject):
    """Wakes the event loop with the byte that Python writes to a socket for each signal."""

    quit_requested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read_socket, self._write_socket = socket.socketpair()
        self._read_socket.setblocking(False)
        self._write_socket.setblocking(False)
        self._handlers_before: dict[int, Any] = {}
        self._notifier = QSocketNotifier(self._read_socket.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_socket_activated)

    def start(self) -> None:
        """Handle the signals; only in the main thread.

        SIGHUP comes when the terminal or the session is closed. A program that was started with `nohup` ignores it
        from the beginning and goes on doing so.
        """
        signal.set_wakeup_fd(self._write_socket.fileno(), warn_on_full_buffer=False)
        for number in _quit_signals():
            self._handlers_before[number] = signal.signal(number, _ignore)

    def stop(self) -> None:
        signal.set_wakeup_fd(-1)
        for number, handler in self._handlers_before.items():
            signal.signal(number, handler)
        self._notifier.setEnabled(False)
        self._read_socket.close()
        self._write_socket.close()

    @Slot()
    def _on_socket_activated(self) -> None:
        try:
            self._read_socket.recv(64)
        except BlockingIOError:
            return
        self.quit_requested.emit()


def _quit_signals() -> tuple[int, ...]:
    hang_up = getattr(signal, "SIGHUP", None)  # Windows has none
    if hang_up is None or signal.getsignal(hang_up) is signal.SIG_IGN:
        return (signal.SIGTERM, signal.SIGINT)
    return (signal.SIGTERM, signal.SIGINT, hang_up)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the byte for `set_wakeup_fd` is all that is needed."""
