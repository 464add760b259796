"""What one lane works with: its own connection to WeChat and everything that uses it."""

from collections.abc import Callable
from dataclasses import dataclass

from guarddog_gui.domain.timeline import Timeline
from guarddog_gui.services.account_book import AccountBook
from guarddog_gui.services.inquiry import Inquirer
from guarddog_gui.services.refresh import Refresher

# appids, since and until in Unix seconds, columns
DrawTimeline = Callable[[tuple[str, ...], float, float, int], Timeline]


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that may wait: to be used from one thread only.

    `tidy` does what has to be done now and then (old history, left-overs of killed programs); `timeline`
    reads much of the history at once.
    """

    refresher: Refresher
    book: AccountBook
    inquirer: Inquirer
    timeline: DrawTimeline
    tidy: Callable[[], None]
