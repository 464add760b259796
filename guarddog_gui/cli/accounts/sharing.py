"""`accounts share`, `accounts unshare`, and `accounts add --follow`: share accounts through Redis."""

from argparse import Namespace
from typing import TYPE_CHECKING

from msgspec.structs import replace

from guarddog_gui.cli.accounts.options import resolve_path_argument
from guarddog_gui.cli.accounts.saving import require_changeable_list
from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.select_account import select_account
from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.errors import BadInput, FileError
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.sharing.redis_url import take_password
from guarddog_gui.domain.sharing.settings import KeyNames, Sharing, SharingRole, parse_key_names
from guarddog_gui.services.exit_codes import (
    ExitCode,
    exit_code_for_entry,
    exit_code_for_sharing,
    exit_code_for_storage_error,
)
from guarddog_gui.services.messages.message import Message

if TYPE_CHECKING:
    from guarddog_gui.services.accounts.sharing_service import AccountShared, NotShared


def register_share(command: CommandDefinition) -> None:
    command.add_account()
    _register_redis_options(command)
    command.add_flag("--preview", command.text("show what is in Redis, and change nothing"))
    command.add_flag("--no-check", command.text("save without trying"))
    command.set_examples(
        f"{PROGRAM} accounts share Shop --redis rediss://guarddog@redis.example.com --redis-password-stdin < password",
        f"{PROGRAM} accounts share Shop --redis unix:///run/redis/redis.sock --also wechatpy --also plain=shop:token",
        f"{PROGRAM} accounts share Shop --redis redis://localhost --follow --also wxjava --preview",
    )


def register_unshare(command: CommandDefinition) -> None:
    command.add_account()
    command.set_examples(f"{PROGRAM} accounts unshare Shop")


def register_follow_options(command: CommandDefinition) -> None:
    """Register the options of `accounts add` for an account without an AppSecret."""
    _register_redis_options(command)


def _register_redis_options(command: CommandDefinition) -> None:
    text = command.text
    redis_help = text("address of Redis, without its password: rediss://USER@HOST, redis://HOST, unix:///PATH")
    command.add_option("--redis", text("URL"), redis_help)
    command.add_flag("--follow", text("only read; needs no AppSecret and never asks WeChat"))
    also_help = text(
        "write the keys of another program, too; with --follow read them: wechatpy, wxjava, silenceper, symfony=KEY or "
        "plain=KEY; FORMAT=KEY and FORMAT:ticket=KEY name other keys, {{appid}} stands for the AppID"
    )
    command.parser.add_argument("--also", metavar=text("FORMAT"), action="append", default=[], help=also_help)
    ca_help = text("PEM file with the authority that signed the certificate of Redis (default: those of the system)")
    command.add_option("--redis-ca", text("FILE"), ca_help)
    command.add_flag("--redis-password-stdin", text("read the password of Redis from standard input, one line"))


def share_account(context: CommandContext, args: Namespace) -> ExitCode:
    require_changeable_list(context)
    account = select_account(context, args.account)
    sharing = _read_sharing(context, args, account)
    password = _read_password(context, args)
    if args.preview:
        return _show_preview(context, account, sharing, password)
    return _share(context, account, sharing, password, checks=not args.no_check)


def add_follower(context: CommandContext, args: Namespace, account: Account) -> ExitCode:
    """Add an account that only follows, without an AppSecret."""
    if not args.follow:
        message = context.messages.message(
            "A leader needs an AppSecret.", "Add the account first, then share it with guarddogctl accounts share."
        )
        raise CommandError(ExitCode.USAGE_ERROR, message)
    account = account if account.name else replace(account, name=args.name or account.appid)
    sharing, password = _read_sharing(context, args, account), _read_password(context, args)
    return _share(context, account, sharing, password, checks=not args.no_check)


