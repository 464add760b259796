"""What one lane works with: its own connection to WeChat and everything that uses it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guarddog_gui.domain.refresh.history import HistoryFilter, HistoryRow
from guarddog_gui.domain.refresh.timeline import Timeline
from guarddog_gui.services.account_queries import AccountQueries
from guarddog_gui.services.accounts import AccountService
from guarddog_gui.services.exports import Exporter
from guarddog_gui.services.ports import RecentUrlStore
from guarddog_gui.services.refresh import Refresher

if TYPE_CHECKING:  # a start does without the diagnosis
    from guarddog_gui.services.diagnosis import TicketSource

# appids, since and until in Unix seconds, columns
TimelineReader = Callable[[tuple[str, ...], float, float, int], Timeline]
# which rows, those after the row with this id (None: from the newest), at most so many
HistoryPageReader = Callable[[HistoryFilter, int | None, int], tuple[HistoryRow, ...]]


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """Everything that may wait: to be used from one thread only.

    `tidy` does what has to be done now and then (old history, left-overs of killed programs); `timeline`
    and `page` read the history, which may be long.
    """

    refresher: Refresher
    account_service: AccountService
    account_queries: AccountQueries
    exporter: Exporter
    read_timeline: TimelineReader
    read_history_page: HistoryPageReader
    recent_urls: RecentUrlStore
    tickets: "TicketSource"
    run_maintenance: Callable[[], None]
