"""Asks the session bus whether there is a place for a tray icon; without Qt, and never starts a service."""

import sys
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from guarddog_gui.domain.health import TrayProbeResult

_WATCHER_SERVICE = "org.kde.StatusNotifierWatcher"
_WATCHER_PATH = "/StatusNotifierWatcher"
_SERVICE_MISSING_ERRORS = ("ServiceUnknown", "NameHasNoOwner")


def check_tray(
    environ: Mapping[str, str], *, address: str = "SESSION", timeout_s: float = 3.0
) -> TrayProbeResult:
    """Whether a panel shows icons of this kind, as far as that can be told within some seconds."""
    if sys.platform != "linux":
        return TrayProbeResult.NOT_LINUX
    if not environ.get("DISPLAY") and not environ.get("WAYLAND_DISPLAY"):
        return TrayProbeResult.NO_DESKTOP
    try:
        return _query_watcher(address, time.monotonic() + timeout_s)
    except TimeoutError:
        return TrayProbeResult.NOT_ANSWERING
    except Exception:  # noqa: BLE001 - no address, nobody there, no D-Bus at all: the border
        return TrayProbeResult.NO_BUS


def _query_watcher(address: str, deadline_monotonic_s: float) -> TrayProbeResult:
    from jeepney import DBusAddress, HeaderFields, MessageFlag, MessageType, Properties
    from jeepney.io.blocking import open_dbus_connection

    question = Properties(DBusAddress(_WATCHER_PATH, _WATCHER_SERVICE, _WATCHER_SERVICE)).get(
        "IsStatusNotifierHostRegistered"
    )
    question.header.flags |= MessageFlag.no_auto_start
    with closing(open_dbus_connection(address, auth_timeout=deadline_monotonic_s - time.monotonic())) as bus:
        reply: Any = bus.send_and_get_reply(
            question, timeout=max(0.0, deadline_monotonic_s - time.monotonic())
        )
    if reply.header.message_type is not MessageType.error:
        ((_, is_there),) = reply.body
        return TrayProbeResult.HOST if is_there else TrayProbeResult.NO_HOST
    name = str(reply.header.fields.get(HeaderFields.error_name, ""))
    return (
        TrayProbeResult.NO_HOST if name.endswith(_SERVICE_MISSING_ERRORS) else TrayProbeResult.NOT_ANSWERING
    )
