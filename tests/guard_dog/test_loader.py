import functools
import math
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from queue import SimpleQueue
from typing import Any

import pytest

from guarddog_gui.guard_dog.loader import Handler, LoadedValue, Loader, LoadFailure, call_loader, takes_handler
from tests.guard_dog.scripted_loader import LOADER_TIMEOUT_S, load_value


def failure_reason(loader: Loader, timeout_s: float = LOADER_TIMEOUT_S) -> str:
    answer = load_value(loader, timeout_s)
    assert isinstance(answer, LoadFailure)
    return answer.reason


# As in Node: the loader is given a handler.


def test_a_loader_passes_its_value_with_its_life() -> None:
    assert load_value(lambda handler: handler("90_a", 7200, 300)) == LoadedValue("90_a", 7200, 300)


def test_omitted_arguments_have_the_defaults_of_npm() -> None:
    assert load_value(lambda handler: handler("90_a", 7200)) == LoadedValue("90_a", 7200, 2)
    assert load_value(lambda handler: handler("90_a")) == LoadedValue("90_a", 0, 2)


def test_a_loader_may_answer_later_from_another_thread() -> None:
    def load(handler: Handler) -> None:
        threading.Timer(0.05, handler, ("later", 60)).start()

    assert load_value(load) == LoadedValue("later", 60, 2)


def test_only_the_first_call_of_the_handler_counts() -> None:
    def load(handler: Handler) -> None:
        handler("first", 60)
        handler("second", 60)

    assert load_value(load) == LoadedValue("first", 60, 2)


def test_a_loader_that_drops_its_handler_fails_at_once() -> None:
    began = time.monotonic()
    assert failure_reason(lambda _handler: None) == "the loader gave up without calling its handler"
    assert time.monotonic() - began < 1


def test_a_loader_whose_thread_drops_the_handler_fails() -> None:
    def work(_handler: Handler) -> None:
        time.sleep(0.02)

    def load(handler: Handler) -> None:
        threading.Thread(target=work, args=(handler,)).start()

    assert failure_reason(load) == "the loader gave up without calling its handler"


def test_a_loader_that_never_answers_times_out() -> None:
    go_on = threading.Event()
    try:
        assert failure_reason(lambda _handler: go_on.wait(), 0.05) == "the loader has not answered within 0.05 s"
    finally:
        go_on.set()


def test_a_late_value_is_passed_on_once() -> None:
    go_on, done = threading.Event(), threading.Event()
    late: list[LoadedValue] = []

    def load(handler: Handler) -> None:
        go_on.wait(LOADER_TIMEOUT_S)
        handler("late", 60)
        handler("later", 60)
        done.set()

    assert isinstance(call_loader(load, 0.05, lambda: None, late.append), LoadFailure)
    go_on.set()
    assert done.wait(LOADER_TIMEOUT_S)
    assert late == [LoadedValue("late", 60, 2)]


def test_a_late_failure_is_ignored() -> None:
    go_on, done = threading.Event(), threading.Event()
    late: list[LoadedValue] = []

    def load(handler: Handler) -> None:
        go_on.wait(LOADER_TIMEOUT_S)
        with pytest.raises(ValueError, match="expires_in"):
            handler("late", -1)
        handler("later", 60)
        done.set()

    assert isinstance(call_loader(load, 0.05, lambda: None, late.append), LoadFailure)
    go_on.set()
    assert done.wait(LOADER_TIMEOUT_S)
    assert late == []


def test_the_message_of_a_loaders_exception_is_not_repeated() -> None:
    def load(_handler: Handler) -> None:
        raise ConnectionError("https://api.example/?secret=0123")

    answer = load_value(load)
    assert isinstance(answer, LoadFailure)
    assert answer.reason == "the loader raised ConnectionError"
    assert isinstance(answer.cause, ConnectionError)


# In Python's way: it returns the value.


def test_a_loader_without_a_parameter_returns_its_value() -> None:
    assert load_value(lambda: ("90_a", 7200)) == LoadedValue("90_a", 7200, 2)
    assert load_value(lambda: ("90_a", 7200, 300)) == LoadedValue("90_a", 7200, 300)


@pytest.mark.parametrize("returned", [None, "90_a", {"access_token": "90_a"}, ("90_a",), ("a", 1, 2, 3)])
def test_a_loader_can_return_nothing_else(returned: object) -> None:
    assert "cannot be kept" in failure_reason(lambda: returned)  # type: ignore[arg-type]


