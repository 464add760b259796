"""Garbage collection in the main thread only."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest

from guarddog_gui.app.main_thread_gc import NEW_OBJECTS_MIN, MainThreadCollector


class Cycle:
    """Something that only the collector can free; it records the thread of that."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def garbage() -> Iterator[MainThreadCollector]:
    gc.collect()
    collector = MainThreadCollector()
    collector.start()
    yield collector
    collector.stop()
    gc.disable()  # as tests/conftest.py has it: worker threads of later tests must collect nothing
    gc.collect()


def freed_in(cycle: Cycle) -> list[int]:
    threads: list[int] = []
    weakref.finalize(cycle, lambda: threads.append(threading.get_ident()))
    return threads


def make_many() -> None:
    kept = [[number] for number in range(NEW_OBJECTS_MIN * 20)]
    del kept


def test_a_worker_makes_objects_and_frees_nothing_of_the_windows(garbage: MainThreadCollector) -> None:
    threads = freed_in(Cycle())
    worker = threading.Thread(target=make_many)
    worker.start()
    worker.join()
    assert threads == []
    kept = [[number] for number in range(NEW_OBJECTS_MIN * 2)]
    garbage.collect_if_needed()
    assert threads == [threading.get_ident()]
    assert kept


def test_little_garbage_is_left_alone(garbage: MainThreadCollector) -> None:
    gc.collect()
    threads = freed_in(Cycle())
    garbage.collect_if_needed()
    assert threads == []


def test_after_a_stop_python_collects_as_usual(garbage: MainThreadCollector) -> None:
    assert not gc.isenabled()
    garbage.stop()
    assert gc.isenabled()
