"""What one lane works with: its own connection to WeChat and everything that uses it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guarddog_gui.domain.refresh.history import HistoryFilter, HistoryRow
from guarddog_gui.domain.refresh.timeline import Timeline
from guarddog_gui.services.account_queries import Inquirer
from guarddog_gui.services.accounts import AccountBook
from guarddog_gui.services.exports import Outlets
from guarddog_gui.services.ports import RecentUrls
from guarddog_gui.services.refresh import Refresher

if TYPE_CHECKING:  # a start does without the diagnosis
    from guarddog_gui.services.diagnosis import TicketShelf

# appids, since and until in Unix seconds, columns
DrawTimeline = Callable[[tuple[str, ...], float, float, int], Timeline]
# which rows, those after the row with this id (None: from the newest), at most so many
ReadPage = Callable[[HistoryFilter, int | None, int], tuple[HistoryRow, ...]]


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that may wait: to be used from one thread only.

    `tidy` does what has to be done now and then (old history, left-overs of killed programs); `timeline`
    and `page` read the history, which may be long.
    """

    refresher: Refresher
    book: AccountBook
    inquirer: Inquirer
    outlets: Outlets
    timeline: DrawTimeline
    page: ReadPage
    recent_urls: RecentUrls
    shelf: "TicketShelf"
    tidy: Callable[[], None]
