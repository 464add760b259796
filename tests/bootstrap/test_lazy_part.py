"""Parts of a container: made when they are first read, once."""

import threading
import time

from guarddog_gui.bootstrap.lazy_part import LazyPart


class Kennel:
    """Container with a part that takes a while to make, and one that is made of it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.made = 0

    @LazyPart
    def dog(self) -> list[str]:
        self.made += 1
        time.sleep(0.05)
        return ["dog"]

    @LazyPart
    def pack(self) -> list[list[str]]:
        return [self.dog]


def test_a_part_is_made_when_it_is_first_read() -> None:
    kennel = Kennel()
    assert kennel.made == 0
    assert kennel.pack == [["dog"]]
    assert kennel.pack[0] is kennel.dog
    assert kennel.made == 1


def test_threads_that_read_a_part_at_the_same_time_get_the_same_object() -> None:
    kennel, found = Kennel(), []
    threads = [threading.Thread(target=lambda: found.append(kennel.dog)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kennel.made == 1
    assert all(each is kennel.dog for each in found)
