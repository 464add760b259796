"""Which account a command is about."""

import os

from guarddog_gui.cli.command_error import Stop
from guarddog_gui.cli.context import Desk
from guarddog_gui.cli.table import aligned
from guarddog_gui.domain.accounts.account import Account, find_account
from guarddog_gui.services.exit_codes import Exit
from guarddog_gui.services.messages.message import Sentence


def chosen(desk: Desk, wanted: str | None) -> Account:
    """The account with this appid or name, or the only one there is. Stops when it is not clear."""
    say = desk.sentences.say
    accounts = desk.stores.accounts.accounts()
    if wanted == "":  # "$SHOP" of a variable that nobody has set
        raise Stop(Exit.NO_SUCH, Sentence(say("empty-account"), say("empty-account-todo")))
    if wanted is not None:
        found = find_account(accounts, wanted)
        if found is not None:
            return found
        accounts = tuple(account for account in accounts if account.name == wanted)
    if len(accounts) > 1:
        lines = aligned([(account.appid, account.name) for account in accounts])
        raise Stop(Exit.WRONG_USAGE, Sentence(say("which-account")), tuple(lines))
    if accounts:
        return accounts[0]
    code = Exit.FILE if desk.stores.accounts.is_damaged else Exit.NO_SUCH
    raise Stop(code, none_found(desk, wanted))


def none_found(desk: Desk, wanted: str | None = None) -> Sentence:
    """That there is no such account, or none at all: nobody has added it, or the list was damaged."""
    say = desk.sentences.say
    if desk.stores.accounts.is_damaged:
        path = os.fspath(desk.stores.places.accounts_file)
        what = say("none-left") if wanted is None else say("no-such-account-left", wanted=wanted)
        return Sentence(what, say("none-left-todo", path=path))
    if wanted is None:
        return Sentence(say("no-accounts"), say("no-accounts-todo"))
    return Sentence(say("no-such-account", wanted=wanted), say("no-such-account-todo"))
