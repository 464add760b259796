"""Pseudo-terminal in which a test runs guarddogctl."""

import os
import select
import shlex
import subprocess
import time

from tests.cli.subprocess_cli import GUARDDOGCTL


class PseudoTerminal:
    """Terminal of one guarddogctl, with everything that it has shown."""

    def __init__(self, argv: list[str], environ: dict[str, str]) -> None:
        self._master, self._other = os.openpty()
        name = os.ttyname(self._other)
        # the shell leads a session without a terminal: the first one that it opens becomes its controlling one
        self.program = subprocess.Popen(
            ["sh", "-c", f'exec {shlex.join([GUARDDOGCTL, *argv])} <"{name}" >"{name}" 2>&1'],
            env=environ, start_new_session=True,
        )  # fmt: skip
        self._output = b""

    @property
    def shown(self) -> str:
        return self._output.decode(errors="replace")

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + 30
        while text not in self.shown:
            readable, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
            assert readable, f"{text!r} was not shown: {self.shown!r}"
            self._output += os.read(self._master, 4096)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def read_echo(self) -> None:
        """Read what is there, so that a terminal that echoes much is not full."""
        while select.select([self._master], [], [], 0.2)[0]:
            self._output += os.read(self._master, 4096)

    def wait_for_exit(self) -> int:
        """Return the exit code, after everything that was written has been read."""
        code = self.program.wait(timeout=30)
        os.close(self._other)
        try:
            while more := os.read(self._master, 4096):
                self._output += more
        except OSError:
            pass  # on Linux: the other side is closed
        os.close(self._master)
        return code
