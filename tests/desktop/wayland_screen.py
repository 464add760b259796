"""Private Wayland session without a screen: sway, its clipboard, and keys from a virtual keyboard."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.desktop.processes import minimal_environment, require_command, start_process, stop_process, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534
CONFIGURATION = "output HEADLESS-1 resolution 800x600\nxwayland disable\n"


class WaylandScreen:
    def __init__(self, socket: Path) -> None:
        self.socket = socket

    @property
    def environment(self) -> dict[str, str]:
        return minimal_environment(XDG_RUNTIME_DIR=str(self.socket.parent), WAYLAND_DISPLAY=self.socket.name)

    def clipboard(self, mime_type: str = "text") -> str:
        """Return what another program would paste; empty if the clipboard is."""
        return self._output("wl-paste", "--no-newline", "--type", mime_type)

    def clipboard_formats(self) -> list[str]:
        return self._output("wl-paste", "--list-types").split()

    def copy_like_another_program(self, text: str) -> None:
        subprocess.run([require_command("wl-copy"), text], env=self.environment, check=True, timeout=10)
        wait_until(lambda: self.clipboard() == text, "the text of the other program")

    def type_key(self, key: str) -> None:
        """Press and release a key in the window with the focus; wait first, because the keyboard is new to it."""
        self._output("wtype", "-s", "300", "-k", key, "-s", "300")

    def _output(self, command: str, *words: str) -> str:
        result = subprocess.run(
            [require_command(command), *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        return result.stdout


@contextmanager
def private_wayland_screen() -> Iterator[WaylandScreen]:
    """Run sway, which refuses to start as root: then it runs as nobody, and its clients may be root's."""
    sway = require_command("sway")
    folder = Path(tempfile.mkdtemp(prefix="gd-sway-"))
    runtime, configuration = folder / "run", folder / "config"
    runtime.mkdir(mode=0o700)
    configuration.write_text(CONFIGURATION)
    command = [sway, "-c", str(configuration)]
    if os.geteuid() == 0:
        for path in (folder, runtime):
            os.chown(path, NOBODY, NOBODY)
        command = [require_command("setpriv"), f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
    environment = minimal_environment(
        HOME=str(folder),
        XDG_RUNTIME_DIR=str(runtime),
        WLR_BACKENDS="headless",
        WLR_RENDERER="pixman",
        WLR_LIBINPUT_NO_DEVICES="1",
    )
    process = start_process(command, environment)
    try:
        socket = wait_until(lambda: next(runtime.glob("wayland-?"), None), "sway")
        yield WaylandScreen(socket)
    finally:
        stop_process(process)
        shutil.rmtree(folder)
