"""Runs a person's command with our values in its environment, and never for longer than it may take."""

import logging
import os
import sys
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from guarddog_gui.adapters.files.errors import to_file_error
from guarddog_gui.domain.exports.formats import (
    APPID_VARIABLE,
    EXPIRES_AT_VARIABLE,
    VALUE_VARIABLES,
    ValidRecords,
    command_env_variables,
)
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind
from guarddog_gui.domain.exports.targets import ExportTarget
from guarddog_gui.domain.tokens.record import fingerprint

if TYPE_CHECKING:
    import subprocess  # 15 ms with what it brings, that a start without commands does not pay

COMMAND_TIMEOUT_S = 10.0
OUTPUT_MAX = 64 * 1024  # bytes of output that are looked at; the rest is read and dropped
LOGGED_OUTPUT_MAX = 2000  # characters
_REVEALING_LENGTH = 16  # characters in a row that tell something of a value; a fingerprint shows four
_EXIT_GRACE_S = 0.5  # for its output, where a child that goes on holds that open

_OWN_VARIABLES = frozenset({APPID_VARIABLE, EXPIRES_AT_VARIABLE, *VALUE_VARIABLES.values()})

log = logging.getLogger(__name__)


class CommandRunner:
    """Runs commands in the home folder of the person; no shell is between. Safe to use from any thread."""

    def __init__(self, timeout_s: float = COMMAND_TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._is_shut_down = False

    def run(self, target: ExportTarget, appid: str, values: ValidRecords) -> ExportError | None:
        """Run it to its end or to its deadline; what went wrong, if anything did. Never raises.

        At the deadline it is ended with all its children. Those of a command that ends by itself may go on.
        """
        import subprocess

        environ = {name: text for name, text in os.environ.items() if name not in _OWN_VARIABLES}
        started = self._start(target.command, environ | command_env_variables(appid, values))
        if not isinstance(started, subprocess.Popen):
            return started
        heard = _OutputReader(started.stdout)
        try:
            code = started.wait(self._timeout_s)
            trouble = ExportError(ExportErrorKind.EXIT, str(code)) if code else None
        except subprocess.TimeoutExpired:
            trouble = ExportError(ExportErrorKind.DEADLINE)
        finally:  # also when the person presses Ctrl+C
            _kill_process_tree(started)
            with self._lock:
                self._running.discard(started)
                was_cut_off = self._is_shut_down
        _log_output(target.command[0], appid, heard.redacted_text(values))
        return ExportError(ExportErrorKind.CUT_OFF) if trouble and was_cut_off else trouble

    def shut_down(self) -> None:
        """End what runs, and run nothing more: the program is quit."""
        with self._lock:
            self._is_shut_down = True
            for process in self._running:
                _kill_process_tree(process)

    def _start(
        self, command: tuple[str, ...], environ: dict[str, str]
    ) -> "subprocess.Popen[bytes] | ExportError":
        import subprocess

        with self._lock:
            if self._is_shut_down:
                return ExportError(ExportErrorKind.CUT_OFF)
            try:
                process = subprocess.Popen(  # noqa: S603 - the person's own words, and no shell
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    bufsize=0,
                    cwd=os.path.expanduser("~"),  # noqa: PTH111 - there may be none
                    env=environ,
                    start_new_session=True,
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            except (OSError, ValueError) as error:
                reason = to_file_error("", error).reason if isinstance(error, OSError) else str(error)
                return ExportError(ExportErrorKind.NOT_STARTED, reason)
            self._running.add(process)
            return process


class _OutputReader:
    """What a command says, read by a thread of its own: a pipe that nobody reads would hold it up."""

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
        """It, in one line, without the values."""
        from guarddog_gui.adapters.logs import redact

        self._thread.join(_EXIT_GRACE_S)
        text = self._data.decode("utf-8", "replace")
        for record in values.values():
            text = text.replace(record.value, fingerprint(record.value))
        if _has_value_parts(text, values):
            return "(its output has parts of a value, and is not kept)"
        lines = (line.strip() for line in redact(text).splitlines())
        said = " | ".join(filter(None, lines))
        return "".join(char if char.isprintable() else "?" for char in said)[:LOGGED_OUTPUT_MAX]


def _has_value_parts(text: str, values: ValidRecords) -> bool:
    """Whether pieces of a value are in it, as `fold` makes them: together they would be the value."""
    run_together = "".join(text.split())
    return any(
        record.value[at : at + _REVEALING_LENGTH] in run_together
        for record in values.values()
        for at in range(max(0, len(record.value) - _REVEALING_LENGTH + 1))
    )


def _log_output(program: str, appid: str, output: str) -> None:
    if output:
        log.info("%s for %s: %s", program, appid, output)


def _kill_process_tree(process: "subprocess.Popen[bytes]") -> None:
    """End it and its children, if it still runs."""
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
    with suppress(subprocess.TimeoutExpired):  # a dead disk can hold even what was killed
        process.wait(_EXIT_GRACE_S)
