"""A diagnosis under way: how far it is, and whether somebody wants it to end; shared by two threads."""

from threading import Event


class Search:
    """The lane tells `progress` and asks `is_cancelled`; the window reads and cancels."""

    def __init__(self) -> None:
        self._cancelled = Event()
        self.done = 0
        self.all = 0

    def progress(self, done: int, every: int) -> None:
        """So many variants of so many have been tried."""
        self.done, self.all = done, every

    def cancel(self) -> None:
        """End soon."""
        self._cancelled.set()

    def is_cancelled(self) -> bool:
        """Whether somebody has cancelled it."""
        return self._cancelled.is_set()
