"""The whole command line: reads the arguments, opens the stores, runs one command, ends with its code."""

import logging
import os
import signal
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO, TextIOWrapper
from secrets import token_hex
from types import FrameType
from typing import NoReturn, TextIO

from guarddog_gui import __version__
from guarddog_gui.adapters.files.config_files import SettingsFile
from guarddog_gui.adapters.files.paths import AppPaths, get_app_paths, resource_path
from guarddog_gui.adapters.logs import start_logging
from guarddog_gui.bootstrap.container import load_jssdk_errors, make_container, make_messages
from guarddog_gui.cli.argparse_messages import localized_argparse
from guarddog_gui.cli.command_error import CommandError, OutputError
from guarddog_gui.cli.commands import accounts as account_commands
from guarddog_gui.cli.commands import token as token_commands
from guarddog_gui.cli.commands.accounts import AddAccountArguments
from guarddog_gui.cli.commands.completion import completion_script
from guarddog_gui.cli.commands.diagnose import DiagnoseArguments, run_diagnose
from guarddog_gui.cli.commands.doctor import run_doctor
from guarddog_gui.cli.commands.errcode import run_errcode
from guarddog_gui.cli.commands.exec import ReplaceProcess, launch_program, run_exec
from guarddog_gui.cli.commands.history import run_history
from guarddog_gui.cli.commands.sandbox import run_sandbox
from guarddog_gui.cli.commands.sign import SignOptions, run_sign
from guarddog_gui.cli.commands.sign_card import run_sign_card
from guarddog_gui.cli.commands.status import run_status
from guarddog_gui.cli.context import CommandContext, Terminal, closed_stdout
from guarddog_gui.cli.parser import PROGRAM, CommandLineParser
from guarddog_gui.domain.accounts.js_domains import parse_js_domains
from guarddog_gui.domain.errors import BadInput, FileError, GuardDogError, LockBusy, NoSuchAccount
from guarddog_gui.domain.message_catalog import CHINESE, ENGLISH
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog
from guarddog_gui.services.card_signing import CardChoiceRequest, CardExtRequest
from guarddog_gui.services.exit_codes import INTERRUPTED, TERMINATED, ExitCode, exit_code_for_error
from guarddog_gui.services.messages.local_time import ShortTimeFormat
from guarddog_gui.services.messages.message import Message, Messages

log = logging.getLogger(__name__)


def run_with_sys_streams(argv: list[str]) -> int:
    """Run with this process's own streams, environment and clock; the exit code."""
    stdin, err = map(_usable_stream, (sys.stdin, sys.stderr))
    out = closed_stdout() if sys.stdout is None else _usable_stream(sys.stdout)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _on_sigterm)
    now = time.time  # noqa: TID251 - a composition root
    terminal = Terminal(os.environ, stdin, out, err, now)
    try:
        return main(argv, terminal)
    except ReplaceProcess as other:
        return launch_program(other.program, terminal, other.messages)
    except OutputError as lost:
        # without this the interpreter tries once more to write it, and complains
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        return lost.exit_code


def _on_sigterm(_number: int, _frame: FrameType | None) -> NoReturn:
    """Leave by way of every `finally`: a command of an account that runs has to be ended, too."""
    raise SystemExit(TERMINATED)


def _usable_stream(stream: TextIO | None) -> TextIO:
    """The stream, or nothing in its place where the caller has closed it; … becomes ? where it must."""
    if stream is None:
        return open(os.devnull, "r+", encoding="utf-8")  # noqa: PTH123 - Path has no better one
    if stream.writable() and isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream


def main(argv: list[str], terminal: Terminal) -> int:
    """Run one command; the exit code. Raises OutputLost, Become and nothing else that a person could meet."""
    try:
        places = get_app_paths(terminal.environ)
        settings = SettingsFile(places.settings_file)
        catalogue = ErrcodeCatalog.from_json(resource_path("errcodes.json").read_text(encoding="utf-8"))
        sentences = make_messages(
            terminal.environ, settings.load().language, catalogue, ShortTimeFormat(terminal.clock)
        )
    except (FileError, OSError, RuntimeError) as trouble:
        # our installation is not whole or not readable, or this person has no home: there are no words yet
        terminal.write_message(f"{PROGRAM}: {trouble}")
        return ExitCode.FILE_ERROR
    with _log_to_file(places):
        try:
            return _run_and_report(argv, terminal, sentences, settings)
        except (OutputError, ReplaceProcess):
            raise
        except Exception:
            log.exception("guarddogctl ended by a mistake of its own")
            todo = sentences.text("Please report it; what happened is in {path}.", path=places.log_file)
            terminal.write_message(Message(sentences.text("Guard Dog made a mistake of its own."), todo))
            return ExitCode.INTERNAL_ERROR


@contextmanager
def _log_to_file(paths: AppPaths) -> Iterator[None]:
    handler = start_logging(paths)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


def _run_and_report(
    argv: list[str], terminal: Terminal, messages: Messages, settings_file: SettingsFile
) -> int:
    """The exit code, with everything said that a person has to know."""
    try:
        code = _parse_and_run(argv, terminal, messages)
        terminal.flush()
    except CommandError as stop:
        terminal.write_message(stop.message)
        for line in stop.details:
            terminal.write_message(line)
        return stop.exit_code
    except GuardDogError as error:
        terminal.write_message(_message_for(error, messages))
        return exit_code_for_error(error)
    except OutputError as lost:
        if lost.reason:
            terminal.write_message(
                messages.text("The output could not be written: {reason}.", reason=lost.reason)
            )
        raise
    except KeyboardInterrupt:
        terminal.write_message("")
        return INTERRUPTED
    else:
        return code
    finally:
        _report_store_errors(terminal, messages, settings_file.damaged_backup, settings_file.load_error)


