"""A load under way, which threads and other loads wait for."""

from threading import Event

from guarddog_gui.domain.tokens.dogfile import DogRecord
from guarddog_gui.guard_dog.loader import LoadFailure


class PendingLoad:
    """A load under way; `outcome` counts once `over` is set.

    `chain` are the keepers whose loaders have led to it, its own last.
    """

    __slots__ = ("entry_chain", "finished", "result", "waiting_for")

    def __init__(self, entry_chain: tuple[object, ...]) -> None:
        self.entry_chain = entry_chain
        self.finished = Event()
        self.result: DogRecord | LoadFailure = LoadFailure("the load was broken off")
        self.waiting_for: PendingLoad | None = None

    def wait_for(self, other: "PendingLoad") -> bool:
        """Let our loader wait until the other is over; False if that waits for us, directly or not."""
        self.waiting_for = other  # first, so that of two that meet at least one sees the other
        try:
            passed: set[int] = set()
            at: PendingLoad | None = other
            while at is not None and id(at) not in passed:
                if at is self:
                    return False
                passed.add(id(at))
                at = at.waiting_for
            other.finished.wait()
        finally:
            self.waiting_for = None
        return True
