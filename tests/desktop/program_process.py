"""The installed program in a clean environment, with its output in a log file."""

from __future__ import annotations

import shlex
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from tests.desktop.processes import start_process, stop_process, wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCRIPTS = Path(sysconfig.get_path("scripts"))


def script_path(script: str) -> str:
    """Return the path of `guarddog-gui` or `guarddogctl` in the environment that runs the tests."""
    return str(SCRIPTS / script)


class ProgramProcess:
    """A running program; `output` is its stdout and stderr in order."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.command = shlex.join(command)
        self._log = log
        with log.open("wb") as file:
            self._process = start_process(command, environment, output=file)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def output(self) -> str:
        return self._log.read_text("utf-8", "replace")

    @property
    def exit_code(self) -> int | None:
        """Return None while it runs; a negative code means that a signal ended it."""
        return self._process.poll()

    def wait_for_output(self, text: str, *, timeout_s: float = 10.0) -> None:
        wait_until(lambda: text in self.output, f"{text!r} in the output", timeout_s=timeout_s)

    def wait_for_exit(self, *, timeout_s: float = 10.0) -> int:
        """Wait for a program that ends by itself and return its exit code."""
        return self._process.wait(timeout_s)

    def send_signal(self, number: int) -> None:
        self._process.send_signal(number)

    def stop(self) -> int:
        """Send SIGTERM, as at a logout, and SIGKILL after some seconds (then the exit code is -9)."""
        return stop_process(self._process)
