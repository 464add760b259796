"""The services of one worker thread, which share a connection to WeChat."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from guarddog_gui.domain.refresh.history import HistoryFilter, HistoryRow
from guarddog_gui.domain.refresh.timeline import Timeline
from guarddog_gui.services.account_queries import AccountQueries
from guarddog_gui.services.accounts.account_removals import AccountRemovals
from guarddog_gui.services.accounts.account_service import AccountService
from guarddog_gui.services.exports import Exporter
from guarddog_gui.services.ports import RecentUrlStore
from guarddog_gui.services.refresh import Refresher

if TYPE_CHECKING:  # imported lazily: not needed at start
    from guarddog_gui.domain.accounts.project import FoundProject
    from guarddog_gui.domain.releases import Release
    from guarddog_gui.services.accounts.sharing_service import SharingService
    from guarddog_gui.services.accounts.transfer import AccountTransfer
    from guarddog_gui.services.api_calls import ApiConsole
    from guarddog_gui.services.diagnosis import TicketSource
    from guarddog_gui.services.own_address import AddressQuery
    from guarddog_gui.services.page_check import PageChecker

ProjectReader = Callable[[str], "FoundProject"]  # argument: path of the folder
# arguments: appids, start and end in Unix seconds, number of columns
TimelineReader = Callable[[tuple[str, ...], float, float, int], Timeline]
# arguments: filter, id of the last row of the previous page (None for the first page), page size
HistoryPageReader = Callable[[HistoryFilter, int | None, int], tuple[HistoryRow, ...]]

# fills in the outcomes of failures
OutcomeReader = Callable[[tuple[HistoryRow, ...]], tuple[HistoryRow, ...]]


class WorkerContext(Struct, frozen=True):
    """Services whose calls may block; for use by one thread only."""

    refresher: Refresher
    account_service: AccountService
    account_removals: AccountRemovals
    account_queries: AccountQueries
    exporter: Exporter
    read_timeline: TimelineReader
    read_history_page: HistoryPageReader
    add_outcomes: OutcomeReader
    recent_urls: RecentUrlStore
    tickets: "TicketSource"
    read_project_folder: "ProjectReader"
    run_maintenance: Callable[[], tuple[Exception, ...]]  # see `bootstrap.maintenance`; returns what failed
    make_account_transfer: Callable[[], "AccountTransfer"]
    make_sharing_service: Callable[[], "SharingService"]
    make_page_checker: Callable[[], "PageChecker"]
    make_address_query: Callable[[], "AddressQuery"]
    make_api_console: Callable[[], "ApiConsole"]
    find_release: Callable[[], "Release | None"]  # the newest version of Guard Dog
