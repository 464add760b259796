"""`api`: call WeChat's API with the live token, and print the answer."""

from argparse import Namespace
from pathlib import Path

from guarddog_gui.bootstrap.catalogues import load_api_catalogue
from guarddog_gui.cli.api.arguments import add_arguments, make_request, refuse_unused
from guarddog_gui.cli.api.listing import print_call_log, print_catalogue
from guarddog_gui.cli.api.printing import print_outcome
from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.detached_exports import start_exports
from guarddog_gui.cli.fresh_values import require_fresh
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.select_account import select_account
from guarddog_gui.domain.accounts.account import Account, Environment
from guarddog_gui.domain.api.catalogue import CatalogueCall
from guarddog_gui.domain.api.copy_as import CopiedCall, CopyForm, render_call
from guarddog_gui.domain.api.request import ApiRequest
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.errcodes import ErrcodeKind
from guarddog_gui.domain.wechat.protocol import Refusal, TransportFailure
from guarddog_gui.services.api_calls import ApiOutcome
from guarddog_gui.services.exit_codes import ExitCode, exit_code_for_entry
from guarddog_gui.services.messages.wechat.api_calls import effect_message, for_outcome, platform_warning, renewal_text

_TEMPORARY = (ErrcodeKind.TRANSIENT, ErrcodeKind.QUOTA, ErrcodeKind.TOKEN)


def register(command: CommandDefinition) -> None:
    add_arguments(command)
    command.set_examples(
        f"{PROGRAM} api GET cgi-bin/menu/get",
        f"{PROGRAM} api GET cgi-bin/user/info --query openid=OPENID --account Shop",
        f"{PROGRAM} api POST cgi-bin/menu/create --data @menu.json",
        f"{PROGRAM} api POST cgi-bin/media/upload --query type=image --upload cat.png",
        f'{PROGRAM} api POST wxa/getwxacodeunlimit --data \'{{"scene":"id=1"}}\' --output code.png',
        f"{PROGRAM} api POST cgi-bin/menu/create --data @menu.json --copy-as curl",
        f"{PROGRAM} api --search menu",
    )


def run(context: CommandContext, args: Namespace) -> ExitCode:
    """Send one call; a token that WeChat refuses is renewed once, and the call sent once more."""
    refuse_unused(context, args)
    if args.search is not None:
        return print_catalogue(context, args)
    account = select_account(context, args.account_name)
    if args.history or args.clear_history:
        return print_call_log(context, args, account)
    catalogue = load_api_catalogue()
    request = make_request(context, args, context.container.api_base_of(account.appid))
    known = catalogue.find(request.method, request.path)
    if args.copy_as is not None:
        _print_copy(context, args, account, request, known)
        return ExitCode.SUCCESS
    warning = platform_warning(account, known, context.messages)
    if warning:
        context.terminal.write_message(warning)
    if account.environment is Environment.PRODUCTION and catalogue.is_changing(request.method, request.path):
        _confirm(context, args, account, request, known)
    if args.output is not None:
        _require_folder(context, args.output)
    outcome = context.container.make_api_console().caller.call(account, request)
    if outcome.has_refreshed:
        start_exports(context, account)
    print_outcome(context, args, outcome)
    message = for_outcome(outcome, account, context.messages)
    if message.text:
        raise CommandError(_exit_code(context, outcome), message)
    if outcome.is_repeated:
        context.terminal.write_message(renewal_text(outcome, context.messages))
    return ExitCode.SUCCESS


def _print_copy(
    context: CommandContext, args: Namespace, account: Account, request: ApiRequest, known: CatalogueCall | None
) -> None:
    token = None
    if args.with_token:
        token = require_fresh(context, account, (TokenKind.ACCESS_TOKEN,), 0).records[TokenKind.ACCESS_TOKEN].value
    language = context.messages.message_catalog.language
    name = request.path if known is None else known.title(language)
    call = CopiedCall(
        request, context.container.api_base_of(account.appid), name, token, known is not None and known.is_binary
    )
    context.terminal.write_line(render_call(CopyForm(args.copy_as), call))


def _confirm(
    context: CommandContext, args: Namespace, account: Account, request: ApiRequest, known: CatalogueCall | None
) -> None:
    """Raise CommandError unless the user names the production account: in the command line, or on the terminal."""
    messages, terminal = context.messages, context.terminal
    if args.yes and args.account_name is not None:
        return
    title = f"{request.method} {request.path}"
    if args.yes:
        refusal = messages.message(
            "{name} is a production account: --yes alone is not enough for {title}.",
            "Name it: guarddogctl api … --account {appid} --yes",
            name=account.name,
            title=title,
            appid=account.appid,
        )
        raise CommandError(ExitCode.USAGE_ERROR, refusal)
    terminal.write_message(effect_message(account, title, known, messages))
    if not terminal.stdin.isatty():
        refusal = messages.message(
            "{name} is a production account, and there is no terminal to type its name.",
            "In a script, name it and say yes: guarddogctl api … --account {appid} --yes",
            name=account.name,
            appid=account.appid,
        )
        raise CommandError(ExitCode.USAGE_ERROR, refusal)
    if terminal.prompt_line(messages.text("This is a production account. Type its name to send it:")) != account.name:
        refusal = messages.message(
            "That is not the name of the account: nothing is sent.", "Type “{name}” to send it.", name=account.name
        )
        raise CommandError(ExitCode.USAGE_ERROR, refusal)


def _require_folder(context: CommandContext, output: str) -> None:
    """Raise CommandError if the answer could not be written: the call would be made for nothing."""
    path = Path(output)
    if path.is_dir() or not path.parent.is_dir():
        message = context.messages.message(
            "The answer cannot be written to {path}.", "Name a file in a folder that exists.", path=output
        )
        raise CommandError(ExitCode.FILE_ERROR, message)


def _exit_code(context: CommandContext, outcome: ApiOutcome) -> ExitCode:
    """Return 4 where the user has to act, 5 for what passes; what a refresh that failed says counts first."""
    failure = outcome.failure
    if failure is not None and not isinstance(failure, TransportFailure):
        return exit_code_for_entry(failure.entry, context.container.errcode_catalog)
    refusal = outcome.answer.refusal if outcome.answer is not None else failure
    if isinstance(refusal, Refusal):
        endpoint = outcome.request.path.rpartition("/")[2]
        kind = context.container.errcode_catalog.kind_for(refusal.errcode, endpoint)
        return ExitCode.TRY_LATER if kind in _TEMPORARY else ExitCode.USER_ACTION_REQUIRED
    return ExitCode.TRY_LATER
