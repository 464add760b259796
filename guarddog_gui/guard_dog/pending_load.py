"""A running load, for which readers and other loads may wait."""

from threading import Event

from guarddog_gui.domain.tokens.dogfile import DogRecord
from guarddog_gui.guard_dog.loader import LoadFailure


class PendingLoad:
    """A running load.

    Attributes:
        finished: set when the load has ended.
        result: valid after that.
        entry_chain: the entries whose loaders asked for one another and so caused this load; its own is last.
            A loader that asks for a key in its chain would wait for itself.
    """

    __slots__ = ("entry_chain", "finished", "result", "waiting_for")

    def __init__(self, entry_chain: tuple[object, ...]) -> None:
        self.entry_chain = entry_chain
        self.finished = Event()
        self.result: DogRecord | LoadFailure = LoadFailure("the load was broken off")
        self.waiting_for: PendingLoad | None = None

    def wait_for(self, other: "PendingLoad") -> bool:
        """Wait until the other load has ended.

        Returns:
            False without waiting if the other load waits for this one, directly or through further loads.
        """
        self.waiting_for = other  # before the check: of two loads that do this at once, one sees the other
        try:
            visited: set[int] = set()
            load: PendingLoad | None = other
            while load is not None and id(load) not in visited:
                if load is self:
                    return False
                visited.add(id(load))
                load = load.waiting_for
            other.finished.wait()
        finally:
            self.waiting_for = None
        return True
