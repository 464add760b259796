"""Lists of the command `api`: the catalogue of common calls, and the calls of an account."""

from argparse import Namespace

from guarddog_gui.bootstrap.catalogues import load_api_catalogue
from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.api.call_log import LoggedCall
from guarddog_gui.domain.api.catalogue import CatalogueCall
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.texts import format_iso, format_timestamp
from guarddog_gui.services.messages.wechat.api_calls import format_size


def print_catalogue(context: CommandContext, args: Namespace) -> ExitCode:
    """List the calls with the words of --search; exit with 3 if there is none."""
    language = context.messages.message_catalog.language
    calls = [call for group in load_api_catalogue().search(args.search) for call in group.calls]
    if args.json:
        context.terminal.write_json([_call_fields(call, language) for call in calls])
    elif calls:
        context.terminal.write_table([(call.method.value, call.path, call.title(language)) for call in calls])
    if calls:
        return ExitCode.SUCCESS
    message = context.messages.message(
        "No call in the catalogue has these words.", "Any other call of WeChat's works, too: give its method and path."
    )
    raise CommandError(ExitCode.NOT_FOUND, message)


def _call_fields(call: CatalogueCall, language: str) -> dict[str, object]:
    return {
        "method": call.method.value,
        "path": call.path,
        "title": call.title(language),
        "platform": call.platform.value,
        "effect": call.effect.value,
        "query": call.query,
        "body": call.body_text() or None,
        "upload": call.upload,
        "page": call.help_url,
    }


def print_call_log(context: CommandContext, args: Namespace, account: Account) -> ExitCode:
    """List the calls of an account, the newest first, or forget them."""
    store = context.container.api_calls
    if args.clear_history:
        store.clear(account.appid)
        text = context.messages.text("The calls of {name} are forgotten.", name=account.name)
        context.terminal.write_message(text)
        return ExitCode.SUCCESS
    calls = store.calls(account.appid)
    if args.json:
        context.terminal.write_json([_logged_fields(call) for call in calls])
    elif calls:
        context.terminal.write_table([_logged_row(call) for call in calls])
    else:
        context.terminal.write_message(context.messages.text("There are no calls of {name}.", name=account.name))
    return ExitCode.SUCCESS


def _logged_fields(call: LoggedCall) -> dict[str, object]:
    return {
        "at": int(call.at),
        "at_iso": format_iso(call.at),
        "method": call.method,
        "path": call.path,
        "status": call.status,
        "errcode": call.errcode,
        "rid": call.rid,
        "size": call.size,
        "took_ms": call.took_ms,
        "failure": call.failure or None,
    }


def _logged_row(call: LoggedCall) -> tuple[str, ...]:
    result = call.failure or ("" if call.errcode is None else str(call.errcode)) or str(call.status or "")
    return (
        format_timestamp(call.at),
        call.method,
        call.path,
        result,
        f"{call.took_ms} ms",
        format_size(call.size),
        call.rid or "",
    )
