"""Runs a person's command with our values in its environment, and never for longer than it may take."""

import logging
import os
import sys
import threading
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from guarddog_gui.adapters.files.errors import file_trouble
from guarddog_gui.domain.exports.formats import Values, command_variables
from guarddog_gui.domain.exports.reports import OutletFault, OutletTrouble
from guarddog_gui.domain.exports.targets import Outlet
from guarddog_gui.domain.tokens.record import TokenKind, fingerprint

if TYPE_CHECKING:
    import subprocess  # 15 ms with what it brings, that a start without commands does not pay

DEADLINE_S = 10.0
HEARD_MAX = 64 * 1024  # bytes of output that are looked at; the rest is read and dropped
LOGGED_MAX = 2000  # characters
_PART = 16  # characters in a row that tell something of a value; a fingerprint shows four
_LAST_WORDS_S = 0.5  # for its output, where a child that goes on holds that open

_OWN = frozenset({"WECHAT_APPID", "WECHAT_EXPIRES_AT", *(f"WECHAT_{kind}" for kind in TokenKind)})

_log = logging.getLogger(__name__)


class Commands:
    """Runs commands in the home folder of the person; no shell is between. Safe to use from any thread."""

    def __init__(self, deadline_s: float = DEADLINE_S) -> None:
        self._deadline_s = deadline_s
        self._under_way: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._is_over = False

    def run(self, outlet: Outlet, appid: str, values: Values) -> OutletTrouble | None:
        """Run it to its end or to its deadline; what went wrong, if anything did. Never raises.

        At the deadline it is ended with all its children. Those of a command that ends by itself may go on.
        """
        import subprocess

        environ = {name: text for name, text in os.environ.items() if name not in _OWN}
        started = self._started(outlet.command, environ | command_variables(appid, values))
        if not isinstance(started, subprocess.Popen):
            return started
        heard = _Heard(started.stdout)
        try:
            code = started.wait(self._deadline_s)
            trouble = OutletTrouble(OutletFault.EXIT, str(code)) if code else None
        except subprocess.TimeoutExpired:
            trouble = OutletTrouble(OutletFault.DEADLINE)
        finally:  # also when the person presses Ctrl+C
            _end(started)
            with self._lock:
                self._under_way.discard(started)
                was_cut_off = self._is_over
        _tell(outlet.command[0], appid, heard.text(values))
        return OutletTrouble(OutletFault.CUT_OFF) if trouble and was_cut_off else trouble

    def break_off(self) -> None:
        """End what runs, and run nothing more: the program is quit."""
        with self._lock:
            self._is_over = True
            for process in self._under_way:
                _end(process)

    def _started(
        self, command: tuple[str, ...], environ: dict[str, str]
    ) -> "subprocess.Popen[bytes] | OutletTrouble":
        import subprocess

        with self._lock:
            if self._is_over:
                return OutletTrouble(OutletFault.CUT_OFF)
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
                reason = file_trouble("", error).reason if isinstance(error, OSError) else str(error)
                return OutletTrouble(OutletFault.NOT_STARTED, reason)
            self._under_way.add(process)
            return process


class _Heard:
    """What a command says, read by a thread of its own: a pipe that nobody reads would hold it up."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        self._data = b""
        self._thread = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self._thread.start()

    def _read(self, pipe: IO[bytes] | None) -> None:
        if pipe is None:
            return
        with pipe:
            while chunk := pipe.read(HEARD_MAX):
                self._data += chunk[: HEARD_MAX - len(self._data)]

    def text(self, values: Values) -> str:
        """It, in one line, without the values."""
        from guarddog_gui.adapters.logs import redacted

        self._thread.join(_LAST_WORDS_S)
        text = self._data.decode("utf-8", "replace")
        for record in values.values():
            text = text.replace(record.value, fingerprint(record.value))
        if _has_parts(text, values):
            return "(its output has parts of a value, and is not kept)"
        lines = (line.strip() for line in redacted(text).splitlines())
        said = " | ".join(filter(None, lines))
        return "".join(char if char.isprintable() else "?" for char in said)[:LOGGED_MAX]


def _has_parts(text: str, values: Values) -> bool:
    """Whether pieces of a value are in it, as `fold` makes them: together they would be the value."""
    run_together = "".join(text.split())
    return any(
        record.value[at : at + _PART] in run_together
        for record in values.values()
        for at in range(max(0, len(record.value) - _PART + 1))
    )


def _tell(program: str, appid: str, said: str) -> None:
    if said:
        _log.info("%s for %s: %s", program, appid, said)


def _end(process: "subprocess.Popen[bytes]") -> None:
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
        process.wait(_LAST_WORDS_S)
