"""Find out how a copy reaches the clipboard of this desktop, without Qt and without copying anything."""

import sys
from collections.abc import Mapping

from guarddog_gui.adapters.wayland.connection import find_socket_path
from guarddog_gui.adapters.wayland.registry import has_data_control
from guarddog_gui.domain.health.results import ClipboardProbeResult


def check_clipboard(environ: Mapping[str, str], *, timeout_s: float = 3.0) -> ClipboardProbeResult:
    if sys.platform != "linux":
        return ClipboardProbeResult.NOT_LINUX
    socket_path = find_socket_path(environ)
    # Qt prefers Wayland unless it is told otherwise
    if socket_path is None or environ.get("QT_QPA_PLATFORM", "").startswith("xcb"):
        return ClipboardProbeResult.X11 if environ.get("DISPLAY") else ClipboardProbeResult.NO_DESKTOP
    try:
        has_protocol = has_data_control(socket_path, timeout_s)
    except OSError:
        return ClipboardProbeResult.NOT_ANSWERING
    return ClipboardProbeResult.DATA_CONTROL if has_protocol else ClipboardProbeResult.WINDOW
