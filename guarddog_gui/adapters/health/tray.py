"""Check on the session bus if the desktop shows tray icons; without Qt, and without starting a service."""

import sys
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from guarddog_gui.domain.health import TrayProbeResult

_WATCHER_SERVICE = "org.kde.StatusNotifierWatcher"
_WATCHER_PATH = "/StatusNotifierWatcher"
_SERVICE_MISSING_ERRORS = ("ServiceUnknown", "NameHasNoOwner")


def check_tray(environ: Mapping[str, str], *, address: str = "SESSION", timeout_s: float = 3.0) -> TrayProbeResult:
    """Return the availability of a host for tray icons, within `timeout_s`."""
    if sys.platform != "linux":
        return TrayProbeResult.NOT_LINUX
    if not environ.get("DISPLAY") and not environ.get("WAYLAND_DISPLAY"):
        return TrayProbeResult.NO_DESKTOP
    try:
        return _query_watcher(address, time.monotonic() + timeout_s)
    except TimeoutError:
        return TrayProbeResult.NOT_ANSWERING
    except Exception:  # noqa: BLE001 - jeepney raises many kinds when there is no session bus
        return TrayProbeResult.NO_BUS


def _query_watcher(address: str, deadline_monotonic_s: float) -> TrayProbeResult:
    from jeepney import DBusAddress, HeaderFields, MessageFlag, MessageType, Properties
    from jeepney.io.blocking import open_dbus_connection

    watcher = DBusAddress(_WATCHER_PATH, _WATCHER_SERVICE, _WATCHER_SERVICE)
    request = Properties(watcher).get("IsStatusNotifierHostRegistered")
    request.header.flags |= MessageFlag.no_auto_start
    with closing(open_dbus_connection(address, auth_timeout=deadline_monotonic_s - time.monotonic())) as bus:
        reply: Any = bus.send_and_get_reply(request, timeout=max(0.0, deadline_monotonic_s - time.monotonic()))
    if reply.header.message_type is not MessageType.error:
        ((_, has_host),) = reply.body
        return TrayProbeResult.HOST if has_host else TrayProbeResult.NO_HOST
    error_name = str(reply.header.fields.get(HeaderFields.error_name, ""))
    return TrayProbeResult.NO_HOST if error_name.endswith(_SERVICE_MISSING_ERRORS) else TrayProbeResult.NOT_ANSWERING
