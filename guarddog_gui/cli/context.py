"""Context of a command: the terminal it talks to, the parts of the program and the messages."""

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import UnsupportedOperation
from typing import TYPE_CHECKING, NamedTuple, TextIO

from guarddog_gui.cli.command_error import OutputError

if TYPE_CHECKING:
    from guarddog_gui.bootstrap.container import Container
    from guarddog_gui.services.messages.message import Message, Messages
    from guarddog_gui.services.ports import Clock, SecretStore

PROGRAM = "guarddogctl"


class NoTerminalError(Exception):
    """There is no terminal on which text can be typed without being shown."""


def prompt_hidden(prompt: str) -> str:
    """Read a line from the terminal without echo. Raises NoTerminalError rather than show what is typed."""
    import getpass
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(prompt)
    except (getpass.GetPassWarning, EOFError) as error:
        raise NoTerminalError from error


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


class Terminal:
    """Streams, environment and clock of a command.

    Results go to `stdout`, messages to `stderr`. `secret_store` replaces the system's keyring.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        stdin: TextIO,
        stdout: TextIO,
        stderr: TextIO,
        clock: "Clock",
        prompt_hidden: Callable[[str], str] = prompt_hidden,
        secret_store: "SecretStore | None" = None,
    ) -> None:
        self.environ = environ
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr
        self.clock = clock
        self.prompt_hidden = prompt_hidden
        self.secret_store = secret_store

    def write_line(self, line: str) -> None:
        """Write one line of the result. Raises OutputError."""
        with _translate_output_errors():
            self.stdout.write(line + "\n")

    def flush(self) -> None:
        """Flush the result. Raises OutputError."""
        with _translate_output_errors():
            self.stdout.flush()

    def write_table(self, rows: list[tuple[str, ...]]) -> None:
        """Write rows of the result with aligned columns. Raises OutputError."""
        from guarddog_gui.cli.table import align_rows

        for line in align_rows(rows):
            self.write_line(line)

    def write_message(self, message: "Message | str") -> None:
        """Write one line to standard error. An error there is ignored: it could not be reported."""
        try:
            self.stderr.write((message if isinstance(message, str) else message.text) + "\n")
        except OSError:
            pass

    def show_progress(self, text: str) -> None:
        """Write text to standard error at once, without a line end."""
        try:
            self.stderr.write(text)
            self.stderr.flush()
        except OSError:
            pass

    def prompt_line(self, prompt: str) -> str:
        """Ask for a line from standard input; return an empty text at its end."""
        try:
            self.stderr.write(prompt + " ")
            self.stderr.flush()
        except OSError:
            return ""  # the user has not seen the question
        return self.stdin.readline().strip()


class CommandContext(NamedTuple):
    """Everything a command works with; a NamedTuple is made in half the time of a dataclass."""

    terminal: Terminal
    container: "Container"
    messages: "Messages"
