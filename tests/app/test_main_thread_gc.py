"""Garbage collection in the main thread only."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest

from guarddog_gui.app.main_thread_gc import FULL_COLLECTION_EVERY, NEW_OBJECTS_MIN, MainThreadCollector


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


@pytest.fixture
def automatic_collection() -> Iterator[None]:
    gc.enable()
    yield
    gc.disable()


@pytest.mark.usefixtures("automatic_collection")
def test_after_a_stop_python_collects_as_before_the_start() -> None:
    collector = MainThreadCollector()
    collector.start()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()


def test_a_stop_does_not_start_the_collection_that_the_program_had_turned_off(garbage: MainThreadCollector) -> None:
    garbage.stop()
    assert not gc.isenabled()


def test_a_stop_without_a_start_changes_nothing() -> None:
    MainThreadCollector().stop()
    assert not gc.isenabled()


def collect_fully(collector: MainThreadCollector) -> None:
    for _ in range(FULL_COLLECTION_EVERY):
        kept = [[number] for number in range(NEW_OBJECTS_MIN * 2)]
        collector.collect_if_needed()
        del kept


def test_what_was_there_at_the_start_is_not_examined(garbage: MainThreadCollector) -> None:
    frozen = gc.get_freeze_count()
    assert frozen > 10_000
    collect_fully(garbage)
    assert gc.get_freeze_count() == frozen, "later objects can still be freed"
    garbage.stop()
    assert gc.get_freeze_count() == 0


def test_later_garbage_is_freed_by_later_full_collections(garbage: MainThreadCollector) -> None:
    collect_fully(garbage)
    cycle = Cycle()
    gc.collect(1)  # it is old now
    threads = freed_in(cycle)
    del cycle
    collect_fully(garbage)
    assert threads == [threading.get_ident()]