def test_a_coroutine_is_refused_with_advice() -> None:
    async def load() -> tuple[str, int]:
        return "90_a", 7200

    assert "asyncio.run" in failure_reason(load)  # type: ignore[arg-type]


# What cannot be kept.


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((None, None), "errcode"),
        ((None, 0), "errcode"),
        (("a", None), "expires_in has to be a number"),
        (("a", "7200"), "expires_in has to be a number"),
        (("a", True), "expires_in has to be a number"),
        (("a", math.nan), "expires_in has to be from 0"),
        (("a", math.inf), "expires_in has to be from 0"),
        (("a", -1), "expires_in has to be from 0"),
        (("a", 7200, -1), "ahead has to be from 0"),
        (("a", 7200, None), "ahead has to be a number"),
        ((object(), 7200), "not JSON serializable"),
        ((math.nan, 7200), "JSON"),
    ],
)
def test_values_that_a_file_cannot_hold_are_refused_by_the_handler(given: Any, said: str) -> None:
    raised: SimpleQueue[Exception] = SimpleQueue()

    def load(handler: Callable[..., None]) -> None:
        try:
            handler(*given)
        except (TypeError, ValueError) as error:
            raised.put(error)

    assert said in failure_reason(load)
    assert said in str(raised.get(timeout=LOADER_TIMEOUT_S))
    assert said in failure_reason(lambda: given)


def nested(depth: int) -> list[object]:
    deep: list[object] = []
    for _ in range(depth - 1):
        deep = [deep]
    return deep


@pytest.mark.parametrize("depth", [101, 600, 100_000])
def test_data_with_too_much_nesting_is_refused(depth: int) -> None:
    raised: SimpleQueue[Exception] = SimpleQueue()

    def load(handler: Handler) -> None:
        try:
            handler(nested(depth), 60)
        except ValueError as error:
            raised.put(error)

    said = "more than 100 lists and objects within each other"
    assert said in failure_reason(lambda: (nested(depth), 60))
    assert said in failure_reason(load)
    assert said in str(raised.get(timeout=LOADER_TIMEOUT_S))


class Colour(StrEnum):
    RED = "red"


class Token(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "hidden"


@pytest.mark.parametrize("given", [Colour.RED, Token("red")])
def test_a_subclass_of_str_becomes_str(given: str) -> None:
    answer = load_value(lambda: (given, 60))
    assert isinstance(answer, LoadedValue)
    assert type(answer.data) is str
    assert answer.data == "red"


@pytest.mark.parametrize("data", [None, False, 0, "", "店", 1.5, [], {"a": [1, {"b": None}]}])
def test_any_json_value_is_accepted(data: object) -> None:
    assert load_value(lambda: (data, 60)) == LoadedValue(data, 60, 2)


def test_data_is_converted_as_by_json() -> None:
    answer = load_value(lambda: ({"pair": (1, 2), 3: "three"}, 60.0))
    assert answer == LoadedValue({"pair": [1, 2], "3": "three"}, 60, 2)
    assert isinstance(answer, LoadedValue)
    assert isinstance(answer.expires_in, int)


class Loads:
    def with_handler(self, handler: Handler) -> None: ...

    def returning(self) -> None: ...

    def either(self, timeout: float = 10) -> None: ...

    def any_number(self, *handlers: Handler) -> None: ...


def test_a_loader_takes_a_handler_if_it_has_a_required_parameter() -> None:
    assert takes_handler(Loads().with_handler)
    assert takes_handler(Loads().any_number)
    assert takes_handler(print)
    assert not takes_handler(Loads().either)
    assert not takes_handler(Loads().returning)


def decorated(load: Callable[[], tuple[str, int]]) -> Callable[..., object]:
    def logged(*args: Any, **kwargs: Any) -> object:
        return load(*args, **kwargs)

    return logged


def test_a_decorator_that_hides_the_signature_is_mentioned() -> None:
    assert "functools.wraps" in failure_reason(decorated(lambda: ("a", 60)))
    wrapped = functools.wraps(lambda: ("a", 60))(decorated(lambda: ("a", 60)))
    assert load_value(wrapped) == LoadedValue("a", 60, 2)

    def mistaken(_handler: Handler) -> None:
        raise TypeError

    assert failure_reason(mistaken) == "the loader raised TypeError"
    assert failure_reason(lambda: 1 + mistaken) == "the loader raised TypeError"  # type: ignore[arg-type, operator]
