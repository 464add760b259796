"""`accounts`: add, list and remove accounts."""

import re
from argparse import ArgumentTypeError, BooleanOptionalAction, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from guarddog_gui.adapters.files.paths import translate_os_errors
from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext, NoTerminalError
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.select_account import exit_code_of_list, no_account_message, select_account
from guarddog_gui.domain.accounts.account import (
    Account,
    Endpoint,
    Platform,
    Secret,
    find_account,
    parse_js_domains,
    validate_account,
)
from guarddog_gui.domain.errors import BadInput, FileError
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget, split_command, target_to_dict
from guarddog_gui.domain.paste.appid import read_appid
from guarddog_gui.domain.problems import FileErrorReason, InputProblem
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.accounts import AccountNotSaved, AccountService
from guarddog_gui.services.exit_codes import ExitCode, exit_code_for_entry, exit_code_for_storage_error
from guarddog_gui.services.messages.exports import export_status_message
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.problems import INPUT_PROBLEMS

_TYPICAL_APPID = re.compile(r"wx[0-9a-f]{16}")  # no word of another form is looked up in the keyring
_ACCOUNT_OPTIONS = ("name", "platform", "endpoint", "ahead", "card_ticket", "js_domains", "exports")


def register(command: CommandDefinition) -> None:
    text = command.text
    subparsers = command.parser.add_subparsers(dest="subcommand", metavar=text("COMMAND"), required=True)
    help_text = text("try an AppID and AppSecret, then save them; a known AppID is changed")
    _register_add(command.add_subcommand(subparsers, "add", help_text))
    show = command.add_subcommand(subparsers, "list", text("list the accounts"))
    show.add_json_flag()
    show.set_examples(f"{PROGRAM} accounts list", f"{PROGRAM} accounts list --json")
    remove = command.add_subcommand(subparsers, "remove", text("remove an account and its AppSecret"))
    remove.add_account(text("AppID or name"), optional=False)
    remove.add_flag("--purge", text("remove its .dog files, too"))
    remove.set_examples(f"{PROGRAM} accounts remove Shop", f"{PROGRAM} accounts remove Shop --purge")
    command.set_examples(
        f"{PROGRAM} accounts add --appid wx1234567890abcdef --name Shop",
        f"{PROGRAM} accounts list",
        f"{PROGRAM} accounts remove Shop --purge",
    )


def _register_add(command: CommandDefinition) -> None:
    text, add_option = command.text, command.parser.add_argument
    add_option("--appid", required=True, metavar="ID", help=text("the AppID"))
    add_option("--name", help=text("a name of your own for the account; a known one keeps its name without it"))
    command.add_choice("--platform", Platform, text("official account (the default) or mini program"))
    command.add_choice(
        "--endpoint", Endpoint, text("stable (the default) leaves the tokens of your servers alone; classic ends them")
    )
    _register_optional_settings(command)
    _register_exports(command)
    no_exports_help = text("write to none of these places any more")
    add_option("--no-outlets", action="store_const", const=[], dest="exports", help=no_exports_help)
    command.add_flag("--secret-stdin", text("read the AppSecret from standard input"))
    command.add_flag("--no-check", text("save without trying"))
    command.set_examples(
        f"{PROGRAM} accounts add --appid wx1234567890abcdef --name Shop",
        f"{PROGRAM} accounts add --appid wx1234567890abcdef --name Shop --secret-stdin < secret.txt",
        f"{PROGRAM} accounts add --appid wx1234567890abcdef --name Shop --write-env ~/shop/.env",
    )


def _register_optional_settings(command: CommandDefinition) -> None:
    text, add_option = command.text, command.parser.add_argument
    command.add_option("--dog-dir", "DIR", text('folder for the .dog files of this account; "" is the usual one'))
    ahead_help = text("seconds before the end to refresh (default 290)")
    add_option("--ahead", type=command.seconds_type, metavar="S", help=ahead_help)
    card_help = text("keep the ticket for cards fresh, too (wx_card; off by default)")
    add_option("--card-ticket", action=BooleanOptionalAction, help=card_help)
    domain_help = text('a JS-safe domain of the account, for the checks of sign; may be repeated, "" empties the list')
    add_option("--js-domain", action="append", metavar="D", help=domain_help)


