"""Callbacks that wait for a value."""

import sys
from functools import partial

import pytest

from guarddog_gui.guard_dog import GuardDog
from tests.guard_dog.scripted_loader import KEY, ScriptedLoader, becomes_true


def test_callbacks_are_called_in_the_order_of_the_requests(dog: GuardDog, source: ScriptedLoader) -> None:
    source.may_go_on.clear()
    dog.init(KEY, source)
    called: list[int] = []
    for number in range(100):
        dog.get(KEY, partial(lambda number, _value: called.append(number), number))
    source.may_go_on.set()
    for number in range(100, 200):
        dog.get(KEY, partial(lambda number, _value: called.append(number), number))
    assert becomes_true(lambda: len(called) == 200)
    assert called == list(range(200))


def test_a_callback_that_raises_does_not_affect_others(
    dog: GuardDog, source: ScriptedLoader, caplog: pytest.LogCaptureFixture
) -> None:
    source.may_go_on.clear()
    dog.init(KEY, source)
    called: list[str] = []
    dog.get(KEY, lambda _: 1 / 0)
    dog.get(KEY, called.append)
    source.may_go_on.set()
    assert becomes_true(lambda: called == ["token1"])
    dog.get(KEY, lambda _: 1 / 0)
    dog.get(KEY, called.append)
    assert called == ["token1", "token1"]
    assert caplog.text.count("a callback raised") == 2


def test_a_callback_that_exits_does_not_affect_others(
    dog: GuardDog, source: ScriptedLoader, caplog: pytest.LogCaptureFixture
) -> None:
    source.may_go_on.clear()
    dog.init(KEY, source)
    called: list[str] = []
    dog.get(KEY, lambda _: sys.exit(3))
    dog.get(KEY, called.append)
    source.may_go_on.set()
    assert becomes_true(lambda: called == ["token1"])
    dog.get(KEY, called.append)
    assert becomes_true(lambda: called == ["token1", "token1"])
    assert "wanted to end this thread" in caplog.text


def test_a_callback_may_call_get(dog: GuardDog, source: ScriptedLoader) -> None:
    dog.init(KEY, source)
    called: list[str] = []
    dog.get(KEY, lambda _: dog.get(KEY, called.append))
    assert becomes_true(lambda: called == ["token1"])
