"""Entry point of the whole command line: parse the arguments, run one command, return its exit code."""

import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO, TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn, TextIO

from guarddog_gui import __version__
from guarddog_gui.bootstrap.catalogues import make_messages
from guarddog_gui.bootstrap.container import Container
from guarddog_gui.cli.command_error import CommandError, OutputError, ReplaceProcess
from guarddog_gui.cli.context import PROGRAM, WRITE_EXPORTS, CommandContext, Terminal, closed_stdout
from guarddog_gui.cli.log_file import LogFileOnDemand
from guarddog_gui.domain.errors import BadInput, FileError, GuardDogError, LockBusy, NoSuchAccount
from guarddog_gui.domain.printable import printable
from guarddog_gui.domain.problems import FileErrorReason

_FOLDER_TIMEOUT_S = 3.0  # for a folder on a network share

if TYPE_CHECKING:
    from guarddog_gui.services.messages.message import Message


def run_with_sys_streams(argv: list[str]) -> int:
    """Run a command line with the streams, environment and clock of this process; return the exit code."""
    stdin, stderr = map(_usable_stream, (sys.stdin, sys.stderr))
    stdout = closed_stdout() if sys.stdout is None else _usable_stream(sys.stdout)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _on_sigterm)
    if sys.platform == "win32":
        from guarddog_gui.adapters.windows.console import prepare_console

        prepare_console()
    now = time.time  # noqa: TID251 - a composition root
    terminal = Terminal(os.environ, stdin, stdout, stderr, now)
    try:
        return main(argv, terminal)
    except ReplaceProcess as request:
        from guarddog_gui.cli.commands.exec import launch_program

        return launch_program(request, terminal)
    except OutputError as error:
        # the interpreter would try once more to write what is buffered, and complain
        os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - a mistake before there are translated messages
        return _report_early_crash(error, terminal)


def _report_early_crash(error: Exception, terminal: Terminal) -> int:
    from guarddog_gui.adapters.files.paths import get_app_paths
    from guarddog_gui.bootstrap.crash_reporter import report_crash
    from guarddog_gui.services.exit_codes import ExitCode

    report = report_crash(error, get_app_paths(terminal.environ), PROGRAM)
    advice = f"what happened is in {report}." if report is not None else "no report could be written."
    terminal.write_message(f"Guard Dog made a mistake of its own. Please report it; {advice}")
    return ExitCode.INTERNAL_ERROR


def _on_sigterm(_number: int, _frame: FrameType | None) -> NoReturn:
    """Leave through every `finally`: a running export command of an account has to be ended, too."""
    from guarddog_gui.services.exit_codes import TERMINATED

    raise SystemExit(TERMINATED)


def _usable_stream(stream: TextIO | None) -> TextIO:
    """Return the stream, or /dev/null for a closed one; characters that it cannot encode become `?`."""
    if stream is None:
        return open(os.devnull, "r+", encoding="utf-8")  # noqa: PTH123 - Path has no better one
    if stream.writable() and isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream


def main(argv: list[str], terminal: Terminal) -> int:
    """Run one command and return its exit code. Raises OutputError and ReplaceProcess.

    Every other exception becomes a message on standard error and an exit code.
    """
    if argv == ["--version"] and _print_version(terminal):
        return 0
    from guarddog_gui.services.exit_codes import ExitCode
    from guarddog_gui.services.messages.texts import ShortTimeFormat

    def on_long_wait(lock_file: Path) -> None:
        from guarddog_gui.cli.lock_wait import lock_wait_message

        terminal.write_message(lock_wait_message(lock_file, container.paths, messages))

    try:
        # much is done without WeChat
        container = Container(
            terminal.environ, terminal.clock, terminal.secret_store, on_long_wait=on_long_wait,
            redis_passwords=terminal.redis_passwords,
        )  # fmt: skip
        language = container.settings.load().language if _can_load_settings(argv, container) else "system"
        messages = make_messages(terminal.environ, language, container.errcode_catalog, ShortTimeFormat(terminal.clock))
    except (FileError, OSError, RuntimeError) as error:
        terminal.write_message(_describe_failed_start(terminal, error))
        return ExitCode.FILE_ERROR
    log_file = LogFileOnDemand(container.paths)
    context = CommandContext(terminal, container, messages, log_file)
    with _log_to_file(log_file):
        try:
            return _run_and_report(argv, context)
        except (OutputError, ReplaceProcess):
            raise
        except Exception as error:  # noqa: BLE001 - the user gets a message, the report the traceback
            from guarddog_gui.bootstrap.crash_reporter import report_crash

            report = report_crash(error, container.paths, PROGRAM)  # of the user: a sandbox is gone
            terminal.write_message(messages.for_crash(report or container.paths.log_file))
            return ExitCode.INTERNAL_ERROR


def _describe_failed_start(terminal: Terminal, error: Exception) -> "Message | str":
    """Return the message for a user without a home; the error itself for an incomplete installation."""
    from guarddog_gui.bootstrap.catalogues import load_errcode_catalog

    if not isinstance(error, FileError):
        return f"{PROGRAM}: {error}"
    try:
        return make_messages(terminal.environ, "system", load_errcode_catalog(), str).for_file_error(error)
    except (GuardDogError, OSError):  # the translations are what is missing
        return f"{PROGRAM}: {error}"


