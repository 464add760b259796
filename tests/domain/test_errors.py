"""Exceptions: pickling and former names."""

import inspect
import pickle
from typing import Any

import pytest

from guarddog_gui import guard_dog
from guarddog_gui.domain import errors
from guarddog_gui.domain.accounts.account import Secret

CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]


def passed_on(error: Any, protocol: int = pickle.DEFAULT_PROTOCOL) -> Any:
    return pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own


def an_error(kind: type[Exception]) -> Exception:
    """Build an error with a different value in every field."""
    if not inspect.isfunction(kind.__init__):  # the constructor of Exception: a message
        return kind("the words")
    names = list(inspect.signature(kind).parameters)
    return kind(*(45009 if name == "errcode" else f"the {name}" for name in names))


@pytest.mark.parametrize("kind", CLASSES)
def test_an_error_can_be_pickled_without_loss(kind: type[Exception]) -> None:
    error = an_error(kind)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        copied = passed_on(error, protocol)
        assert type(copied) is kind
        assert str(copied) == str(error)
        assert vars(copied) == vars(error)
        assert copied.args == error.args


def test_the_fields_of_an_error_are_pickled() -> None:
    refused = passed_on(errors.RefreshRefused("words", 40125))
    assert (str(refused), refused.errcode) == ("words", 40125)
    trouble = passed_on(errors.FileError("/a", "the disk is full"))
    assert (str(trouble), trouble.path, trouble.reason) == ("/a: the disk is full", "/a", "the disk is full")


def test_an_error_with_a_secret_cannot_be_pickled() -> None:
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(errors.InternalError(Secret("0123456789abcdef")))


@pytest.mark.parametrize(
    ("former", "current"),
    [
        ("PersonMustAct", errors.UserActionRequired),
        ("TimeWillTell", errors.TemporaryError),
        ("KeyringShut", errors.KeyringUnavailable),
        ("FileTrouble", errors.FileError),
        ("BadAddress", errors.BadApiBase),
        ("OurBug", errors.InternalError),
    ],
)
def test_a_former_name_is_the_same_class(former: str, current: type[Exception]) -> None:
    assert getattr(errors, former) is current


def test_the_guard_dog_library_offers_its_former_name_too() -> None:
    assert guard_dog.FileTrouble is guard_dog.FileError is errors.FileError
