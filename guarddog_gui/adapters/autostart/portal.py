"""Autostart of a program in a Flatpak sandbox: the portal org.freedesktop.portal.Background.

Documented at https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Background.html. The desktop
writes the entry itself, into a folder that the sandbox may read, and may ask the user.
"""

import time
from collections import deque
from typing import Any

from guarddog_gui.adapters.autostart.entry_files import DesktopFile
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.problems import FileErrorReason

SERVICE = "org.freedesktop.portal.Desktop"
OBJECT_PATH = "/org/freedesktop/portal/desktop"
BACKGROUND = "org.freedesktop.portal.Background"
COMMAND = "guarddog-gui"  # in the sandbox; the portal adds `flatpak run` to it
ANSWER_TIMEOUT_S = 60.0  # the desktop may ask the user
_SUCCESS = 0  # of the signal Response


class PortalAutostart:
    """AutostartEntry that the desktop writes on request. All methods raise FileError."""

    def __init__(self, host_entry: DesktopFile, program: str, address: str = "SESSION") -> None:
        """Take the entry as the sandbox sees it, to read whether there is one."""
        self._host_entry = host_entry
        self._program = program
        self._address = address

    def read_program(self) -> str | None:
        """Return this program if there is an entry: it names `flatpak`, which starts the program."""
        return self._program if self._host_entry.read_program() is not None else None

    def is_disabled(self) -> bool:
        return self._host_entry.is_disabled()

    def write(self, _program: str) -> None:
        self._request(autostart=True)

    def remove(self) -> None:
        self._request(autostart=False)

    def _request(self, *, autostart: bool) -> None:
        try:
            is_granted = _ask_portal(self._address, autostart=autostart)
        except Exception as error:
            raise FileError(BACKGROUND, FileErrorReason.CANNOT_BE_OPENED) from error
        if not is_granted:
            raise FileError(BACKGROUND, FileErrorReason.PERMISSION_DENIED)


def _ask_portal(address: str, *, autostart: bool) -> bool:
    """Return whether the desktop has done it; the answer is a signal, which may come before the reply."""
    from jeepney import DBusAddress, HeaderFields, MatchRule, MessageType, message_bus, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    received: deque[Any] = deque()
    options = {
        "handle_token": ("s", "guarddog"),
        "autostart": ("b", autostart),
        "commandline": ("as", [COMMAND]),
        "dbus-activatable": ("b", False),
    }
    with open_dbus_connection(address) as connection:
        rule = MatchRule(type="signal", interface="org.freedesktop.portal.Request", member="Response")
        connection.filter(rule, queue=received)
        connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=ANSWER_TIMEOUT_S)
        portal = DBusAddress(OBJECT_PATH, SERVICE, BACKGROUND)
        call = new_method_call(portal, "RequestBackground", "sa{sv}", ("", options))
        reply = connection.send_and_get_reply(call, timeout=ANSWER_TIMEOUT_S)
        if reply.header.message_type is MessageType.error:  # there is no portal, or none of this kind
            raise ConnectionError(str(reply.header.fields.get(HeaderFields.error_name)))
        (handle,) = reply.body
        deadline = time.monotonic() + ANSWER_TIMEOUT_S
        while True:
            while received:
                message = received.popleft()
                if message.header.fields.get(HeaderFields.path) == handle:
                    code, results = message.body
                    return bool(code == _SUCCESS and results.get("autostart", ("b", False))[1] == autostart)
            connection.recv_messages(timeout=max(0.0, deadline - time.monotonic()))
