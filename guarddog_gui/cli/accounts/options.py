"""Options that describe an account, the same for `accounts add` and `accounts edit`."""

from argparse import ArgumentTypeError, BooleanOptionalAction, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from guarddog_gui.adapters.files.paths import translate_os_errors
from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.unused_options import refuse_beside
from guarddog_gui.domain.accounts.account import (
    Account,
    AccountColour,
    Endpoint,
    Environment,
    Platform,
    find_with_same_name,
    parse_js_domains,
    validate_account,
)
from guarddog_gui.domain.accounts.route import parse_api_host, split_proxy
from guarddog_gui.domain.errors import BadInput, FileError
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget, split_command
from guarddog_gui.domain.problems import FileErrorReason, InputProblem
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.problems import INPUT_PROBLEMS

_ACCOUNT_OPTIONS = (
    "name", "platform", "endpoint", "ahead", "card_ticket", "exports", "environment", "colour", "group",
)  # fmt: skip
_EXPORT_FORMATS = {
    "--write-php": ExportFormat.PHP_JSON,
    "--write-interaction": ExportFormat.INTERACTION_JSON,
    "--write-env": ExportFormat.ENV,
    "--run": ExportFormat.COMMAND,
}


def register_account_options(command: CommandDefinition) -> None:
    text, add_option = command.text, command.parser.add_argument
    name_help = text("a name of your own for the account; a known one keeps its name without it")
    add_option("--name", metavar=text("NAME"), help=name_help)
    command.add_choice("--platform", Platform, text("official account (the default) or mini program"))
    command.add_choice(
        "--endpoint", Endpoint, text("stable (the default) leaves the tokens of your servers alone; classic ends them")
    )
    _register_labels(command)
    _register_optional_settings(command)
    _register_route(command)
    _register_exports(command)
    command.add_flag("--no-outlets", text("write to none of these places any more"))
    command.add_flag("--secret-stdin", text("read the AppSecret from standard input"))
    command.add_flag("--no-check", text("save without trying"))


def _register_labels(command: CommandDefinition) -> None:
    text = command.text
    environment_help = text("what the account is for; forcing a token of a production account asks for its name")
    command.add_choice("--environment", Environment, environment_help)
    command.add_choice("--colour", AccountColour, text("colour of the account in the window (default: auto)"))
    command.add_option("--group", text("NAME"), text('heading under which the account is listed; "" for none'))


def _register_optional_settings(command: CommandDefinition) -> None:
    text, add_option = command.text, command.parser.add_argument
    command.add_option("--dog-dir", text("DIR"), text('folder for the .dog files of this account; "" is the usual one'))
    ahead_help = text("seconds before the end to refresh (default 290)")
    add_option("--ahead", type=command.seconds_type, metavar="S", help=ahead_help)
    card_help = text("keep the ticket for cards fresh, too (wx_card; off by default)")
    add_option("--card-ticket", action=BooleanOptionalAction, help=card_help)
    domain_help = text('a JS-safe domain of the account, for the checks of sign; may be repeated, "" empties the list')
    add_option("--js-domain", action="append", metavar="D", help=domain_help)


def _register_route(command: CommandDefinition) -> None:
    text = command.text
    host_help = text(
        'API host for this account, such as api2.weixin.qq.com; "" is that of the preferences. GUARDDOG_API_BASE wins'
    )
    command.add_option("--api-host", text("HOST"), host_help)
    proxy_help = text(
        'proxy for the calls of this account: http://[user@]host:port, socks5://…, direct for none; "" is that of the '
        "system. Its password is asked for"
    )
    command.add_option("--proxy", text("URL"), proxy_help)
    stdin_help = text("read the password of the proxy from standard input, behind the AppSecret if that is read, too")
    command.add_flag("--proxy-password-stdin", stdin_help)


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
    for option, metavar, help_text in (
        ("--write-php", text("DIR"), php_help),
        ("--write-interaction", text("DIR"), interaction_help),
        ("--write-env", text("FILE"), env_help),
        ("--run", text("COMMAND"), command_help),
    ):
        export_type = _export_target_type(command, _EXPORT_FORMATS[option])
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


def apply_account_options(context: CommandContext, args: Namespace, account: Account) -> Account:
    """Return the account with what the options change. Raises CommandError for options that cannot be meant."""
    if args.no_outlets:
        for option in ("--write-php", "--write-interaction", "--write-env", "--run"):
            if any(target.export_format is _EXPORT_FORMATS[option] for target in args.exports or ()):
                refuse_beside(context, args, option, "--no-outlets")
        args.exports = []
    changes: dict[str, Any] = {name: getattr(args, name) for name in _ACCOUNT_OPTIONS}
    changes = {name: value for name, value in changes.items() if value is not None}
    if args.group is not None:
        changes["group"] = args.group.strip()
    if args.js_domain is not None:
        changes["js_domains"] = parse_js_domains(" ".join(args.js_domain))
    if args.dog_dir is not None:
        changes["dog_dir"] = resolve_path_argument(args.dog_dir) if args.dog_dir else None
    changes |= _route_changes(context, args)
    if args.exports is not None:
        changes["exports"] = tuple(args.exports)
    edited = replace(account, **changes)
    problem = _problem(context, args, edited, is_renamed=edited.name != account.name)
    if problem is not None:
        raise CommandError(ExitCode.USAGE_ERROR, problem)
    return edited


def _route_changes(context: CommandContext, args: Namespace) -> dict[str, str]:
    """Return the API host and the proxy. Raise CommandError for unusable ones, without repeating them."""
    changes = {}
    try:
        if args.api_host is not None:
            changes["api_base"] = _parse_api_host(args.api_host)
        if args.proxy is not None:
            changes["proxy"] = _parse_proxy(args.proxy)
    except BadInput as error:
        raise CommandError(ExitCode.USAGE_ERROR, context.messages.for_bad_input(error)) from None
    return changes


def _parse_api_host(text: str) -> str:
    try:
        return parse_api_host(text)
    except BadInput:
        raise BadInput(InputProblem.INVALID_API_HOST) from None


def _parse_proxy(text: str) -> str:
    """Raise BadInput also for a proxy with a password: it is in the shell's history and the list of processes now."""
    proxy, password = split_proxy(text)
    if password:
        raise BadInput(InputProblem.PROXY_HAS_PASSWORD)
    return proxy


def _problem(context: CommandContext, args: Namespace, account: Account, *, is_renamed: bool) -> Message | None:
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
    if any(args.js_domain or ()) and account.platform is Platform.MINI_PROGRAM:
        return messages.message(
            "{name} is a mini program, whose pages are not signed.", "Leave --js-domain out.", name=account.name
        )
    refusal = validate_account(account)
    if refusal is not None:
        return messages.for_error(refusal)
    same = find_with_same_name(account, context.container.accounts.load()) if is_renamed else None
    return None if same is None else messages.for_bad_input(BadInput(InputProblem.NAME_TAKEN, same.appid))