def _message_for(error: GuardDogError, messages: Messages) -> Message:
    match error:
        case BadInput() | FileError() | LockBusy() | NoSuchAccount():
            return messages.for_error(error)
        case _:
            return Message(str(error))


def _report_store_errors(
    terminal: Terminal, messages: Messages, damaged_backup: os.PathLike[str] | None, error: FileError | None
) -> None:
    """What a store of ours went through: a damaged file that it kept, a file that it could not use."""
    if damaged_backup is not None:
        terminal.write_message(messages.for_damaged_file(os.fspath(damaged_backup)))
    if error is not None:
        terminal.write_message(messages.for_file_error(error))


def _parse_and_run(argv: list[str], terminal: Terminal, messages: Messages) -> int:
    if argv == ["--version"]:  # needs neither the parser nor the texts of its help
        terminal.write_line(f"{PROGRAM} {__version__}")
        return ExitCode.SUCCESS
    said = StringIO()  # argparse says nothing of an output that does not take its help
    try:
        with (
            redirect_stdout(said),
            redirect_stderr(terminal.stderr),
            localized_argparse(messages.message_catalog),
        ):
            told = CommandLineParser(messages.message_catalog, terminal.clock()).parse(argv)
    except SystemExit as done:
        if said.getvalue():
            terminal.write_line(said.getvalue().removesuffix("\n"))
        return done.code if isinstance(done.code, int) else ExitCode.USAGE_ERROR
    if told.version:
        terminal.write_line(f"{PROGRAM} {__version__}")
        return ExitCode.SUCCESS
    match told.command:
        case "errcode":
            return _errcode_from_args(terminal, messages, told)
        case "sandbox":
            return run_sandbox(terminal, messages, told.port)
        case "completion":
            terminal.write_line(completion_script(told.shell, PROGRAM))
            return ExitCode.SUCCESS
        case "watch":
            from guarddog_gui.cli.commands.watch import run_watch  # the only command that needs Qt

            return run_watch(terminal, messages, use_sandbox=told.sandbox)
        case _:
            return _run_with_container(terminal, messages, told)


def _errcode_from_args(terminal: Terminal, messages: Messages, args: Namespace) -> ExitCode:
    if args.lang is not None:
        language = {"GUARDDOG_LANG": {"zh": CHINESE, "en": ENGLISH}[args.lang]}
        messages = make_messages(language, "system", messages.errcode_catalog, messages.format_time)
    return run_errcode(terminal, messages, load_jssdk_errors(), " ".join(args.asked))


def _run_with_container(terminal: Terminal, messages: Messages, args: Namespace) -> ExitCode:
    stores = make_container(
        terminal.environ, terminal.clock, secrets=terminal.secret_store, require_api_base=False
    )  # much is done without WeChat
    try:
        return _dispatch(CommandContext(terminal, stores, messages), args)
    finally:
        stores.history.close()
        _report_store_errors(terminal, messages, stores.accounts.damaged_backup, None)
        _report_store_errors(terminal, messages, stores.history.quarantined_path, stores.history.write_error)


def _dispatch(context: CommandContext, args: Namespace) -> ExitCode:
    match args.command:
        case "accounts":
            return _accounts_from_args(context, args)
        case "token":
            form = None if args.json else args.format
            return token_commands.run_token(context, args.account, args.key, args.min_ttl, form)
        case "exec":
            return run_exec(context, args.account, args.min_ttl, args.behind)
        case "refresh":
            return token_commands.run_refresh(
                context, args.account, args.key, force=args.force, skip_confirmation=args.yes
            )
        case "sign":
            return _sign_from_args(context, args)
        case "sign-card":
            return run_sign_card(context, args.account, _card_request(args))
        case "diagnose":
            return _diagnose_from_args(context, args)
        case "doctor":
            return run_doctor(context, as_json=args.json)
        case "status":
            return run_status(context, as_json=args.json)
        case _:
            return run_history(
                context,
                args.account,
                only_failures=args.errors,
                since=args.since,
                limit=args.limit,
                as_json=args.json,
            )


def _sign_from_args(context: CommandContext, args: Namespace) -> ExitCode:
    options = SignOptions(args.form, tuple(args.api), tuple(args.open_tag), args.debug)
    return run_sign(context, args.account, args.url, args.nonce, args.timestamp, options)


def _card_request(args: Namespace) -> CardExtRequest | CardChoiceRequest:
    nonce = token_hex(8) if args.nonce is None else args.nonce
    if args.choose:
        return CardChoiceRequest(nonce, args.timestamp, args.shop_id, args.card_id, args.card_type)
    return CardExtRequest(args.card_id, nonce, args.timestamp, args.code, args.openid)


def _diagnose_from_args(context: CommandContext, args: Namespace) -> ExitCode:
    about = DiagnoseArguments(
        args.url, args.entry_url, args.signature, args.nonce, args.timestamp, args.config
    )
    return run_diagnose(context, args.account, about, args.ticket, as_json=args.json)


def _accounts_from_args(context: CommandContext, args: Namespace) -> ExitCode:
    match args.deed:
        case "add":
            new = AddAccountArguments(
                args.appid,
                args.name,
                args.platform,
                args.endpoint,
                args.dog_dir,
                args.ahead,
                args.card_ticket,
                None if args.js_domain is None else parse_js_domains(" ".join(args.js_domain)),
                None if args.outlets is None else tuple(args.outlets),
            )
            return account_commands.add_account(
                context, new, secret_stdin=args.secret_stdin, verify=not args.no_check
            )
        case "list":
            return account_commands.list_accounts(context, as_json=args.json)
        case _:
            return account_commands.remove_account(context, args.account, purge=args.purge)
