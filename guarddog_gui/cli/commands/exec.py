"""`exec`: another program with live values in its environment."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext, Terminal
from guarddog_gui.cli.fresh_values import export_if_changed, require_fresh, warn_short_lifetime
from guarddog_gui.cli.select_account import select_account
from guarddog_gui.domain.exports.formats import APPID_VARIABLE, VALUE_VARIABLES
from guarddog_gui.services.exit_codes import COMMAND_NOT_EXECUTABLE, COMMAND_NOT_FOUND, ExitCode
from guarddog_gui.services.messages.message import Message, Messages

NESTED_VARIABLE = "GUARDDOG_EXEC"  # says inside that it is inside; its value is the appid


@dataclass(frozen=True, slots=True)
class ProgramToRun:
    """What this process is to become."""

    command: tuple[str, ...]
    environ: Mapping[str, str] = field(repr=False)


class ReplaceProcess(Exception):
    """The command line has done its part; what it holds is to be let go before the program begins."""

    def __init__(self, program: ProgramToRun, messages: Messages) -> None:
        super().__init__(program.command[0])
        self.program = program
        self.messages = messages


def run_exec(
    context: CommandContext, name_or_appid: str | None, min_ttl: int, command: tuple[str, ...]
) -> ExitCode:
    """Raises Become once each value lives for longer than `min_ttl` seconds, as far as that can be had.

    A ticket to which the account has no right is not there for the command, and words say why.
    """
    say = context.messages.text
    if context.terminal.environ.get(NESTED_VARIABLE):
        raise CommandError(
            ExitCode.USAGE_ERROR,
            Message(
                say("This is already running inside guarddogctl exec."),
                say(
                    "Use the WECHAT_… variables that are set here, or start exec from outside; env -u "
                    "GUARDDOG_EXEC in front allows it nevertheless."
                ),
            ),
        )
    account = select_account(context, name_or_appid)
    live = require_fresh(context, account, account.token_kinds, min_ttl, require_all=False)
    warn_short_lifetime(context, account, live, min_ttl)
    export_if_changed(context, account, live)
    # what this account has not got must not come from another one
    inherited = {
        name: text for name, text in context.terminal.environ.items() if name not in VALUE_VARIABLES.values()
    }
    values = {VALUE_VARIABLES[kind]: record.value for kind, record in live.records.items()}
    environ = {**inherited, **values, APPID_VARIABLE: account.appid, NESTED_VARIABLE: account.appid}
    raise ReplaceProcess(ProgramToRun(command, environ), context.messages)


def launch_program(program: ProgramToRun, terminal: Terminal, messages: Messages) -> int:
    """Does not return where a process can become another program; elsewhere, that program's exit code.

    Where it cannot be started: the code that shells have for that, with words.
    """
    name = program.command[0]
    try:
        return run_as_child(program) if sys.platform == "win32" else _replace_process(program)
    except FileNotFoundError:
        what = messages.text(
            "There is no command “{command}”, or the interpreter in its first line does not exist.",
            command=name,
        )
        terminal.write_message(
            Message(what, messages.text("Check how it is spelled and whether its folder is in PATH."))
        )
        return COMMAND_NOT_FOUND
    except OSError as error:
        what = messages.text(
            "“{command}” cannot be run: {reason}.",
            command=name,
            reason=error.strerror or type(error).__name__,
        )
        terminal.write_message(
            Message(
                what,
                messages.text(
                    "It must be a program or a script that you may execute (chmod +x, with #! in its "
                    "first line)."
                ),
            )
        )
        return COMMAND_NOT_EXECUTABLE


def _replace_process(program: ProgramToRun) -> int:
    """Become it: then signals, the terminal and the exit code are its own."""
    for ignored in ("SIGPIPE", "SIGXFSZ"):  # by Python, for itself; the next program would inherit that
        if hasattr(signal, ignored):
            signal.signal(getattr(signal, ignored), signal.SIG_DFL)
    if not program.command[0]:
        raise FileNotFoundError  # Python would call it a ValueError
    os.execvpe(program.command[0], program.command, program.environ)  # noqa: S606 - no shell is meant


def run_as_child(program: ProgramToRun) -> int:
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
