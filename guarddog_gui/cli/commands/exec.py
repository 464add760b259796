"""`exec`: run another program with live values in its environment."""

import os
import signal
import sys
from argparse import Namespace
from collections.abc import Mapping
from typing import NoReturn

from guarddog_gui.cli.command_error import CommandError, ReplaceProcess
from guarddog_gui.cli.context import PROGRAM, CommandContext, Terminal
from guarddog_gui.cli.fresh_values import export_if_changed, require_fresh, warn_short_lifetime
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.select_account import select_account
from guarddog_gui.domain.exports.formats import APPID_VARIABLE, VALUE_VARIABLES
from guarddog_gui.services.exit_codes import COMMAND_NOT_EXECUTABLE, COMMAND_NOT_FOUND, ExitCode

NESTED_VARIABLE = "GUARDDOG_EXEC"  # set for the program that runs, to the appid


def register(command: CommandDefinition) -> None:
    account, program = command.text("ACCOUNT"), command.text("COMMAND")
    command.parser.usage = f"{PROGRAM} exec [-h] [--account {account}] [--min-ttl S] [{account}] -- {program}…"
    command.add_account()
    command.add_min_ttl()
    command.set_examples(
        f"{PROGRAM} exec -- node server.js", f"{PROGRAM} exec Shop --min-ttl 600 -- sh -c 'echo $WECHAT_JSAPI_TICKET'"
    )


def run(context: CommandContext, args: Namespace) -> ExitCode:
    """Raise ReplaceProcess once each value is valid for more than `--min-ttl` seconds, where possible.

    A ticket that the account has no right to is missing from the environment, and a message says why.
    """
    if context.terminal.environ.get(NESTED_VARIABLE):
        message = context.messages.message(
            "This is already running inside guarddogctl exec.",
            "Use the WECHAT_… variables that are set here, or start exec from outside; env -u "
            "GUARDDOG_EXEC in front allows it nevertheless.",
        )
        raise CommandError(ExitCode.USAGE_ERROR, message)
    account = select_account(context, args.account)
    live = require_fresh(context, account, account.token_kinds, args.min_ttl, require_all=False)
    warn_short_lifetime(context, account, live, args.min_ttl)
    export_if_changed(context, account, live)
    # a key that this account has not got must not come from the caller, which may be of another account
    inherited = {name: text for name, text in context.terminal.environ.items() if name not in VALUE_VARIABLES.values()}
    values = {VALUE_VARIABLES[kind]: record.value for kind, record in live.records.items()}
    environ = {**inherited, **values, APPID_VARIABLE: account.appid, NESTED_VARIABLE: account.appid}
    raise ReplaceProcess(args.program, environ, context.messages)


def launch_program(request: ReplaceProcess, terminal: Terminal) -> int:
    """Replace this process by the program; on Windows, run it and return its exit code.

    If it cannot be started, report why and return the exit code that shells use for that.
    """
    name, messages = request.command[0], request.messages
    try:
        start = run_as_child if sys.platform == "win32" else _replace_process
        return start(request.command, request.environ)
    except FileNotFoundError:
        code = COMMAND_NOT_FOUND
        message = messages.message(
            "There is no command “{command}”, or the interpreter in its first line does not exist.",
            "Check how it is spelled and whether its folder is in PATH.",
            command=name,
        )
    except OSError as error:
        code = COMMAND_NOT_EXECUTABLE
        message = messages.message(
            "“{command}” cannot be run: {reason}.",
            "It must be a program or a script that you may execute (chmod +x, with #! in its first line).",
            command=name,
            reason=error.strerror or type(error).__name__,
        )
    terminal.write_message(message)
    return code


def _replace_process(command: tuple[str, ...], environ: Mapping[str, str]) -> NoReturn:
    """Replace this process, so that signals, terminal and exit code are those of the program."""
    for ignored in ("SIGPIPE", "SIGXFSZ"):  # Python ignores them, and the program would inherit that
        if hasattr(signal, ignored):
            signal.signal(getattr(signal, ignored), signal.SIG_DFL)
    if not command[0]:
        raise FileNotFoundError  # Python would raise a ValueError
    os.execvpe(command[0], command, environ)  # noqa: S606 - without a shell on purpose


def run_as_child(command: tuple[str, ...], environ: Mapping[str, str]) -> int:
    """Run the program in the same console and return its exit code. Raises OSError.

    Ctrl+C ends the program alone; this process then returns its exit code.
    """
    import shutil
    import subprocess

    path = shutil.which(command[0], path=environ.get("PATH"))
    if path is None:
        raise FileNotFoundError(command[0])
    previous_handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        # S603: running what the user typed is the purpose of this command
        return subprocess.run([path, *command[1:]], env=environ, check=False).returncode  # noqa: S603
    finally:
        signal.signal(signal.SIGINT, previous_handler)
