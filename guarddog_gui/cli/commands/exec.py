"""`exec`: another program with live values in its environment."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from guarddog_gui.cli.command_error import Stop
from guarddog_gui.cli.context import Desk, Terminal
from guarddog_gui.cli.formats import VARIABLES
from guarddog_gui.cli.fresh_values import hand_on, living, say_what_is_short
from guarddog_gui.cli.select_account import chosen
from guarddog_gui.services.exit_codes import NOT_EXECUTABLE, NOT_FOUND, Exit
from guarddog_gui.services.messages.message import Sentence, Sentences

MARKER = "GUARDDOG_EXEC"  # says inside that it is inside; its value is the appid


@dataclass(frozen=True, slots=True)
class Program:
    """What this process is to become."""

    command: tuple[str, ...]
    environ: Mapping[str, str]


class Become(Exception):
    """The command line has done its part; what it holds is to be let go before the program begins."""

    def __init__(self, program: Program, sentences: Sentences) -> None:
        super().__init__(program.command[0])
        self.program = program
        self.sentences = sentences


def exec_command(desk: Desk, wanted: str | None, min_ttl: int, command: tuple[str, ...]) -> Exit:
    """Raises Become once each value lives for longer than `min_ttl` seconds, as far as that can be had.

    A ticket to which the account has no right is not there for the command, and words say why.
    """
    say = desk.sentences.say
    if desk.terminal.environ.get(MARKER):
        raise Stop(Exit.WRONG_USAGE, Sentence(say("exec-nested"), say("exec-nested-todo")))
    account = chosen(desk, wanted)
    live = living(desk, account, account.kinds, min_ttl, needs_all=False)
    say_what_is_short(desk, account, live, min_ttl)
    hand_on(desk, account, live)
    # what this account has not got must not come from another one
    inherited = {name: text for name, text in desk.terminal.environ.items() if name not in VARIABLES.values()}
    values = {VARIABLES[kind]: record.value for kind, record in live.records.items()}
    environ = {**inherited, **values, "WECHAT_APPID": account.appid, MARKER: account.appid}
    raise Become(Program(command, environ), desk.sentences)


def become(program: Program, terminal: Terminal, sentences: Sentences) -> int:
    """Does not return where a process can become another program; elsewhere, that program's exit code.

    Where it cannot be started: the code that shells have for that, with words.
    """
    name = program.command[0]
    try:
        return run_as_child(program) if sys.platform == "win32" else _replace_us(program)
    except FileNotFoundError:
        what = sentences.say("exec-not-found", command=name)
        terminal.say(Sentence(what, sentences.say("exec-not-found-todo")))
        return NOT_FOUND
    except OSError as error:
        what = sentences.say("exec-not-run", command=name, reason=error.strerror or type(error).__name__)
        terminal.say(Sentence(what, sentences.say("exec-not-run-todo")))
        return NOT_EXECUTABLE


def _replace_us(program: Program) -> int:
    """Become it: then signals, the terminal and the exit code are its own."""
    for ignored in ("SIGPIPE", "SIGXFSZ"):  # by Python, for itself; the next program would inherit that
        if hasattr(signal, ignored):
            signal.signal(getattr(signal, ignored), signal.SIG_DFL)
    if not program.command[0]:
        raise FileNotFoundError  # Python would call it a ValueError
    os.execvpe(program.command[0], program.command, program.environ)  # noqa: S606 - no shell is meant


def run_as_child(program: Program) -> int:
    """Run it in the same console and wait; Ctrl+C is for the child alone. Raises OSError."""
    import shutil

    path = shutil.which(program.command[0], path=program.environ.get("PATH"))
    if path is None:
        raise FileNotFoundError(program.command[0])
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        # S603: to run what a person typed is the whole point
        return subprocess.run([path, *program.command[1:]], env=program.environ, check=False).returncode  # noqa: S603
    finally:
        signal.signal(signal.SIGINT, before)
