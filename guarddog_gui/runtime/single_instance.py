"""One program per home: a second start hands its wish to the first and ends."""

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal, Slot

from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason

if TYPE_CHECKING:  # sockets come when the tray is up: they cost it 10 ms
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

CONNECT_TIMEOUT_MS = 1000
STARTUP_TIMEOUT_S = 3.0  # the first one may hold the lock and not listen yet
RETRY_INTERVAL_S = 0.05
MESSAGE_BYTES_MAX = 4096


class SingleInstance(QObject):
    """Holds the lock, and then listens for later starts.

    The lock comes first and the socket after it, so that two programs that start together cannot both
    believe to be the only one; the socket takes connections of this user only.
    """

    command_received = Signal(str, str)  # wish ("show" or "quit"), XDG activation token or ""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._lock = QLockFile(str(folder / "tray.lock"))
        self._lock.setStaleLockTime(0)  # only a dead process makes it stale, not its age
        self._server: QLocalServer | None = None

    def try_acquire(self) -> bool:
        """True if this is the first program of this home. Raises FileTrouble when there can be no lock."""
        if not self._lock.tryLock(0):
            error = self._lock.error()
            if error is QLockFile.LockError.LockFailedError:
                return False
            denied = error is QLockFile.LockError.PermissionError
            raise FileError(
                self._lock.fileName(),
                FileErrorReason.PERMISSION_DENIED if denied else FileErrorReason.CANNOT_BE_OPENED,
            )
        return True

    def listen(self) -> None:
        """Begin to hear what later starts wish; after `take`."""
        from PySide6.QtNetwork import QLocalServer

        name = _socket_name(self._folder)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_new_connection)
        QLocalServer.removeServer(name)  # what a crash left behind; the lock says that nobody uses it
        self._server.listen(name)

    def send_command(
        self, command: str, activation_token: str = "", *, timeout_s: float = STARTUP_TIMEOUT_S
    ) -> bool:
        """Send a wish to the program that holds the lock; False if it does not answer."""
        from PySide6.QtNetwork import QLocalSocket

        name, until = _socket_name(self._folder), time.monotonic() + timeout_s
        socket = QLocalSocket()
        socket.connectToServer(name)
        while not socket.waitForConnected(CONNECT_TIMEOUT_MS):
            if time.monotonic() > until:
                return False
            time.sleep(RETRY_INTERVAL_S)
            socket.connectToServer(name)
        socket.write(json.dumps({"wish": command, "token": activation_token}).encode() + b"\n")
        sent = socket.waitForBytesWritten(CONNECT_TIMEOUT_MS)
        socket.disconnectFromServer()
        return sent

    def release(self) -> None:
        """Let the next one in."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    @Slot()
    def _on_new_connection(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._on_ready_read)
            socket.disconnected.connect(socket.deleteLater)
            if socket.canReadLine():
                self._read_command(socket)

    @Slot()
    def _on_ready_read(self) -> None:
        from PySide6.QtNetwork import QLocalSocket

        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._read_command(socket)

    def _read_command(self, socket: "QLocalSocket") -> None:
        if socket.bytesAvailable() > MESSAGE_BYTES_MAX:
            socket.abort()
            return
        if not socket.canReadLine():
            return
        try:
            said = json.loads(bytes(socket.readLine().data()))
        except (ValueError, RecursionError):
            return
        if isinstance(said, dict) and said.get("wish") in ("show", "quit"):
            self.command_received.emit(said["wish"], _valid_activation_token(said.get("token")))


def _valid_activation_token(activation_token: object) -> str:
    """A token that can stand in the environment, or ""."""
    return (
        activation_token
        if isinstance(activation_token, str) and activation_token.isascii() and activation_token.isprintable()
        else ""
    )


def _socket_name(folder: Path) -> str:
    """A name of this user and this home; in the user's run-time folder where there is one."""
    from hashlib import sha256

    home = sha256(os.fsencode(folder)).hexdigest()[:12]
    run_time = os.environ.get("XDG_RUNTIME_DIR")
    if run_time and len(run_time) < 70 and Path(run_time).is_dir():
        return str(Path(run_time) / f"guarddog-{home}")
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    return f"guarddog-{user}-{home}"
