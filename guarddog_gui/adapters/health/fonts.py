"""Search for a font with Chinese characters, by the program of fontconfig, which Qt uses on Linux."""

import subprocess
import sys
from collections.abc import Mapping

from guarddog_gui.domain.health.results import FontProbeResult

_COMMAND = ("fc-list", ":lang=zh-cn", "family")


def check_fonts(environ: Mapping[str, str], *, timeout_s: float = 4.0) -> FontProbeResult:
    """Return whether a font covers Chinese, within `timeout_s` seconds: the first call may build a cache."""
    if sys.platform != "linux":
        return FontProbeResult.NOT_LINUX
    if not environ.get("DISPLAY") and not environ.get("WAYLAND_DISPLAY"):
        return FontProbeResult.NO_DESKTOP
    try:
        result = subprocess.run(  # noqa: S603 - a fixed command
            _COMMAND, env=dict(environ), stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout_s, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return FontProbeResult.UNKNOWN
    return FontProbeResult.FOUND if result.stdout.strip() else FontProbeResult.MISSING
