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

from guarddog_gui.bootstrap.container import Stores
from guarddog_gui.cli.command_error import OutputLost
from guarddog_gui.cli.table import aligned
from guarddog_gui.services.exit_codes import Exit
from guarddog_gui.services.messages.message import Sentence, Sentences
from guarddog_gui.services.ports import Clock, SecretStore


class NobodyToAsk(Exception):
    """There is no terminal on which a text could be typed unseen."""


def ask_hidden(prompt: str) -> str:
    """Ask on the terminal without echo. Raises NobodyToAsk rather than show what is typed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(prompt)
    except (getpass.GetPassWarning, EOFError) as nobody:
        raise NobodyToAsk from nobody


def closed_output() -> TextIO:
    """In place of a standard output that the caller has closed: what is put there is lost, not done."""
    return open(os.devnull, encoding="utf-8")  # noqa: PTH123 - for reading: it takes nothing


@contextmanager
def _output() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise OutputLost(Exit.DONE) from None  # `| head` has seen enough
    except UnsupportedOperation:  # see `closed_output`
        raise OutputLost(Exit.FILE, os.strerror(errno.EBADF)) from None
    except OSError as error:
        raise OutputLost(Exit.FILE, error.strerror or type(error).__name__) from error


@dataclass(frozen=True, slots=True)
class Terminal:
    """Results go to `out`, words to `err`. `secrets` replaces the keyring where it is given."""

    environ: Mapping[str, str]
    stdin: TextIO
    out: TextIO
    err: TextIO
    clock: Clock
    ask_hidden: Callable[[str], str] = ask_hidden
    secrets: SecretStore | None = field(default=None, repr=False)

    def put(self, line: str) -> None:
        """One line of the result. Raises OutputLost."""
        with _output():
            self.out.write(line + "\n")

    def flush(self) -> None:
        """Let the reader have what was put. Raises OutputLost."""
        with _output():
            self.out.flush()

    def put_table(self, rows: list[tuple[str, ...]]) -> None:
        """Aligned lines of the result."""
        for line in aligned(rows):
            self.put(line)

    def say(self, words: Sentence | str) -> None:
        """One line for a person; nobody may be there to read it."""
        try:
            self.err.write((words if isinstance(words, str) else words.text) + "\n")
        except OSError:
            pass

    def note(self, words: str) -> None:
        """Something for a person to see now, with no end of its line."""
        try:
            self.err.write(words)
            self.err.flush()
        except OSError:
            pass

    def ask(self, prompt: str) -> str:
        """A line from standard input; empty when nobody answers."""
        try:
            self.err.write(prompt + " ")
            self.err.flush()
        except OSError:
            return ""  # a question that nobody saw has no answer
        return self.stdin.readline().strip()


@dataclass(frozen=True, slots=True)
class Desk:
    """A terminal with this person's stores on it."""

    terminal: Terminal
    stores: Stores
    sentences: Sentences
