"""Exports in a process of their own, so that a command that prints a value never waits for them.

`$(guarddogctl token)` ends when nothing holds the pipe any more, and an export command of an account may take
ten seconds. The process therefore has none of the caller's files, and no one waits for it.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from guarddog_gui.cli.context import WRITE_EXPORTS, CommandContext
from guarddog_gui.domain.accounts.account import Account, find_account
from guarddog_gui.services.exit_codes import ExitCode

if TYPE_CHECKING:
    import subprocess  # takes 15 ms to import, which an account without exports must not pay


def start_exports(context: CommandContext, account: Account) -> None:
    """Write the values of the account to its export targets, in another process."""
    if not account.exports:
        return
    context.terminal.flush()
    try:
        _start_detached(_program_arguments(account), context.terminal.environ)
    except OSError:  # no memory or no processes left: the exports are worth the wait
        context.container.make_exporter().export(account)


def run_exports(context: CommandContext, appid: str) -> ExitCode:
    """Write the values of this account to its export targets; the process was started for that."""
    account = find_account(context.container.accounts.load(), appid)
    if account is not None:
        context.container.make_exporter().export(account)
    return ExitCode.SUCCESS


def _program_arguments(account: Account) -> list[str]:
    if getattr(sys, "frozen", False):  # a PyInstaller bundle is its own interpreter
        return [sys.executable, WRITE_EXPORTS, account.appid]
    # -P, so that no module of the working directory is imported
    return [sys.executable, "-P", "-m", "guarddog_gui", WRITE_EXPORTS, account.appid]


def _start_detached(arguments: Sequence[str], environ: Mapping[str, str]) -> None:
    """Start a process that is no child of this one. Raises OSError."""
    if sys.platform == "win32":
        import subprocess

        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        _spawn(arguments, environ, flags)
        return
    # `exec` replaces this process, and a program that waits for all its children would meet a foreign one;
    # the shell ends at once and leaves the exports to the init process
    _spawn(["/bin/sh", "-c", '"$@" &', "sh", *arguments], environ).wait()


def _spawn(arguments: Sequence[str], environ: Mapping[str, str], flags: int = 0) -> "subprocess.Popen[bytes]":
    import subprocess

    return subprocess.Popen(  # noqa: S603 - this program itself
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=os.path.abspath(os.sep),  # noqa: PTH100 - a working directory that is gone cannot be used
        env=dict(environ),
        start_new_session=True,
        creationflags=flags,
    )
