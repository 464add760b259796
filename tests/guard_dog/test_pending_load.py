"""Loaders that ask for other keys or for their own, and callbacks that wait for a value."""

import sys
import threading
import time
from functools import partial
from typing import Any

import pytest

from guarddog_gui.domain.errors import LoadFailed
from guarddog_gui.guard_dog import GuardDog, Handler
from tests.guard_dog.scripted_loader import KEY, LONG_S, ScriptedLoader, becomes_true


def test_a_loader_may_get_another_key(dog: GuardDog, source: ScriptedLoader) -> None:
    dog.init(KEY, source)
    dog.init("JSAPI_TICKET", lambda: (f"ticket of {dog.get(KEY)}", 7200))
    assert dog.get("JSAPI_TICKET") == "ticket of token1"


def test_loaders_that_wait_for_each_other_fail(dog: GuardDog) -> None:
    dog.init("A", lambda: (dog.get("B"), 60))
    with pytest.raises(LoadFailed):
        dog.get("A")  # B is not known yet
    dog.init("SELF", lambda: (dog.get("SELF"), 60))
    with pytest.raises(LoadFailed) as raised:
        dog.get("SELF")
    assert "waits for its own key" in str(raised.value.__cause__)


def test_loaders_that_start_waiting_simultaneously_fail(dog: GuardDog) -> None:
    both_are_in = threading.Barrier(2)

    def waiting_for(key: str) -> Any:
        both_are_in.wait(LONG_S)
        return dog.get(key), 60

    dog.init("A", lambda: waiting_for("B"))
    dog.init("B", lambda: waiting_for("A"))
    began = time.monotonic()
    with pytest.raises(LoadFailed):
        dog.get("A")
    assert time.monotonic() - began < LONG_S / 2


def test_a_loader_that_gets_its_own_key_by_callback_fails_at_once(dog: GuardDog) -> None:
    told: list[BaseException] = []

    def load(handler: Handler) -> None:
        def give_up(error: BaseException) -> None:
            told.append(error)
            handler("by itself", 60)

        dog.get(KEY, lambda value: handler(value, 60), give_up)

    dog.init(KEY, load)
    assert dog.get(KEY) == "by itself"
    assert "waits for its own key" in str(told[0])


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
