"""Real gnome-keyring on the private bus, which tests can lock, freeze, kill and restart."""

from __future__ import annotations

import signal
import subprocess
from typing import TYPE_CHECKING

from jeepney import DBusAddress

from tests.desktop.bus_service import BusClient
from tests.desktop.processes import require_command, start_process, stop_process, wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVICE = "org.freedesktop.secrets"
LOGIN_COLLECTION = "/org/freedesktop/secrets/collection/login"
SECRET_SERVICE = DBusAddress("/org/freedesktop/secrets", SERVICE, "org.freedesktop.Secret.Service")
UNLOCK_INTERFACE = DBusAddress(
    "/org/freedesktop/secrets", SERVICE, "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
)
PASSWORD = b"the password of the login keyring"


class GnomeKeyring:
    """gnome-keyring daemon. Its secrets are stored in the environment's HOME and outlive the daemon."""

    def __init__(self, bus: str, environment: Mapping[str, str]) -> None:
        self.bus = bus
        self._environment = environment
        self._daemon: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it unlocked, as after a login with a password."""
        self._start_daemon("--unlock", stdin=PASSWORD)
        wait_until(lambda: self.is_locked() is False, "an unlocked gnome-keyring")

    def start_locked(self) -> None:
        """Start it locked, as after an automatic login without a password. Needs an earlier start()."""
        self._start_daemon(stdin=b"")
        wait_until(lambda: self.is_locked() is True, "a locked gnome-keyring")

    def lock(self) -> None:
        client = BusClient(self.bus)
        client.call(SECRET_SERVICE, "Lock", "ao", ([LOGIN_COLLECTION],))
        client.close()

    def unlock(self) -> None:
        """Unlock it, like a user who enters the password in another program."""
        client = BusClient(self.bus)
        opened = client.call(SECRET_SERVICE, "OpenSession", "sv", ("plain", ("s", "")))
        password = (opened[1], b"", PASSWORD, "text/plain")
        client.call(UNLOCK_INTERFACE, "UnlockWithMasterPassword", "o(oayays)", (LOGIN_COLLECTION, password))
        client.close()

    def freeze(self) -> None:
        """Suspend the daemon: it keeps its name on the bus but does not answer."""
        self._running_daemon().send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._running_daemon().send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self._running_daemon().kill()
        self.stop()

    def stop(self) -> None:
        if self._daemon is not None:
            self._daemon.send_signal(signal.SIGCONT)  # a frozen one would not handle the SIGTERM
            stop_process(self._daemon)
            self._daemon = None

    def is_locked(self) -> bool | None:
        """Return None if there is no login keyring on the bus."""
        client = BusClient(self.bus)
        try:
            if not client.has_owner(SERVICE):
                return None
            collection = client.properties(SERVICE, LOGIN_COLLECTION, "org.freedesktop.Secret.Collection")
            return bool(collection["Locked"]) if "Locked" in collection else None
        finally:
            client.close()

    def _start_daemon(self, *options: str, stdin: bytes) -> None:
        command = [require_command("gnome-keyring-daemon"), "--foreground", "--components=secrets", *options]
        self._daemon = start_process(command, self._environment, stdin=subprocess.PIPE)
        assert self._daemon.stdin
        self._daemon.stdin.write(stdin)
        self._daemon.stdin.close()

    def _running_daemon(self) -> subprocess.Popen[bytes]:
        assert self._daemon is not None, "the keyring has not been started"
        return self._daemon