def _register_exports(command: CommandDefinition) -> None:
    text = command.text
    php_help = text(
        "after each refresh also write the files of the official PHP sample into this folder, .php and .json; "
        "this and the next three may be repeated, and together replace what was there"
    )
    interaction_help = text("the same for npm wechat_interaction_jsapi")
    env_help = text(
        "also set WECHAT_APPID, WECHAT_ACCESS_TOKEN and WECHAT_JSAPI_TICKET in this .env file; "
        "nothing else in it is changed"
    )
    command_help = text(
        "also run this command, without a shell, with these variables and WECHAT_EXPIRES_AT set; "
        "it starts in your home folder and has 10 seconds"
    )
    for option, metavar, export_format, help_text in (
        ("--write-php", "DIR", ExportFormat.PHP_JSON, php_help),
        ("--write-interaction", "DIR", ExportFormat.INTERACTION_JSON, interaction_help),
        ("--write-env", "FILE", ExportFormat.ENV, env_help),
        ("--run", "COMMAND", ExportFormat.COMMAND, command_help),
    ):
        export_type = _export_target_type(command, export_format)
        command.parser.add_argument(
            option, action="append", dest="exports", type=export_type, metavar=metavar, help=help_text
        )


def _export_target_type(command: CommandDefinition, export_format: ExportFormat) -> Callable[[str], ExportTarget]:
    def parse(word: str) -> ExportTarget:
        try:
            return parse_export_target(export_format, word)
        except BadInput as error:
            raise ArgumentTypeError(command.text(INPUT_PROBLEMS[error.problem][0])) from error

    return parse


def resolve_path_argument(text: str) -> str:
    """Return the absolute path, with ~ expanded.

    Raises FileError if the working directory is gone or the user of a ~ is unknown.
    """
    try:
        with translate_os_errors(text):
            return str(Path(text).expanduser().absolute())
    except RuntimeError as error:  # what pathlib raises for a user without a home
        raise FileError(text, FileErrorReason.NO_SUCH_HOME) from error


def parse_export_target(export_format: ExportFormat, text: str) -> ExportTarget:
    """Return the export target, with absolute paths.

    Raises FileError for an unusable path and BadInput for an empty or wrongly quoted command.
    """
    if export_format is not ExportFormat.COMMAND:
        return ExportTarget(export_format, text and resolve_path_argument(text))
    words = split_command(text)
    if not words:
        raise BadInput(InputProblem.UNCLOSED_QUOTE if text.strip() else InputProblem.EMPTY_COMMAND)
    program = resolve_path_argument(words[0]) if Path(words[0]).name != words[0] else words[0]
    return ExportTarget(export_format, command=(program, *words[1:]))


def run(context: CommandContext, args: Namespace) -> ExitCode:
    match args.subcommand:
        case "add":
            return _add_account(context, args)
        case "list":
            return _list_accounts(context, as_json=args.json)
        case _:
            return _remove_account(context, args.account, purge=args.purge)


def _add_account(context: CommandContext, args: Namespace) -> ExitCode:
    """Verify the credentials, then save them; save nothing if they or the folder do not work."""
    terminal, messages = context.terminal, context.messages
    args.js_domains = None if args.js_domain is None else parse_js_domains(" ".join(args.js_domain))
    args.appid = read_appid(args.appid)
    known = next((a for a in context.container.accounts.load() if a.appid == args.appid), None)
    account = _apply_arguments(args, known or Account(args.appid, ""))
    wrong = _argument_error(context, args, account)
    if wrong is not None:
        raise CommandError(ExitCode.USAGE_ERROR, wrong)
    # before the secret is asked for, as it raises BadApiBase for an unusable address
    account_service = context.container.make_worker_context().account_service
    if known is None or account.dog_dir != known.dog_dir:
        _report_existing_files(context, account_service, account)
    if account.endpoint is Endpoint.CLASSIC:
        terminal.write_message(messages.classic_warning())
    secret = _read_secret(context, account, secret_stdin=args.secret_stdin)
    verification = None
    if not args.no_check:
        verification = account_service.verify_credentials(account, secret)
        if not verification.is_valid:
            terminal.write_message(messages.for_verification(verification))
            terminal.write_message(messages.text("{name} is not saved.", name=account.name))
            return exit_code_for_entry(verification.entry, context.container.errcode_catalog)
    saved = account_service.save(account, secret, verification)
    if isinstance(saved, AccountNotSaved):
        terminal.write_message(messages.for_save(saved))
        return exit_code_for_storage_error(saved.error)
    if verification is not None:
        terminal.write_line(messages.for_verification(verification).text)
    terminal.write_line(messages.for_save(saved).text)
    _export_values(context, account)
    return ExitCode.SUCCESS


