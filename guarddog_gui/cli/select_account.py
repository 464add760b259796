"""Choice of the account that a command works with."""

import os

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.table import align_rows
from guarddog_gui.domain.accounts.account import Account, Platform, find_account
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Message


def select_account(context: CommandContext, name_or_appid: str | None) -> Account:
    """Return the account with this appid or name, or the only one. Raises CommandError if it is ambiguous."""
    say = context.messages.text
    accounts = context.container.accounts.load()
    if name_or_appid == "":  # "$SHOP" with a variable that is not set
        raise CommandError(
            ExitCode.NOT_FOUND,
            Message(
                say("The account that is named is empty: “”."),
                say("Name an account. In a script, a variable may have no value here."),
            ),
        )
    if name_or_appid is not None:
        account = find_account(accounts, name_or_appid)
        if account is not None:
            return account
        accounts = tuple(account for account in accounts if account.name == name_or_appid)
    if len(accounts) > 1:
        lines = align_rows([(account.appid, account.name) for account in accounts])
        raise CommandError(
            ExitCode.USAGE_ERROR,
            Message(say("There are several accounts; say which one by its AppID or name.")),
            tuple(lines),
        )
    if accounts:
        return accounts[0]
    code = ExitCode.FILE_ERROR if context.container.accounts.is_damaged else ExitCode.NOT_FOUND
    raise CommandError(code, no_account_message(context, name_or_appid))


def no_account_message(context: CommandContext, name_or_appid: str | None = None) -> Message:
    """Return the message that the account is unknown, or that there are none, or that the list is damaged."""
    say = context.messages.text
    if context.container.accounts.is_damaged:
        path = os.fspath(context.container.paths.accounts_file)
        what = (
            say("The list of accounts is damaged, and no account is left in it.")
            if name_or_appid is None
            else say("The list of accounts is damaged; what is left has no account “{wanted}”.", wanted=name_or_appid)
        )
        return Message(
            what,
            say("Mend {path}, or add the account again: guarddogctl accounts add --appid ID --name NAME", path=path),
        )
    if name_or_appid is None:
        return Message(say("There is no account yet."), say("Add one: guarddogctl accounts add --appid ID --name NAME"))
    return Message(
        say("No account is called “{wanted}”.", wanted=name_or_appid),
        say("See what there is with guarddogctl accounts list."),
    )


def require_key(context: CommandContext, account: Account, kind: TokenKind) -> None:
    """Raise CommandError unless Guard Dog keeps this key for the account."""
    if kind in account.token_kinds:
        return
    from guarddog_gui.services.messages.signing import card_ticket_disabled_message

    say, key = context.messages.text, context.messages.key_name(kind)
    if account.platform is Platform.MINI_PROGRAM:
        what = say("{name} is a mini program and has no {key}.", name=account.name, key=key)
        raise CommandError(ExitCode.NOT_FOUND, Message(what, say("Ask for its access_token.")))
    raise CommandError(ExitCode.NOT_FOUND, card_ticket_disabled_message(account, context.messages))
