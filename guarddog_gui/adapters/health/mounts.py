"""List of the mounted file systems, which the kernel gives without asking any of them."""

import sys
from pathlib import Path

from guarddog_gui.domain.health.mounts import Mount, parse_mountinfo

_MOUNTINFO = Path("/proc/self/mountinfo")


def read_mounts(path: Path = _MOUNTINFO) -> tuple[Mount, ...]:
    """Return the mounts of this process; empty outside of Linux or without /proc."""
    if sys.platform != "linux":
        return ()
    try:
        return parse_mountinfo(path.read_text(encoding="utf-8", errors="surrogateescape"))
    except OSError:
        return ()
