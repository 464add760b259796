import inspect
import pickle
from typing import Any

import pytest

from guarddog_gui.domain import errors
from guarddog_gui.domain.accounts.account import Secret

CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]


def passed_on(error: Any, protocol: int = pickle.DEFAULT_PROTOCOL) -> Any:
    return pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own


def an_error(kind: type[Exception]) -> Exception:
    """One with a value of its own in every field."""
    if not inspect.isfunction(kind.__init__):  # Python's own: words
        return kind("the words")
    names = list(inspect.signature(kind).parameters)
    return kind(*(45009 if name == "errcode" else f"the {name}" for name in names))


@pytest.mark.parametrize("kind", CLASSES)
def test_an_error_comes_whole_out_of_another_process(kind: type[Exception]) -> None:
    error = an_error(kind)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        copied = passed_on(error, protocol)
        assert type(copied) is kind
        assert str(copied) == str(error)
        assert vars(copied) == vars(error)
        assert copied.args == error.args


def test_the_fields_are_among_what_comes_out() -> None:
    refused = passed_on(errors.RefreshRefused("words", 40125))
    assert (str(refused), refused.errcode) == ("words", 40125)
    trouble = passed_on(errors.FileError("/a", "the disk is full"))
    assert (str(trouble), trouble.path, trouble.reason) == (
        "/a: the disk is full",
        "/a",
        "the disk is full",
    )


def test_a_secret_that_somebody_put_into_one_does_not() -> None:
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(errors.InternalError(Secret("0123456789abcdef")))