def _argument_error(context: CommandContext, args: Namespace, account: Account) -> Message | None:
    messages = context.messages
    if not account.name and args.name is None:
        return messages.message("A new account needs a name.", "Give it one with --name.")
    if args.card_ticket and account.platform is Platform.MINI_PROGRAM:
        return messages.message(
            "{name} is a mini program and has no {key}.",
            "Leave --card-ticket out.",
            name=account.name,
            key=messages.key_name(TokenKind.CARD_TICKET),
        )
    refusal = validate_account(account)
    return None if refusal is None else messages.for_error(refusal)


def _export_values(context: CommandContext, account: Account) -> None:
    for report in context.container.make_exporter().export(account):
        message = export_status_message(report, context.messages)
        if report.error is None:
            context.terminal.write_line(message.text)
        else:
            context.terminal.write_message(message)


def _report_existing_files(context: CommandContext, account_service: AccountService, account: Account) -> None:
    """Report the `.dog` files in a chosen folder, and what becomes of them.

    An unusable folder is not reported here: saving the account does it.
    """
    if account.dog_dir is None:
        return
    contents = account_service.inspect_folder(account)
    message = context.messages.for_existing_files(contents, account.token_kinds, context.container.clock())
    if contents.error is None and message.text:
        context.terminal.write_message(message)


def _apply_arguments(args: Namespace, account: Account) -> Account:
    changes: dict[str, Any] = {name: getattr(args, name) for name in _ACCOUNT_OPTIONS}
    changes = {name: value for name, value in changes.items() if value is not None}
    if args.dog_dir is not None:
        changes["dog_dir"] = resolve_path_argument(args.dog_dir) if args.dog_dir else None
    if args.exports is not None:
        changes["exports"] = tuple(args.exports)
    return replace(account, **changes)


def _read_secret(context: CommandContext, account: Account, *, secret_stdin: bool) -> Secret:
    messages = context.messages
    if secret_stdin:
        try:
            line = context.terminal.stdin.readline()
        except UnicodeDecodeError:
            # `from None`: the cause holds the text, which may be the secret
            raise BadInput(InputProblem.INVALID_SECRET) from None
        return Secret(line.strip("\ufeff \t\r\n"))  # Windows shells put a BOM in front
    try:
        prompt = messages.text("AppSecret of {name} (not shown): ", name=account.name)
        return Secret(context.terminal.prompt_hidden(prompt).strip())
    except NoTerminalError:
        message = messages.message(
            "There is no terminal to ask for the AppSecret.", "Give it on standard input with --secret-stdin."
        )
        raise CommandError(ExitCode.USAGE_ERROR, message) from None


def _list_accounts(context: CommandContext, *, as_json: bool) -> ExitCode:
    accounts = context.container.accounts.load()
    if as_json:
        context.terminal.write_json([_json_fields(account) for account in accounts])
        return exit_code_of_list(context)
    if not accounts:
        context.terminal.write_message(no_account_message(context))
        return exit_code_of_list(context)
    messages, directory = context.messages, context.container.dog_files.directory
    context.terminal.write_table(
        [
            (a.name, a.appid, messages.platform_name(a.platform), messages.endpoint_name(a.endpoint), directory(a))
            for a in accounts
        ]
    )
    return exit_code_of_list(context)


def _json_fields(account: Account) -> dict[str, object]:
    exports = [target_to_dict(target) for target in account.exports]
    return {**to_builtins(account), "outlets": exports}


def _remove_account(context: CommandContext, name_or_appid: str, *, purge: bool) -> ExitCode:
    appid = _find_appid_to_remove(context, name_or_appid)
    removed = context.container.make_worker_context().account_service.remove(appid, purge=purge)
    message = context.messages.for_removal(removed)
    if removed.is_complete:
        context.terminal.write_line(message.text)
        return ExitCode.SUCCESS
    context.terminal.write_message(message)
    error = removed.secret_error or removed.file_error
    return ExitCode.SUCCESS if error is None else exit_code_for_storage_error(error)


def _find_appid_to_remove(context: CommandContext, name_or_appid: str) -> str:
    """Return the appid of a listed account, or of one whose secret or files may be left.

    A damaged list names no unlisted account: the account may be in the part that cannot be read.
    """
    store = context.container.accounts
    accounts = store.load()
    is_listed = find_account(accounts, name_or_appid) or any(a.name == name_or_appid for a in accounts)
    if not is_listed and not store.is_damaged:
        for removal in store.pending_removals():
            if name_or_appid in (removal.appid, removal.name):
                return removal.appid
        if _TYPICAL_APPID.fullmatch(name_or_appid):
            return name_or_appid
    return select_account(context, name_or_appid).appid
