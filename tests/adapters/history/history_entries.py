"""Entries of the history, and reading all of them."""

from msgspec.structs import replace

from guarddog_gui.adapters.history.store import SqliteHistoryStore
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, HistoryFilter, HistoryRow, Trigger

NOW = 1_700_000_000.0
DAY = 86400.0
ALL = HistoryFilter()


def entry(at: float = NOW, result: AttemptResult = AttemptResult.NEW, **fields: object) -> HistoryEntry:
    made = HistoryEntry(at, "wx1", "ACCESS_TOKEN", Trigger.TIMER, result, calls=1)
    return replace(made, **fields)


def everything(history: SqliteHistoryStore, chosen: HistoryFilter = ALL) -> list[HistoryEntry]:
    """Read all rows in pages of three, so that every test of a filter tests paging, too."""
    found: list[HistoryRow] = []
    while page := history.read_page(chosen, found[-1].id if found else None, 3):
        found += page
    assert len(found) == len({row.id for row in found}) == history.count(chosen)
    return [row.entry for row in found]
