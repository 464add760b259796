"""Parts of a container that are made when they are first read."""

import threading
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

PartT = TypeVar("PartT")


class PartOwner(Protocol):
    """Container: its lock has to be recursive, as some parts are made of others."""

    lock: "threading.RLock"


class LazyPart(Generic[PartT]):
    """Attribute of a container that is made when it is first read.

    Most commands need few of the parts, and importing all of them takes longer than such a command. Two
    threads that read a part at the same time get the same object: `functools.cached_property` does not
    promise that since Python 3.12.
    """

    def __init__(self, make: Callable[[Any], PartT]) -> None:
        self._make = make
        self._name = make.__name__

    def __get__(self, container: PartOwner, owner: type) -> PartT:
        with container.lock:
            parts = vars(container)  # what is stored there is found before this descriptor
            if self._name not in parts:
                parts[self._name] = self._make(container)
            made: PartT = parts[self._name]
        return made
