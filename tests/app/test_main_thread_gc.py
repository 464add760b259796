"""Garbage is collected where the widgets live."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest

from guarddog_gui.app.main_thread_gc import NEW_OBJECTS_MIN, MainThreadCollector


class Knot:
    """Something that only the collector can free; it says in which thread that happened."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def garbage() -> Iterator[MainThreadCollector]:
    gc.collect()
    collector = MainThreadCollector()
    collector.start()
    yield collector
    collector.stop()
    gc.disable()  # as tests/conftest.py has it: the lanes of the tests to come must collect nothing
    gc.collect()


def freed_in(knot: Knot) -> list[int]:
    threads: list[int] = []
    weakref.finalize(knot, lambda: threads.append(threading.get_ident()))
    return threads


def make_many() -> None:
    kept = [[number] for number in range(NEW_OBJECTS_MIN * 20)]
    del kept


def test_a_lane_makes_objects_and_frees_nothing_of_the_windows(garbage: MainThreadCollector) -> None:
    threads = freed_in(Knot())
    lane = threading.Thread(target=make_many)
    lane.start()
    lane.join()
    assert threads == []
    kept = [[number] for number in range(NEW_OBJECTS_MIN * 2)]
    garbage.collect_if_needed()
    assert threads == [threading.get_ident()]
    assert kept


def test_little_garbage_is_left_alone(garbage: MainThreadCollector) -> None:
    gc.collect()
    threads = freed_in(Knot())
    garbage.collect_if_needed()
    assert threads == []


def test_afterwards_python_collects_as_ever(garbage: MainThreadCollector) -> None:
    assert not gc.isenabled()
    garbage.stop()
    assert gc.isenabled()
