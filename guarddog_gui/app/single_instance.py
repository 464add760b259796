"""One running program per data folder: a second start sends its command to the first and exits."""

import json
import os
import time
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from guarddog_gui.adapters.files.process_lock import ProcessLock
from guarddog_gui.adapters.private_sockets import is_same_user, private_socket_name
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason

if TYPE_CHECKING:  # QtNetwork takes 10 ms to import, for which the tray icon does not wait
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

CONNECT_TIMEOUT_MS = 1000
STARTUP_TIMEOUT_S = 3.0  # the running program may hold the lock already and not listen yet
RETRY_INTERVAL_S = 0.05
MESSAGE_BYTES_MAX = 4096


class CommandResult(Enum):
    """Result of a command to the process that holds the lock."""

    SENT = auto()
    NO_ANSWER = auto()
    ACQUIRED = auto()  # that process has ended, and this one holds the lock now


class SingleInstance(QObject):
    """Lock file, and local socket for the commands of later starts.

    The lock is taken before the socket is opened, so that of two programs that start at the same time only
    one continues. Both ends of the socket talk only to processes of the same user.
    """

    command_received = Signal(str, str)  # "show" or "quit", XDG activation token or ""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._lock = ProcessLock(folder / "tray.lock")
        self._server: QLocalServer | None = None

    def try_acquire(self) -> bool:
        """Take the lock; return False if another process has it. Raise FileError if it cannot be created."""
        return self._lock.try_acquire()

    def listen(self) -> None:
        """Receive the commands of later starts; call it after `try_acquire`. Raise FileError if that is impossible."""
        from PySide6.QtNetwork import QLocalServer

        name = _socket_name(self._folder)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_new_connection)
        QLocalServer.removeServer(name)  # left by a crash: nothing else uses it while the lock is taken
        if not self._server.listen(name):
            raise FileError(name, FileErrorReason.CANNOT_BE_OPENED)

    def send_command(
        self, command: str, activation_token: str = "", *, timeout_s: float = STARTUP_TIMEOUT_S
    ) -> CommandResult:
        """Send a command to the process that holds the lock, or take the lock if that process ends meanwhile.

        Raise FileError if another user could be in the place of that process.
        """
        from PySide6.QtNetwork import QLocalSocket

        name, deadline = _socket_name(self._folder), time.monotonic() + timeout_s
        socket = QLocalSocket()
        socket.connectToServer(name)
        while not socket.waitForConnected(CONNECT_TIMEOUT_MS):
            # A program that quits closes its socket first and holds the lock until it has ended, and `--quit`
            # without a running program holds the lock for a moment: none of them will ever listen.
            if self.try_acquire():
                return CommandResult.ACQUIRED
            if time.monotonic() > deadline:
                return CommandResult.NO_ANSWER
            time.sleep(RETRY_INTERVAL_S)
            socket.connectToServer(name)
        if not is_same_user(_descriptor(socket)):
            socket.abort()
            raise FileError(name, FileErrorReason.NOT_PRIVATE)
        socket.write(json.dumps({"wish": command, "token": activation_token}).encode() + b"\n")
        sent = socket.waitForBytesWritten(CONNECT_TIMEOUT_MS)
        socket.disconnectFromServer()
        return CommandResult.SENT if sent else CommandResult.NO_ANSWER

    def release(self) -> None:
        if self._server is not None:
            self._server.close()
        self._lock.release()

    @Slot()
    def _on_new_connection(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            if not is_same_user(_descriptor(socket)):
                socket.abort()
                socket.deleteLater()
                continue
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
            message = json.loads(bytes(socket.readLine().data()))
        except (ValueError, RecursionError):
            return
        if isinstance(message, dict) and message.get("wish") in ("show", "quit"):
            self.command_received.emit(message["wish"], _valid_activation_token(message.get("token")))


def _valid_activation_token(activation_token: object) -> str:
    """Return the token if it can be an environment variable, else ""."""
    is_text = isinstance(activation_token, str) and activation_token.isascii() and activation_token.isprintable()
    return str(activation_token) if is_text else ""


def _socket_name(folder: Path) -> str:
    """Return a name for this user and data folder. Raise FileError if another user has taken it."""
    from hashlib import sha256

    return private_socket_name(f"guarddog-{sha256(os.fsencode(folder)).hexdigest()[:12]}", os.environ)


def _descriptor(local_socket: "QLocalSocket") -> int:
    # on Windows the handle of a pipe, which is not used there
    return int(local_socket.socketDescriptor())
