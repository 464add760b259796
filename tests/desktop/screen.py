"""Private X display with a window manager, its clipboard and screenshots."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.desktop.processes import minimal_environment, require_command, start_process, stop_process, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Screen:
    def __init__(self, display: str) -> None:
        self.display = display
        self.window_manager_pid: int | None = None

    def clipboard(self) -> str:
        """Return the text on the clipboard; empty if it has none."""
        return self._output("xclip", "-selection", "clipboard", "-out")

    def clipboard_targets(self) -> list[str]:
        """Return the formats in which the clipboard is offered, such as UTF8_STRING."""
        return self._output("xclip", "-selection", "clipboard", "-out", "-target", "TARGETS").split()

    def windows(self, title: str) -> list[str]:
        """Return the ids of the visible windows whose title contains a text (a regular expression)."""
        return self.xdotool("search", "--onlyvisible", "--name", title).split()

    @contextmanager
    def text_on_clipboard(self, text: str) -> Iterator[None]:
        """Put a text on the clipboard like another program, until the program under test copies something."""
        environment = minimal_environment(DISPLAY=self.display)
        command = [require_command("xclip"), "-selection", "clipboard", "-in", "-quiet"]
        owner = start_process(command, environment, stdin=subprocess.PIPE)
        try:
            assert owner.stdin is not None
            owner.stdin.write(text.encode())
            owner.stdin.close()
            wait_until(lambda: self.clipboard() == text, "the text on the clipboard")
            yield
        finally:
            stop_process(owner)

    @contextmanager
    def stopped_window_manager(self) -> Iterator[None]:
        """Stop the window manager, which afterwards works off what the programs have sent to it meanwhile."""
        assert self.window_manager_pid is not None
        os.kill(self.window_manager_pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.window_manager_pid, signal.SIGCONT)

    def wait_for_keyboard(self) -> None:
        """Wait until the main window receives the keys."""

        def is_active() -> bool:
            return self.xdotool("getactivewindow").strip() in self.windows("Guard Dog")

        wait_until(is_active, "the window with the keyboard")
        time.sleep(0.3)

    def xdotool(self, *words: str) -> str:
        return self._output("xdotool", *words)

    def screenshot(self, file: Path) -> Path:
        self._output("import", "-window", "root", str(file))
        return file

    def _output(self, command: str, *words: str) -> str:
        result = subprocess.run(
            [require_command(command), *words],
            env=minimal_environment(DISPLAY=self.display),
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        return result.stdout


@contextmanager
def private_screen(*, size: str = "1280x800") -> Iterator[Screen]:
    x_server, window_manager = require_command("Xvfb"), require_command("openbox")
    readable, writable = os.pipe()
    command = [x_server, "-displayfd", str(writable), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    server = start_process([*command, "-noreset"], minimal_environment(), pass_fds=(writable,))
    os.close(writable)
    try:
        with os.fdopen(readable) as number:
            display = f":{number.readline().strip()}"  # Xvfb writes it once it is ready
        if display == ":":
            raise RuntimeError("Xvfb did not start")
        screen = Screen(display)
        environment = minimal_environment(DISPLAY=display, DBUS_SESSION_BUS_ADDRESS="disabled:")
        manager = start_process([window_manager], environment)
        screen.window_manager_pid = manager.pid
        try:
            wait_until(lambda: _has_window_manager(screen), "openbox")
            yield screen
        finally:
            stop_process(manager)
    finally:
        stop_process(server)


def _has_window_manager(screen: Screen) -> bool:
    properties = subprocess.run(
        [require_command("xprop"), "-root", "_NET_SUPPORTING_WM_CHECK"],
        env=minimal_environment(DISPLAY=screen.display),
        capture_output=True,
        text=True,
        check=False,
    )
    return "window id" in properties.stdout
