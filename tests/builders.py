"""Builders of domain values for the tests, and the accounts and names that most tests use."""

from typing import Any

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from tests.fakes import NOW

TOKEN, TICKET, CARD = TokenKind
SECRET = "0123456789abcdef0123456789abcdef"
SHOP = Account("wx0123456789abcdef", "Shop")


def make_record(
    value: str, *, at: float = NOW, expires_in: int = 7200, directory: str = "", ahead: int = 290
) -> TokenRecord:
    """Return a record of a value that was generated at `at` (Unix seconds)."""
    return TokenRecord(value, expires_in, round(at * 1000), directory, ahead)


def make_entry(
    result: AttemptResult = AttemptResult.NEW,
    *,
    at: float = NOW,
    appid: str = "wx1",
    kind: TokenKind = TOKEN,
    trigger: Trigger = Trigger.TIMER,
    **fields: Any,
) -> HistoryEntry:
    """Return a history entry; `fields` are further fields of HistoryEntry."""
    return HistoryEntry(at, appid, kind.value, trigger, result, **fields)


def make_refused_entry(errcode: int, **fields: Any) -> HistoryEntry:
    """Return the history entry of a request that WeChat refused."""
    return make_entry(AttemptResult.REFUSED, **{"calls": 1, "errcode": errcode, **fields})
