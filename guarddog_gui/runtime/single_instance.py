"""One program per home: a second start hands its wish to the first and ends."""

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal, Slot

from guarddog_gui.domain.errors import FileTrouble

if TYPE_CHECKING:  # sockets come when the tray is up: they cost it 10 ms
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

CONNECT_MS = 1000
STARTING_S = 3.0  # the first one may hold the lock and not listen yet
AGAIN_S = 0.05
MESSAGE_MAX = 4096


class SingleInstance(QObject):
    """Holds the lock, and then listens for later starts.

    The lock comes first and the socket after it, so that two programs that start together cannot both
    believe to be the only one; the socket takes connections of this user only.
    """

    asked = Signal(str, str)  # wish ("show" or "quit"), XDG activation token or ""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._lock = QLockFile(str(folder / "tray.lock"))
        self._lock.setStaleLockTime(0)  # only a dead process makes it stale, not its age
        self._server: QLocalServer | None = None

    def take(self) -> bool:
        """True if this is the first program of this home. Raises FileTrouble when there can be no lock."""
        if not self._lock.tryLock(0):
            error = self._lock.error()
            if error is QLockFile.LockError.LockFailedError:
                return False
            denied = error is QLockFile.LockError.PermissionError
            raise FileTrouble(self._lock.fileName(), "permission denied" if denied else "it cannot be opened")
        return True

    def listen(self) -> None:
        """Begin to hear what later starts wish; after `take`."""
        from PySide6.QtNetwork import QLocalServer

        name = _socket_name(self._folder)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        QLocalServer.removeServer(name)  # what a crash left behind; the lock says that nobody uses it
        self._server.listen(name)

    def ask(self, wish: str, token: str = "", *, patience_s: float = STARTING_S) -> bool:
        """Send a wish to the program that holds the lock; False if it does not answer."""
        from PySide6.QtNetwork import QLocalSocket

        name, until = _socket_name(self._folder), time.monotonic() + patience_s
        socket = QLocalSocket()
        socket.connectToServer(name)
        while not socket.waitForConnected(CONNECT_MS):
            if time.monotonic() > until:
                return False
            time.sleep(AGAIN_S)
            socket.connectToServer(name)
        socket.write(json.dumps({"wish": wish, "token": token}).encode() + b"\n")
        sent = socket.waitForBytesWritten(CONNECT_MS)
        socket.disconnectFromServer()
        return sent

    def release(self) -> None:
        """Let the next one in."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    @Slot()
    def _on_connection(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._on_words)
            socket.disconnected.connect(socket.deleteLater)
            if socket.canReadLine():
                self._read(socket)

    @Slot()
    def _on_words(self) -> None:
        from PySide6.QtNetwork import QLocalSocket

        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._read(socket)

    def _read(self, socket: "QLocalSocket") -> None:
        if socket.bytesAvailable() > MESSAGE_MAX:
            socket.abort()
            return
        if not socket.canReadLine():
            return
        try:
            said = json.loads(bytes(socket.readLine().data()))
        except (ValueError, RecursionError):
            return
        if isinstance(said, dict) and said.get("wish") in ("show", "quit"):
            self.asked.emit(said["wish"], _plain_token(said.get("token")))


def _plain_token(token: object) -> str:
    """A token that can stand in the environment, or ""."""
    return token if isinstance(token, str) and token.isascii() and token.isprintable() else ""


def _socket_name(folder: Path) -> str:
    """A name of this user and this home; in the user's run-time folder where there is one."""
    from hashlib import sha256

    home = sha256(os.fsencode(folder)).hexdigest()[:12]
    run_time = os.environ.get("XDG_RUNTIME_DIR")
    if run_time and len(run_time) < 70 and Path(run_time).is_dir():
        return str(Path(run_time) / f"guarddog-{home}")
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    return f"guarddog-{user}-{home}"