def _read_sharing(context: CommandContext, args: Namespace, account: Account) -> Sharing:
    """Return the settings; those that are not given stay as they are. Raises BadInput and CommandError."""
    previous = account.sharing
    if args.redis is None and previous is None:
        message = context.messages.message("Say which Redis: --redis URL.", "See --help for the forms of the address.")
        raise CommandError(ExitCode.USAGE_ERROR, message)
    url, password = take_password(args.redis) if args.redis is not None else (previous.url if previous else "", None)
    if password is not None:  # it is in the shell's history now, and was in the list of processes
        raise BadInput(InputProblem.REDIS_URL_WITH_PASSWORD)
    formats: tuple[KeyNames, ...] = ()
    for text in args.also:
        parsed = parse_key_names(text, formats)
        if parsed is None:
            raise BadInput(InputProblem.UNKNOWN_KEY_FORMAT, text)
        formats = parsed
    ca_file = previous.ca_file if previous is not None and args.redis_ca is None else ""
    if args.redis_ca:
        ca_file = resolve_path_argument(args.redis_ca)
    return Sharing(SharingRole.FOLLOWER if args.follow else SharingRole.LEADER, url, ca_file, formats)


def _read_password(context: CommandContext, args: Namespace) -> Secret | None:
    if not args.redis_password_stdin:
        return None
    try:
        line = context.terminal.stdin.readline()
    except UnicodeDecodeError:
        raise BadInput(InputProblem.INVALID_REDIS_PASSWORD) from None  # the cause holds the password
    return Secret(line.strip("\ufeff\r\n"))


def _share(
    context: CommandContext, account: Account, sharing: Sharing, password: Secret | None, *, checks: bool
) -> ExitCode:
    from guarddog_gui.services.accounts.sharing_service import NotShared

    terminal, messages = context.terminal, context.messages
    outcome = (
        context.container.make_worker_context().make_sharing_service().share(account, sharing, password, checks=checks)
    )
    if isinstance(outcome, NotShared):
        return _report_not_shared(context, outcome)
    line = messages.sharing_line(
        outcome.account, context.container.sharing_journal.load(account.appid), terminal.clock()
    )
    terminal.write_line(f"{outcome.account.name}: {line}")
    for failure in outcome.warnings:
        terminal.write_message(messages.for_sharing_failure(failure))
    return _report_results(context, outcome)


def _report_results(context: CommandContext, outcome: "AccountShared") -> ExitCode:
    """Write what came of the first refresh; a follower of a leader that sleeps is shared all the same."""
    messages, code = context.messages, ExitCode.SUCCESS
    for result in outcome.results:
        message = messages.for_refresh_result(result, platform=outcome.account.platform)
        if result.is_success:
            context.terminal.write_line(message.text)
        else:
            context.terminal.write_message(message)
            code = code or exit_code_for_entry(result.entry, context.container.errcode_catalog)
    status = messages.for_sharing_status(context.container.sharing_journal.load(outcome.account.appid))
    if status is not None and code is ExitCode.SUCCESS:
        context.terminal.write_message(status)
    return ExitCode(code)


def _report_not_shared(context: CommandContext, outcome: "NotShared") -> ExitCode:
    terminal, messages = context.terminal, context.messages
    if outcome.storage_error is not None:
        error = outcome.storage_error
        message = messages.for_file_error(error) if isinstance(error, FileError) else messages.for_keyring_result(error)
        terminal.write_message(message)
        return exit_code_for_storage_error(error)
    for failure in outcome.failures:
        terminal.write_message(messages.for_sharing_failure(failure))
    terminal.write_message(messages.text("{name} is not saved.", name=outcome.account.name))
    return exit_code_for_sharing(outcome.failures[0].problem)


def _show_preview(context: CommandContext, account: Account, sharing: Sharing, password: Secret | None) -> ExitCode:
    preview = context.container.make_worker_context().make_sharing_service().preview(account, sharing, password)
    if preview.failure is not None:
        context.terminal.write_message(context.messages.for_sharing_failure(preview.failure))
        return exit_code_for_sharing(preview.failure.problem)
    for value in preview.values:
        context.terminal.write_line(context.messages.preview_line(value))
    return ExitCode.SUCCESS


def unshare_account(context: CommandContext, args: Namespace) -> ExitCode:
    from guarddog_gui.services.accounts.sharing_service import NotShared

    require_changeable_list(context)
    account = select_account(context, args.account)
    messages = context.messages
    if account.sharing is None:
        message: Message = messages.message("{name} is not shared.", name=account.name)
        raise CommandError(ExitCode.USAGE_ERROR, message)
    outcome = context.container.make_worker_context().make_sharing_service().unshare(account)
    if isinstance(outcome, NotShared):
        return _report_not_shared(context, outcome)
    text = messages.text("{name} is on this computer alone now.", name=account.name)
    context.terminal.write_line(text)
    return ExitCode.SUCCESS
