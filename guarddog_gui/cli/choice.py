"""Which account a command is about."""

from guarddog_gui.cli.columns import aligned
from guarddog_gui.cli.exits import Exit, Stop
from guarddog_gui.cli.terminal import Desk
from guarddog_gui.domain.accounts import Account, find_account
from guarddog_gui.services.sentences import Sentence


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
        if not accounts:
            todo = say("no-such-account-todo")
            raise Stop(Exit.NO_SUCH, Sentence(say("no-such-account", wanted=wanted), todo))
    if not accounts:
        raise Stop(Exit.NO_SUCH, Sentence(say("no-accounts"), say("no-accounts-todo")))
    if len(accounts) > 1:
        lines = aligned([(account.appid, account.name) for account in accounts])
        raise Stop(Exit.WRONG_USAGE, Sentence(say("which-account")), tuple(lines))
    return accounts[0]
