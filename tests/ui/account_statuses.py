"""Builder of the state of an account as the windows show it."""

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.status import AccountStatus, KeyState, KeyStatus
from tests.builders import make_record
from tests.fakes import NOW

VALUE = "91_" + "v" * 60


def make_account_status(account: Account, *, left: float = 3600, failure: HistoryEntry | None = None) -> AccountStatus:
    """Return an account whose values are valid for `left` seconds; all have failed if there is a failure."""
    record = make_record(VALUE, at=NOW + left - 7200, ahead=account.ahead)
    state = KeyState.FAILED if failure else KeyState.FRESH
    keys = tuple(KeyStatus(kind, state, record, failure, NOW + left) for kind in account.token_kinds)
    return AccountStatus(account, keys)
