"""`oauth`: build the link of a web authorisation, and exchange the code that comes back."""

from argparse import Namespace
from secrets import token_hex

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.pasted_input import read_pasted_input
from guarddog_gui.cli.select_account import select_account
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing.web_authorisation import (
    AuthorisationLink,
    Scope,
    WebAuthorisation,
    authorisation_base,
    make_link,
    read_code,
)
from guarddog_gui.domain.wechat.errcodes import ErrcodeKind
from guarddog_gui.domain.wechat.protocol import Refusal, TransportFailure
from guarddog_gui.services.exit_codes import ExitCode, exit_code_for_storage_error
from guarddog_gui.services.messages.wechat.web_authorisation import (
    failed_exchange_message,
    link_warnings,
    user_lines,
    usual_mistakes,
)

STANDARD_INPUT = "-"
_SCOPES = {"base": Scope.BASE, "userinfo": Scope.USERINFO}


def register(command: CommandDefinition) -> None:
    text = command.text
    subparsers = command.parser.add_subparsers(dest="subcommand", metavar=text("COMMAND"), required=True)
    link = command.add_subcommand(
        subparsers, "link", text("print the link that sends a user through the authorisation")
    )
    link.parser.add_argument("url", metavar="URL", help=text("the page to which WeChat sends the user (redirect_uri)"))
    link.add_account()
    link.parser.add_argument(
        "--scope",
        choices=tuple(_SCOPES),
        default="base",
        help=text("base: the openid, without a question; userinfo: name and picture, too (default: base)"),
    )
    link.add_option("--state", "S", text("letters and digits that come back with the code (default: made by chance)"))
    link.add_json_flag()
    link.set_examples(
        f"{PROGRAM} oauth link https://shop.example.cn/login Shop",
        f"{PROGRAM} oauth link https://shop.example.cn/login Shop --scope userinfo --state abc123",
    )
    exchange = command.add_subcommand(
        subparsers, "exchange", text("exchange a code for openid and scope; keeps nothing")
    )
    exchange.parser.add_argument(
        "code", metavar="CODE", help=text("the code, or the address that WeChat opened; - reads standard input")
    )
    exchange.add_account()
    exchange.add_json_flag()
    exchange.set_examples(f"{PROGRAM} oauth exchange 'https://shop.example.cn/login?code=0a1B…&state=abc123' Shop")
    command.set_examples(
        f"{PROGRAM} oauth link https://shop.example.cn/login Shop",
        f"{PROGRAM} oauth exchange 'https://shop.example.cn/login?code=0a1B…&state=abc123' Shop",
    )


def run(context: CommandContext, args: Namespace) -> ExitCode:
    return _print_link(context, args) if args.subcommand == "link" else _exchange(context, args)


def _print_link(context: CommandContext, args: Namespace) -> ExitCode:
    """Print the link; what is wrong with it, and what usually is, goes to stderr."""
    account, messages = select_account(context, args.account), context.messages
    state = token_hex(8) if args.state is None else args.state
    base = authorisation_base(context.container.api_base)
    link = make_link(account, args.url, _SCOPES[args.scope], state, base)
    if not isinstance(link, AuthorisationLink):
        raise CommandError(ExitCode.USAGE_ERROR, messages.for_bad_input(link))
    warnings = link_warnings(link, messages)
    if args.json:
        fields = {"url": link.url, "domain": link.domain, "state": state, "warnings": list(warnings)}
        context.terminal.write_json(fields)
        return ExitCode.SUCCESS
    context.terminal.write_line(link.url)
    for line in warnings:
        context.terminal.write_message(line)
    for line in usual_mistakes(link, messages):
        context.terminal.write_message(line)
    return ExitCode.SUCCESS


def _exchange(context: CommandContext, args: Namespace) -> ExitCode:
    """Print openid and scope. The tokens of the user are neither printed nor kept."""
    account, messages = select_account(context, args.account), context.messages
    text = read_pasted_input(context, STANDARD_INPUT) if args.code == STANDARD_INPUT else args.code
    code = read_code(text)
    if isinstance(code, InputProblem):
        raise CommandError(ExitCode.USAGE_ERROR, messages.for_bad_input(code))
    answer = context.container.make_worker_context().account_queries.exchange_code(account, code)
    if isinstance(answer, WebAuthorisation):
        if args.json:
            fields = {"openid": answer.openid, "scope": answer.scope, "unionid": answer.unionid or None}
            context.terminal.write_json({**fields, "is_snapshot_user": answer.is_snapshot_user})
        else:
            for line in user_lines(answer, messages):
                context.terminal.write_line(line)
        return ExitCode.SUCCESS
    raise CommandError(_exit_code(context, answer), failed_exchange_message(answer, messages))


def _exit_code(context: CommandContext, answer: object) -> ExitCode:
    if isinstance(answer, TransportFailure):
        return ExitCode.TRY_LATER
    if isinstance(answer, Refusal):
        kind = context.messages.errcode_catalog.kind_for(answer.errcode, "sns_oauth2")
        return (
            ExitCode.TRY_LATER if kind in (ErrcodeKind.TRANSIENT, ErrcodeKind.QUOTA) else ExitCode.USER_ACTION_REQUIRED
        )
    return exit_code_for_storage_error(answer)  # type: ignore[arg-type]  # a result of the keyring
