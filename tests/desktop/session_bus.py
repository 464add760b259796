"""Private D-Bus daemon that starts no services: only those that a test starts answer on it."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.desktop.processes import minimal_environment, require_command, start_process, stop_process, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Without <servicedir>, so that a call does not start the machine's dunst or gnome-keyring.
CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@contextmanager
def private_bus(folder: Path, name: str = "bus") -> Iterator[str]:
    """Run a bus and yield its address. Its socket is in `folder`; a socket's path has at most 107 bytes."""
    path = folder / f"{name}.socket"
    configuration = folder / f"{name}.conf"
    configuration.write_text(CONFIGURATION.format(socket=path))
    command = [require_command("dbus-daemon"), "--nofork", "--nopidfile", f"--config-file={configuration}"]
    daemon = start_process(command, minimal_environment())
    try:
        wait_until(lambda: _accepts_connections(path), "the private bus")
        yield f"unix:path={path}"
    finally:
        stop_process(daemon)


def _accepts_connections(path: Path) -> bool:
    """Return False while the daemon has only bound its socket: a file that exists refuses connections then."""
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0
