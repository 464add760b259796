"""Types of the public API: mypy checks this file, and refuses a needless `ignore`."""

from functools import partial
from typing import Any, NamedTuple

import pytest

import guarddog_gui
from guarddog_gui.guard_dog import GuardDog, Handler, Loader
from guarddog_gui.guard_dog.loader import LoadedValue
from tests.guard_dog.scripted_loader import load_value

KEY = "A"


def npm(handler: Handler) -> None:
    handler("a", 60, 2)


def npm_later(handler: Handler) -> Handler:
    handler("a", 60)
    return handler


def of_any_name(_hand_over: Any) -> None:
    _hand_over("a", 60)


def returning_any() -> Any:
    return "a", 60


def returning_some() -> tuple[Any, ...]:
    return "a", 60


def returning() -> tuple[str, int]:
    return "a", 60


def with_ahead() -> tuple[dict[str, int], float, float]:
    return {"a": 1}, 60.0, 2.0


def either(size: int = 2) -> tuple[str, int] | tuple[str, int, int]:
    return ("a", 60) if size == 2 else ("a", 60, 2)


def untyped(timeout=10):  # type: ignore[no-untyped-def] # noqa: ANN001
    assert timeout
    return "a", 60


def any_number(*handlers: Handler) -> None:
    handlers[0]("a", 60)


class LoaderReply(NamedTuple):
    data: str
    expires_in: int


class TypedLoader:
    def __init__(self, value: str) -> None:
        self.value = value

    def __call__(self, handler: Handler) -> None:
        handler(self.value, 60)

    def returning(self, *, timeout: float = 10) -> LoaderReply:
        assert timeout
        return LoaderReply(self.value, 60)


def of(value: str, handler: Handler) -> None:
    handler(value, 60)


LOADERS: tuple[Loader, ...] = (
    npm,
    npm_later,
    of_any_name,
    returning_any,
    returning_some,
    returning,
    with_ahead,
    either,
    untyped,
    any_number,
    TypedLoader("a"),
    TypedLoader("a").returning,
    partial(of, "a"),
    lambda handler: handler("a", 60),
    lambda: ("a", 60),
    lambda: ("a", 60, 2),
)


@pytest.mark.parametrize("loader", LOADERS)
def test_every_kind_of_loader_passes_the_type_checker(loader: Loader) -> None:
    assert isinstance(load_value(loader), LoadedValue)


def _is_refused(dog: GuardDog) -> None:  # pragma: no cover - for the type checker alone
    def text() -> str:
        return "a"

    def nothing() -> None: ...

    def only_a_value() -> tuple[str]:
        return ("a",)

    def two(_handler: Handler, _other: int) -> None: ...

    dog.init(KEY, text)  # type: ignore[arg-type]
    dog.init(KEY, nothing)  # type: ignore[arg-type]
    dog.init(KEY, only_a_value)  # type: ignore[arg-type]
    dog.init(KEY, two)  # type: ignore[arg-type]
    dog.init(KEY, ("a", 60))  # type: ignore[arg-type]
    guarddog_gui.acces_token("wx1")  # type: ignore[attr-defined]
    token: int = guarddog_gui.access_token("wx1")  # type: ignore[assignment]
    assert token


def test_the_package_lists_its_names() -> None:
    assert {"access_token", "jsapi_ticket", "__version__"} <= set(dir(guarddog_gui))
    with pytest.raises(AttributeError, match="acces_token"):
        guarddog_gui.acces_token  # type: ignore[attr-defined] # noqa: B018
