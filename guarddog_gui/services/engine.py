"""What one lane works with: its own refresher and its own account book."""

from collections.abc import Callable
from dataclasses import dataclass

from guarddog_gui.services.account_book import AccountBook
from guarddog_gui.services.refresh import Refresher


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that may wait: to be used from one thread only."""

    refresher: Refresher
    book: AccountBook
    tidy: Callable[[], None] = lambda: None  # old history, left-overs of killed programs: now and then
