"""A private X screen with a window manager: what is on its clipboard, and a picture of it."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.desktop.processes import need, plain_environment, start, stop, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Screen:
    def __init__(self, display: str) -> None:
        self.display = display

    def clipboard(self) -> str:
        """The text that a paste would give now; empty if nobody owns the clipboard."""
        return self._output("xclip", "-selection", "clipboard", "-out")

    def clipboard_targets(self) -> list[str]:
        """The forms in which the clipboard is offered, such as UTF8_STRING."""
        return self._output("xclip", "-selection", "clipboard", "-out", "-target", "TARGETS").split()

    def windows(self, title: str) -> list[str]:
        """The ids of the visible windows whose title has that in it."""
        return self.xdotool("search", "--onlyvisible", "--name", title).split()

    def xdotool(self, *words: str) -> str:
        return self._output("xdotool", *words)

    def screenshot(self, file: Path) -> Path:
        self._output("import", "-window", "root", str(file))
        return file

    def _output(self, command: str, *words: str) -> str:
        done = subprocess.run(
            [need(command), *words],
            env=plain_environment(DISPLAY=self.display),
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        return done.stdout


@contextmanager
def private_screen(*, size: str = "1280x800") -> Iterator[Screen]:
    x_server, window_manager = need("Xvfb"), need("openbox")
    readable, writable = os.pipe()
    command = [x_server, "-displayfd", str(writable), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    server = start([*command, "-noreset"], plain_environment(), pass_fds=(writable,))
    os.close(writable)
    try:
        with os.fdopen(readable) as number:
            display = f":{number.readline().strip()}"  # Xvfb writes it once it is ready
        if display == ":":
            raise RuntimeError("Xvfb did not start")
        screen = Screen(display)
        environment = plain_environment(DISPLAY=display, DBUS_SESSION_BUS_ADDRESS="disabled:")
        manager = start([window_manager], environment)
        try:
            wait_until(lambda: _is_managed(screen), "openbox")
            yield screen
        finally:
            stop(manager)
    finally:
        stop(server)


def _is_managed(screen: Screen) -> bool:
    properties = subprocess.run(
        [need("xprop"), "-root", "_NET_SUPPORTING_WM_CHECK"],
        env=plain_environment(DISPLAY=screen.display),
        capture_output=True,
        text=True,
        check=False,
    )
    return "window id" in properties.stdout
