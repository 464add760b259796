"""SIGTERM and SIGINT as a Qt signal. Python's own handlers do not run while Qt's event loop waits."""

import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot


class UnixSignals(QObject):
    """Wakes the event loop with the byte that Python writes to a socket for each signal."""

    quit_requested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read_socket, self._write_socket = socket.socketpair()
        self._read_socket.setblocking(False)
        self._write_socket.setblocking(False)
        self._notifier = QSocketNotifier(self._read_socket.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_socket_activated)

    def start(self) -> None:
        """Handle both signals; only in the main thread."""
        signal.set_wakeup_fd(self._write_socket.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)  # the byte for `set_wakeup_fd` is all that is needed

    def stop(self) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
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
