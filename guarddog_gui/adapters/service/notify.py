"""Reports to the service manager that has started this process.

The protocol is described at https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html.
"""

import socket
import sys
from collections.abc import Mapping
from contextlib import suppress

SOCKET_VARIABLE = "NOTIFY_SOCKET"
WATCHDOG_VARIABLE = "WATCHDOG_USEC"
STATUS_LENGTH_MAX = 300  # characters: one line of `systemctl status`


class ServiceManager:
    """Receiver of reports; without one, as in a terminal, all methods do nothing."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        name = environ.get(SOCKET_VARIABLE, "")
        self._address = "\0" + name[1:] if name.startswith("@") else name  # an abstract socket
        self._watchdog_usec = environ.get(WATCHDOG_VARIABLE, "")

    @property
    def is_present(self) -> bool:
        return self._address[:1] in ("/", "\0")

    @property
    def watchdog_interval_s(self) -> float | None:
        """Seconds between two calls of `keep_alive`; None if the manager does not wait for them.

        It is a quarter of the time after which the manager ends the process: one late report costs nothing.
        """
        is_number = self._watchdog_usec.isascii() and self._watchdog_usec.isdigit()
        return int(self._watchdog_usec) / 4_000_000 if self.is_present and is_number else None

    def report_ready(self) -> None:
        self._send("READY=1")

    def report_status(self, line: str) -> None:
        """Set the line that `systemctl status` shows."""
        self._send(f"STATUS={' '.join(line.split())[:STATUS_LENGTH_MAX]}")

    def report_stopping(self) -> None:
        self._send("STOPPING=1")

    def keep_alive(self) -> None:
        self._send("WATCHDOG=1")

    def _send(self, message: str) -> None:
        if sys.platform == "win32" or not self.is_present:
            return
        # a manager that restarts or is busy is no reason to wait: the next report follows
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
            connection.setblocking(False)
            connection.sendto(message.encode(), self._address)
