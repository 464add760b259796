"""What the history page shows, and entries for it to show."""

from msgspec.structs import replace

from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.refresh.timeline import Timeline
from guarddog_gui.ui.history.entry_details import EntryDetails
from guarddog_gui.ui.history.history_list import HistoryList
from guarddog_gui.ui.history.lanes import LanesView
from guarddog_gui.ui.history.model import HistoryModel
from guarddog_gui.ui.history.page import HistoryPage
from tests.fakes import NOW
from tests.runtime.harness import CAFE, RuntimeHarness
from tests.ui import find


def history_list(page: HistoryPage) -> HistoryList:
    return find.widget(page, HistoryList)


def items(page: HistoryPage) -> list[str]:
    """Return the texts of the items, without the days."""
    model = history_list(page).model()
    assert isinstance(model, HistoryModel)
    rows = [model.row_at(model.index(number)) for number in range(model.rowCount())]
    return [model.texts.accessible(row.item) for row in rows if row is not None and row.item is not None]


def select(page: HistoryPage, text: str) -> None:
    view = history_list(page)
    rows = range(view.model().rowCount())
    view.setCurrentIndex(next(view.model().index(r, 0) for r in rows if text in find.cell(view, r)))


def timeline(page: HistoryPage) -> Timeline:
    return find.widget(page, LanesView).timeline


def is_explained(page: HistoryPage) -> bool:
    return not find.widget(page, EntryDetails).isHidden()


def append(harness: RuntimeHarness, *entries: HistoryEntry) -> None:
    for seconds, entry in enumerate(entries):
        harness.history.append(replace(entry, at=NOW + seconds))


def add_second_account(harness: RuntimeHarness) -> None:
    harness.accounts.update(lambda known: (*known, CAFE))
    harness.controller.reload_from_disk()
    harness.controller.overview_changed.emit(harness.controller.overview())
