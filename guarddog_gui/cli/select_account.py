"""Choice of the account that a command works with."""

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.table import align_rows
from guarddog_gui.domain.accounts.account import Account, Platform, find_account
from guarddog_gui.domain.errors import NoSuchAccount
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Message


def select_account(context: CommandContext, name_or_appid: str | None) -> Account:
    """Return the account with this appid or name, or the only one. Raises CommandError if it is ambiguous."""
    messages, accounts = context.messages, context.container.accounts.load()
    if name_or_appid == "":  # "$SHOP" with a variable that is not set
        message = messages.message(
            "The account that is named is empty: “”.",
            "Name an account. In a script, a variable may have no value here.",
        )
        raise CommandError(ExitCode.NOT_FOUND, message)
    if name_or_appid is not None:
        account = find_account(accounts, name_or_appid)
        if account is not None:
            return account
        accounts = tuple(account for account in accounts if account.name == name_or_appid)
    if len(accounts) > 1:
        lines = align_rows([(account.appid, account.name) for account in accounts])
        message = messages.message("There are several accounts; say which one by its AppID or name.")
        raise CommandError(ExitCode.USAGE_ERROR, message, tuple(lines))
    if accounts:
        return accounts[0]
    code = ExitCode.FILE_ERROR if context.container.accounts.is_damaged else ExitCode.NOT_FOUND
    raise CommandError(code, no_account_message(context, name_or_appid))


def no_account_message(context: CommandContext, name_or_appid: str | None = None) -> Message:
    """Return the message that the account is unknown, or that there are none, or that the list is damaged."""
    messages = context.messages
    if context.container.accounts.is_damaged:
        return messages.message(
            N_("The list of accounts is damaged, and no account is left in it.")
            if name_or_appid is None
            else N_("The list of accounts is damaged; what is left has no account “{wanted}”."),
            "Mend {path}, or add the account again: guarddogctl accounts add --appid ID --name NAME",
            path=context.container.paths.accounts_file,
            wanted=name_or_appid,
        )
    if name_or_appid is None:
        return messages.message("There is no account yet.", "Add one: guarddogctl accounts add --appid ID --name NAME")
    return messages.for_error(NoSuchAccount(name_or_appid))


def exit_code_of_list(context: CommandContext) -> ExitCode:
    """Return FILE_ERROR if the list that was loaded is damaged: accounts may be missing in what was printed.

    Without a copy of the damaged file, of which the user is told at the end of each command, say so here.
    """
    accounts = context.container.accounts
    if not accounts.is_damaged:
        return ExitCode.SUCCESS
    if accounts.damaged_backup is None:
        message = context.messages.message(
            "The list of accounts is damaged, so accounts may be missing here.",
            "Mend {path}, or add the account again: guarddogctl accounts add --appid ID --name NAME",
            path=context.container.paths.accounts_file,
        )
        context.terminal.write_message(message)
    return ExitCode.FILE_ERROR


def require_key(context: CommandContext, account: Account, kind: TokenKind) -> None:
    """Raise CommandError unless Guard Dog keeps this key for the account."""
    if kind in account.token_kinds:
        return
    from guarddog_gui.services.messages.signing import card_ticket_disabled_message

    messages = context.messages
    message = (
        messages.message(
            "{name} is a mini program and has no {key}.",
            "Ask for its access_token.",
            name=account.name,
            key=messages.key_name(kind),
        )
        if account.platform is Platform.MINI_PROGRAM
        else card_ticket_disabled_message(account, messages)
    )
    raise CommandError(ExitCode.NOT_FOUND, message)