def _can_load_settings(argv: list[str], container: Container) -> bool:
    """Return False if `doctor` is to find out why the folder of the settings hangs, and must not hang, too."""
    if argv[:1] != ["doctor"]:
        return True
    from guarddog_gui.adapters.health.paths import is_answering

    return is_answering(container.paths.config_dir, _FOLDER_TIMEOUT_S)


def _print_version(terminal: Terminal) -> bool:
    """Print the version; return False on an error, which the ordinary way then meets and reports."""
    try:
        terminal.write_line(f"{PROGRAM} {__version__}")
        terminal.flush()
    except OutputError:
        return False
    return True


@contextmanager
def _log_to_file(handler: LogFileOnDemand) -> Iterator[None]:
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


def _run_and_report(argv: list[str], context: CommandContext) -> int:
    """Return the exit code after every message that the user needs has been written."""
    from guarddog_gui.services.exit_codes import INTERRUPTED, exit_code_for_error

    terminal, messages, container = context.terminal, context.messages, context.container
    try:
        code = _parse_and_run(argv, context)
        terminal.flush()
    except CommandError as error:
        terminal.write_message(error.message)
        for line in error.details:
            terminal.write_message(line)
        return error.exit_code
    except (BadInput, FileError, LockBusy, NoSuchAccount) as error:
        terminal.write_message(messages.for_error(error))
        return exit_code_for_error(error)
    except GuardDogError as error:
        terminal.write_message(str(error))
        return exit_code_for_error(error)
    except OutputError as error:
        if error.reason:
            terminal.write_message(messages.text("The output could not be written: {reason}.", reason=error.reason))
        raise
    except KeyboardInterrupt:
        terminal.write_message("")
        return INTERRUPTED
    else:
        return code
    finally:
        _report_file_errors(context, container.settings.damaged_backup, container.settings.load_error)


def _report_file_errors(
    context: CommandContext, damaged_backup: os.PathLike[str] | None, error: FileError | None
) -> None:
    if damaged_backup is not None:
        context.terminal.write_message(context.messages.for_damaged_file(os.fspath(damaged_backup)))
    if error is not None:
        context.terminal.write_message(context.messages.for_file_error(error))


def _parse_and_run(argv: list[str], context: CommandContext) -> int:
    # loaded here for `--version`, which needs none of it
    from guarddog_gui.adapters.argparse_messages import localized_argparse
    from guarddog_gui.cli.parser import CommandLineParser, load_command
    from guarddog_gui.services.exit_codes import ExitCode

    terminal, messages = context.terminal, context.messages
    if len(argv) == 2 and argv[0] == WRITE_EXPORTS:
        from guarddog_gui.cli.detached_exports import run_exports

        return run_exports(context, argv[1])
    # argparse itself ignores an output that cannot be written, and repeats arguments as they are
    help_text, usage_error = StringIO(), StringIO()
    try:
        with redirect_stdout(help_text), redirect_stderr(usage_error), localized_argparse(messages.message_catalog):
            args = CommandLineParser(messages.message_catalog, terminal.clock()).parse(argv)
    except SystemExit as end:
        terminal.show_progress(printable(usage_error.getvalue(), keep="\n"))
        if help_text.getvalue():
            terminal.write_line(help_text.getvalue().removesuffix("\n"))
        return end.code if isinstance(end.code, int) else ExitCode.USAGE_ERROR
    if args.version:
        terminal.write_line(f"{PROGRAM} {__version__}")
        return ExitCode.SUCCESS
    is_newer_named = False
    try:
        return load_command(args.command).run(context, args)
    except FileError as error:
        is_newer_named = error.reason == FileErrorReason.NEWER_VERSION
        raise
    finally:
        _close_stores(context, is_newer_named=is_newer_named)


def _close_stores(context: CommandContext, *, is_newer_named: bool) -> None:
    """Close the stores that the command has used, and report what is wrong with their files."""
    container = context.container
    if container.has_made("history"):
        container.history.close()
    if container.has_made("accounts"):
        newer = FileError(container.accounts.location, FileErrorReason.NEWER_VERSION)
        is_newer = container.accounts.is_newer_version and not is_newer_named
        _report_file_errors(context, container.accounts.damaged_backup, newer if is_newer else None)
    if container.has_made("history"):
        _report_file_errors(context, container.history.quarantined_path, None)
        _report_history_error(context)


def _report_history_error(context: CommandContext) -> None:
    history, messages = context.container.history, context.messages
    error = history.write_error
    if error is None:
        return
    if error.reason != FileErrorReason.BEING_WRITTEN or history.buffered_count:
        context.terminal.write_message(messages.for_history_error(error))
        return
    from guarddog_gui.adapters.files.lock_holder import find_lock_holder
    from guarddog_gui.cli.lock_wait import describe

    holder = find_lock_holder(*history.lock_files)
    process = "" if holder is None else describe(holder, messages)
    context.terminal.write_message(messages.for_busy_history(process))
