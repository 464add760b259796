"""Choice of the account that a command works with."""

from msgspec.structs import replace

from guarddog_gui.cli.command_error import CommandError
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.similar_words import find_similar
from guarddog_gui.cli.tables.columns import align_rows
from guarddog_gui.domain.accounts.account import Account, Platform, find_account, find_by_appid
from guarddog_gui.domain.errors import NoSuchAccount
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.exit_codes import ExitCode
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.texts import join_sentences

ACCOUNT_VARIABLE = "GUARDDOG_ACCOUNT"


def select_account(context: CommandContext, name_or_appid: str | None) -> Account:
    """Return the account with this appid or name; for None, the default account. Raises CommandError."""
    accounts = context.container.accounts.load()
    if name_or_appid is None:
        return _select_unnamed(context, accounts)
    if name_or_appid == "":  # "$SHOP" with a variable that is not set
        message = context.messages.message(
            "The account that is named is empty: “”.",
            "Name an account. In a script, a variable may have no value here.",
        )
        raise CommandError(ExitCode.NOT_FOUND, message)
    return _select_named(context, accounts, name_or_appid)


def default_account(context: CommandContext) -> Account | None:
    """Return the account that is used where none is named; None if there is none. Raises CommandError.

    GUARDDOG_ACCOUNT wins over the setting, so that a project's `.envrc` can choose. It must name an account:
    another one in its place could be the wrong one. A setting whose account was removed is no setting.
    """
    accounts = context.container.accounts.load()
    from_environment = context.terminal.environ.get(ACCOUNT_VARIABLE)
    if from_environment:
        return _select_from_variable(context, accounts, from_environment)
    if len(accounts) == 1:
        return accounts[0]
    appid = context.container.settings.load().default_account
    return find_by_appid(accounts, appid)


def _select_unnamed(context: CommandContext, accounts: tuple[Account, ...]) -> Account:
    account = default_account(context)
    if account is not None:
        return account
    if accounts:
        message = context.messages.message(
            "There are several accounts; say which one by its AppID or name.",
            "guarddogctl use ACCOUNT chooses the one that is meant without it.",
        )
        raise _ambiguous_error(message, accounts)
    raise CommandError(_not_found_code(context), no_account_message(context))


def _select_from_variable(context: CommandContext, accounts: tuple[Account, ...], name_or_appid: str) -> Account:
    try:
        return _select_named(context, accounts, name_or_appid)
    except CommandError as error:
        advice = context.messages.text("The name comes from {variable}.", variable=ACCOUNT_VARIABLE)
        message = replace(error.message, summary=join_sentences(error.message.summary, advice))
        raise CommandError(error.exit_code, message, error.details) from None


def _select_named(context: CommandContext, accounts: tuple[Account, ...], name_or_appid: str) -> Account:
    account = find_account(accounts, name_or_appid)
    if account is not None:
        return account
    same_name = tuple(account for account in accounts if account.name == name_or_appid)
    if same_name:
        message = context.messages.message("There are several accounts; say which one by its AppID or name.")
        raise _ambiguous_error(message, same_name)
    raise CommandError(_not_found_code(context), no_account_message(context, name_or_appid))


def _ambiguous_error(message: Message, accounts: tuple[Account, ...]) -> CommandError:
    lines = align_rows([(account.appid, account.name) for account in accounts])
    return CommandError(ExitCode.USAGE_ERROR, message, tuple(lines))


def _not_found_code(context: CommandContext) -> ExitCode:
    return ExitCode.FILE_ERROR if context.container.accounts.is_damaged else ExitCode.NOT_FOUND


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
    message = messages.for_error(NoSuchAccount(name_or_appid))
    accounts = context.container.accounts.load()
    similar = find_similar(name_or_appid, [text for a in accounts for text in (a.name, a.appid)])
    if similar is None:
        return message
    question = messages.text("Did you mean “{similar}”?", similar=similar)
    return replace(message, summary=join_sentences(message.summary, question))


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
    from guarddog_gui.services.messages.signing.signatures import card_ticket_disabled_message

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
