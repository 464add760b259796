"""Context of a command: the terminal it talks to, the parts of the program and the messages."""

import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from io import UnsupportedOperation
from threading import Lock
from types import FrameType
from typing import TYPE_CHECKING, TextIO

from msgspec import Struct

from guarddog_gui.cli.command_error import OutputError
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.printable import printable, printable_json

if TYPE_CHECKING:
    from guarddog_gui.bootstrap.container import Container
    from guarddog_gui.cli.log_file import LogFileOnDemand
    from guarddog_gui.services.messages.message import Message, Messages
    from guarddog_gui.services.ports import Clock, SecretStore

PROGRAM = "guarddogctl"
WRITE_EXPORTS = "--write-exports"  # internal argument, see `detached_exports`; the appid follows


class NoTerminalError(Exception):
    """There is no terminal on which text can be typed without being shown."""


def prompt_hidden(prompt: str) -> str:
    """Read a line from the terminal without echo, empty after Ctrl+D.

    Raises NoTerminalError rather than show what is typed.
    """
    import getpass
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(prompt)
    except getpass.GetPassWarning as error:
        raise NoTerminalError from error
    except EOFError:
        print(file=sys.stderr)  # ends the line of the prompt
        return ""


def closed_stdout() -> TextIO:
    """Return a stream for a standard output that the caller has closed: every write to it fails."""
    return open(os.devnull, encoding="utf-8")  # noqa: PTH123 - opened for reading


@contextmanager
def _translate_output_errors() -> Iterator[None]:
    from guarddog_gui.services.exit_codes import ExitCode

    try:
        yield
    except BrokenPipeError:
        raise OutputError(ExitCode.SUCCESS) from None  # `| head` has read enough
    except UnsupportedOperation:  # see `closed_stdout`
        raise OutputError(ExitCode.FILE_ERROR, os.strerror(errno.EBADF)) from None
    except OSError as error:
        raise OutputError(ExitCode.FILE_ERROR, error.strerror or type(error).__name__) from error


class Terminal(HiddenFields, Struct, eq=False):
    """Streams, environment and clock of a command.

    Results go to `stdout`, messages to `stderr`. `secret_store` replaces the system's keyring,
    `redis_passwords` its entries for the Redis of shared accounts.
    """

    hidden_fields = ("environ",)  # there may be secrets in it

    environ: Mapping[str, str]
    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    clock: "Clock"
    prompt_hidden: Callable[[str], str] = prompt_hidden
    secret_store: "SecretStore | None" = None
    redis_passwords: "SecretStore | None" = None

    def write_line(self, line: str) -> None:
        """Write one line of the result, or several. Raises OutputError.

        Nothing that a terminal obeys gets through: arguments and files of other programs are in such lines.
        """
        self.write_styled(printable(line, keep="\n\t") + "\n")

    def write_styled(self, text: str) -> None:
        """Write text with colours, whose values the caller has made printable. Raises OutputError."""
        with _translate_output_errors():
            self.stdout.write(text)

    @property
    def takes_bytes(self) -> bool:
        """Return True if the result goes to a file or a pipe, not to a screen."""
        return hasattr(self.stdout, "buffer") and not self.stdout.isatty()

    def write_bytes(self, data: bytes) -> None:
        """Write what is no text, such as a picture, behind what was written before. Raises OutputError."""
        with _translate_output_errors():
            self.stdout.flush()
            self.stdout.buffer.write(data)
            self.stdout.buffer.flush()

    def flush(self) -> None:
        """Flush the result. Raises OutputError."""
        with _translate_output_errors():
            self.stdout.flush()

    def write_table(self, rows: list[tuple[str, ...]]) -> None:
        """Write rows of the result with aligned columns. Raises OutputError."""
        from guarddog_gui.cli.tables.columns import align_rows

        for line in align_rows(rows):
            self.write_line(line)

    def write_json(self, fields: object) -> None:
        """Write the result as JSON. Raises OutputError."""
        self.write_line(printable_json(fields))

    def write_message(self, message: "Message | str") -> None:
        """Write a message in one line to standard error, with everything in it made printable."""
        self.show_progress(printable(message if isinstance(message, str) else message.text) + "\n")

    def show_progress(self, text: str) -> bool:
        """Write text to standard error at once; return False on an error, which could not be reported."""
        try:
            self.stderr.write(text)
            self.stderr.flush()
        except OSError:
            return False
        return True

    def prompt_line(self, prompt: str) -> str:
        """Ask for a line from standard input; return an empty text at its end or for an unseen question."""
        return self.stdin.readline().strip() if self.show_progress(prompt + " ") else ""


class CommandContext(Struct, frozen=True):
    """Everything a command works with."""

    terminal: Terminal
    container: "Container"
    messages: "Messages"
    log_file: "LogFileOnDemand | None" = None  # None: nothing is logged


class StopFlag:
    """Flag that a signal handler may set at any moment, and that only the main thread waits for.

    `threading.Event` is none: a handler that runs while the main thread is within `wait`, and so holds the lock of the
    event, would wait for that lock for ever. Here the lock itself is what is waited for.
    """

    def __init__(self) -> None:
        self._is_set = False
        self._lock = Lock()
        self._lock.acquire()

    def set(self) -> None:
        self._is_set = True
        with suppress(RuntimeError):  # it is released already: the second signal
            self._lock.release()

    def is_set(self) -> bool:
        return self._is_set

    def wait(self, timeout_s: float) -> bool:
        """Wait until the flag is set, or for this time; return True if it is set."""
        if not self._is_set:
            self._lock.acquire(timeout=timeout_s)
        return self._is_set


@contextmanager
def stop_flag() -> Iterator[StopFlag]:
    """Provide a flag that SIGINT and SIGTERM set while the block runs; only in the main thread."""
    stopped = StopFlag()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    previous_handlers = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in previous_handlers.items():
            signal.signal(number, handler)
