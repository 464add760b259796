"""Running of the user's export commands with the values in their environment, under a deadline."""

import logging
import os
import sys
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from guarddog_gui.adapters.exports.deferred_signals import deferred_signals
from guarddog_gui.adapters.files.paths import to_file_error
from guarddog_gui.domain.exports import formats
from guarddog_gui.domain.exports.formats import ValidRecords
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind
from guarddog_gui.domain.exports.targets import ExportTarget
from guarddog_gui.domain.tokens.record import fingerprint

if TYPE_CHECKING:
    import subprocess  # takes 15 ms to import, which a start without commands must not pay

COMMAND_TIMEOUT_S = 10.0
OUTPUT_MAX = 64 * 1024  # bytes of output that are examined; the rest is read and discarded
LOGGED_OUTPUT_MAX = 2000  # characters
_REVEALING_LENGTH = 16  # characters in a row of a value that must not be logged; a fingerprint shows four
_EXIT_GRACE_S = 0.5  # for the rest of the output: a child that goes on may keep the pipe open

_OWN_VARIABLES = frozenset({formats.APPID_VARIABLE, formats.EXPIRES_AT_VARIABLE, *formats.VALUE_VARIABLES.values()})

log = logging.getLogger(__name__)


class CommandRunner:
    """Run commands in the user's home folder, without a shell. For use from any thread."""

    def __init__(self, timeout_s: float = COMMAND_TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._is_shut_down = False

    def run(self, target: ExportTarget, appid: str, values: ValidRecords) -> ExportError | None:
        """Run the command and wait for its end; return what went wrong, or None. Never raises.

        At the deadline it is killed with all its children. Children of a command that ended may go on.
        """
        import subprocess

        environ = {name: text for name, text in os.environ.items() if name not in _OWN_VARIABLES}
        environ |= formats.command_env_variables(appid, values)
        process: subprocess.Popen[bytes] | None = None
        try:
            with deferred_signals():
                started = self._start(target.command, environ)
                if isinstance(started, ExportError):
                    return started
                process = started
                reader = _OutputReader(process.stdout)
            code = process.wait(self._timeout_s)
            error = ExportError(ExportErrorKind.EXIT, str(code)) if code else None
        except subprocess.TimeoutExpired:
            error = ExportError(ExportErrorKind.DEADLINE)
        finally:  # also when the user presses Ctrl+C
            if process is not None:
                self._end(process)
        output = reader.redacted_text(values)
        if output:
            log.info("%s for %s: %s", target.command[0], appid, output)
        return ExportError(ExportErrorKind.CUT_OFF) if error and self._is_shut_down else error

    def shut_down(self) -> None:
        """Kill all running commands and start no more, because the program quits."""
        with self._lock:
            self._is_shut_down = True
            for process in self._running:
                _kill_process_tree(process)

    def _start(self, command: tuple[str, ...], environ: dict[str, str]) -> "subprocess.Popen[bytes] | ExportError":
        import subprocess

        with self._lock:
            if self._is_shut_down:
                return ExportError(ExportErrorKind.CUT_OFF)
            try:
                process = subprocess.Popen(  # noqa: S603 - the user's own command, and no shell
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    bufsize=0,
                    cwd=os.path.expanduser("~"),  # noqa: PTH111 - Path.home() raises without a home
                    env=environ,
                    start_new_session=True,
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            except OSError as error:
                return ExportError(ExportErrorKind.NOT_STARTED, to_file_error("", error).reason)
            except ValueError as error:
                return ExportError(ExportErrorKind.NOT_STARTED, str(error))
            self._running.add(process)
            return process

    def _end(self, process: "subprocess.Popen[bytes]") -> None:
        _kill_process_tree(process)
        with self._lock:
            self._running.discard(process)


class _OutputReader:
    """Thread that reads a command's output: the command would block on a full pipe."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        self._data = b""
        self._thread = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self._thread.start()

    def _read(self, pipe: IO[bytes] | None) -> None:
        if pipe is None:
            return
        with pipe:
            while chunk := pipe.read(OUTPUT_MAX):
                self._data += chunk[: OUTPUT_MAX - len(self._data)]

    def redacted_text(self, values: ValidRecords) -> str:
        from guarddog_gui.domain.redaction import redact

        self._thread.join(_EXIT_GRACE_S)
        text = self._data.decode("utf-8", "replace")
        for record in values.values():
            text = text.replace(record.value, fingerprint(record.value))
        if _has_value_parts(text, values):
            return "(its output has parts of a value, and is not kept)"
        lines = (line.strip() for line in redact(text).splitlines())
        line = " | ".join(filter(None, lines))
        return "".join(char if char.isprintable() else "?" for char in line)[:LOGGED_OUTPUT_MAX]


def _has_value_parts(text: str, values: ValidRecords) -> bool:
    """Check for pieces of a value, even if line breaks divide it as `fold` does."""
    joined = "".join(text.split())
    return any(
        record.value[at : at + _REVEALING_LENGTH] in joined
        for record in values.values()
        for at in range(max(0, len(record.value) - _REVEALING_LENGTH + 1))
    )


def _kill_process_tree(process: "subprocess.Popen[bytes]") -> None:
    import subprocess

    if process.poll() is not None:
        return
    if sys.platform == "win32":
        taskkill = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(taskkill, capture_output=True, check=False)  # noqa: S603 - a program of Windows
    else:
        import signal

        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):  # a process that waits for a dead disk survives even SIGKILL
        process.wait(_EXIT_GRACE_S)
