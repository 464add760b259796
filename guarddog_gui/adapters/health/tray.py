"""Asks the session bus whether there is a place for a tray icon; without Qt, and never starts a service."""

import sys
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from guarddog_gui.domain.health import TraySeen

_WATCHER = "org.kde.StatusNotifierWatcher"
_PATH = "/StatusNotifierWatcher"
_NOBODY_THERE = ("ServiceUnknown", "NameHasNoOwner")


def look_at_tray(environ: Mapping[str, str], *, address: str = "SESSION", seconds: float = 3.0) -> TraySeen:
    """Whether a panel shows icons of this kind, as far as that can be told within some seconds."""
    if sys.platform != "linux":
        return TraySeen.ELSEWHERE
    if not environ.get("DISPLAY") and not environ.get("WAYLAND_DISPLAY"):
        return TraySeen.NO_DESKTOP
    try:
        return _asked(address, time.monotonic() + seconds)
    except TimeoutError:
        return TraySeen.SILENT
    except Exception:  # noqa: BLE001 - no address, nobody there, no D-Bus at all: the border
        return TraySeen.NO_BUS


def _asked(address: str, until: float) -> TraySeen:
    from jeepney import DBusAddress, HeaderFields, MessageFlag, MessageType, Properties
    from jeepney.io.blocking import open_dbus_connection

    question = Properties(DBusAddress(_PATH, _WATCHER, _WATCHER)).get("IsStatusNotifierHostRegistered")
    question.header.flags |= MessageFlag.no_auto_start
    with closing(open_dbus_connection(address, auth_timeout=until - time.monotonic())) as bus:
        reply: Any = bus.send_and_get_reply(question, timeout=max(0.0, until - time.monotonic()))
    if reply.header.message_type is not MessageType.error:
        ((_, is_there),) = reply.body
        return TraySeen.HOST if is_there else TraySeen.NO_HOST
    name = str(reply.header.fields.get(HeaderFields.error_name, ""))
    return TraySeen.NO_HOST if name.endswith(_NOBODY_THERE) else TraySeen.SILENT
