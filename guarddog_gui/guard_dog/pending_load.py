"""A load under way, which threads and other loads wait for."""

from threading import Event

from guarddog_gui.domain.tokens.dogfile import Dog
from guarddog_gui.guard_dog.loader import Failure


class Load:
    """A load under way; `outcome` counts once `over` is set.

    `chain` are the keepers whose loaders have led to it, its own last.
    """

    __slots__ = ("awaited", "chain", "outcome", "over")

    def __init__(self, chain: tuple[object, ...]) -> None:
        self.chain = chain
        self.over = Event()
        self.outcome: Dog | Failure = Failure("the load was broken off")
        self.awaited: Load | None = None

    def wait_for(self, other: "Load") -> bool:
        """Let our loader wait until the other is over; False if that waits for us, directly or not."""
        self.awaited = other  # first, so that of two that meet at least one sees the other
        try:
            passed: set[int] = set()
            at: Load | None = other
            while at is not None and id(at) not in passed:
                if at is self:
                    return False
                passed.add(id(at))
                at = at.awaited
            other.over.wait()
        finally:
            self.awaited = None
        return True
