"""What a command works with: the streams of its terminal, the stores, and the words."""

import errno
import getpass
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import UnsupportedOperation
from typing import TextIO

from guarddog_gui.bootstrap.container import Container
from guarddog_gui.cli.command_error import OutputError
from guarddog_gui.cli.table import align_rows
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.ports import Clock, SecretStore


class NoTerminalError(Exception):
    """There is no terminal on which a text could be typed unseen."""


def prompt_hidden(prompt: str) -> str:
    """Ask on the terminal without echo. Raises NobodyToAsk rather than show what is typed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(prompt)
    except (getpass.GetPassWarning, EOFError) as nobody:
        raise NoTerminalError from nobody


def closed_stdout() -> TextIO:
    """In place of a standard output that the caller has closed: what is put there is lost, not done."""
    return open(os.devnull, encoding="utf-8")  # noqa: PTH123 - for reading: it takes nothing


@contextmanager
def _translate_output_errors() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise OutputError(ExitCode.SUCCESS) from None  # `| head` has seen enough
    except UnsupportedOperation:  # see `closed_output`
        raise OutputError(ExitCode.FILE_ERROR, os.strerror(errno.EBADF)) from None
    except OSError as error:
        raise OutputError(ExitCode.FILE_ERROR, error.strerror or type(error).__name__) from error


@dataclass(frozen=True, slots=True)
class Terminal:
    """Results go to `out`, words to `err`. `secrets` replaces the keyring where it is given."""

    environ: Mapping[str, str] = field(repr=False)
    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    clock: Clock
    prompt_hidden: Callable[[str], str] = prompt_hidden
    secret_store: SecretStore | None = field(default=None, repr=False)

    def write_line(self, line: str) -> None:
        """One line of the result. Raises OutputLost."""
        with _translate_output_errors():
            self.stdout.write(line + "\n")

    def flush(self) -> None:
        """Let the reader have what was put. Raises OutputLost."""
        with _translate_output_errors():
            self.stdout.flush()

    def write_table(self, rows: list[tuple[str, ...]]) -> None:
        """Aligned lines of the result."""
        for line in align_rows(rows):
            self.write_line(line)

    def write_message(self, message: Message | str) -> None:
        """One line for a person; nobody may be there to read it."""
        try:
            self.stderr.write((message if isinstance(message, str) else message.text) + "\n")
        except OSError:
            pass

    def show_progress(self, text: str) -> None:
        """Something for a person to see now, with no end of its line."""
        try:
            self.stderr.write(text)
            self.stderr.flush()
        except OSError:
            pass

    def prompt_line(self, prompt: str) -> str:
        """A line from standard input; empty when nobody answers."""
        try:
            self.stderr.write(prompt + " ")
            self.stderr.flush()
        except OSError:
            return ""  # a question that nobody saw has no answer
        return self.stdin.readline().strip()


@dataclass(frozen=True, slots=True)
class CommandContext:
    """A terminal with this person's stores on it."""

    terminal: Terminal
    container: Container
    messages: Messages
