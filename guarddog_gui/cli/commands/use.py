"""`use`: show, choose or clear the account that commands take where none is named."""

from argparse import Namespace

from msgspec.structs import replace

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import PROGRAM, CommandContext
from guarddog_gui.cli.parser import CommandDefinition
from guarddog_gui.cli.select_account import ACCOUNT_VARIABLE, default_account, no_account_message, select_account
from guarddog_gui.cli.unused_options import refuse_beside
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.services.exit_codes import ExitCode


def register(command: CommandDefinition) -> None:
    text = command.text
    command.add_account(text("AppID or name; without it, show the account that is in use"))
    command.add_flag("--none", text("choose no account: each command has to name one again"))
    command.set_examples(f"{PROGRAM} use Shop", f"{PROGRAM} use", f"{PROGRAM} use --none")


def run(context: CommandContext, args: Namespace) -> ExitCode:
    if args.none:
        if args.account is not None:
            refuse_beside(context, args, context.messages.text("ACCOUNT"), "--none")
        _save(context, "")
        context.terminal.write_line(context.messages.text("No account is used by default."))
    elif args.account is not None:
        account = select_account(context, args.account)
        _save(context, account.appid)
        name = context.messages.text("{name} is used by default.", name=account.name)
        context.terminal.write_line(f"{name} ({account.appid})")
    else:
        _show(context)
        return ExitCode.SUCCESS
    if context.terminal.environ.get(ACCOUNT_VARIABLE):
        message = context.messages.message(
            "{variable} is set and wins over this setting.", "Unset it, or change it there.", variable=ACCOUNT_VARIABLE
        )
        context.terminal.write_message(message)
    return ExitCode.SUCCESS


def _save(context: CommandContext, appid: str) -> None:
    """Write this one setting. Raises FileError."""
    context.container.settings.update(lambda settings: replace(settings, default_account=appid))


def _show(context: CommandContext) -> None:
    """Print appid and name, and on standard error why it is this account. Raises CommandError if there is none."""
    messages, account = context.messages, default_account(context)
    if account is None:
        if not context.container.accounts.load():
            raise CommandError(ExitCode.NOT_FOUND, no_account_message(context))
        message = messages.message("No account is used by default.", "Choose one: guarddogctl use ACCOUNT")
        raise CommandError(ExitCode.NOT_FOUND, message)
    context.terminal.write_line(f"{account.appid}  {account.name}")
    context.terminal.write_message(_reason(context, account))


def _reason(context: CommandContext, account: Account) -> str:
    text = context.messages.text
    if context.terminal.environ.get(ACCOUNT_VARIABLE):
        return text("{variable} names it.", variable=ACCOUNT_VARIABLE)
    if context.container.settings.load().default_account == account.appid:
        return text("guarddogctl use has chosen it.")
    return text("It is the only account.")
