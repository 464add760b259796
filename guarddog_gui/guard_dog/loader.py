"""Asks a loader for a value, whichever of the two ways it has to give one, and never waits for ever."""

import inspect
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import RLock, Thread
from typing import Any

from guarddog_gui.domain.tokens.dogfile import DEFAULT_AHEAD_S, NESTING_MAX, nesting_depth

LIFETIME_MAX_S = (
    10**11
)  # some 3,000 years; with it `gen_time + expires_in` stays a number that Node counts in
NO_THREAD_MESSAGE = "no thread could be started to load it: there are too many, or the program is ending"
VARARGS_HINT = (
    " (it was called with a handler because it takes *args; if these are a decorator's, functools.wraps there"
    " tells what the loader takes)"
)
INVALID_VALUE_MESSAGE = "the loader gave what cannot be kept"


@dataclass(frozen=True, slots=True)
class LoadedValue:
    """A JSON value that a loader handed over, its life and its refresh before the end, in seconds."""

    data: Any = field(repr=False)
    expires_in: float
    ahead: float


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """Why there is no answer. `why` names no value and no words of the loader's, which may hold a secret."""

    reason: str
    cause: BaseException | None = None


class _LoaderResult:
    """What a loader says goes to `first`, and to `late` from when that has waited for long enough."""

    def __init__(self, on_late_value: Callable[[LoadedValue], None]) -> None:
        self._on_late_value = on_late_value
        self._queue: SimpleQueue[LoadedValue | LoadFailure] = SimpleQueue()
        self._is_timed_out = self._has_late_value = False
        self._lock = RLock()  # a handler that is collected while its lock is held puts something, too

    def put(self, result: LoadedValue | LoadFailure) -> None:
        with self._lock:
            if not self._is_timed_out:
                self._queue.put(result)
                return
            is_first, self._has_late_value = not self._has_late_value, True
        if is_first and isinstance(result, LoadedValue):
            self._on_late_value(result)

    def wait(self, timeout_s: float) -> LoadedValue | LoadFailure | None:
        """The first answer within that many seconds."""
        try:
            return self._queue.get(timeout=timeout_s)
        except Empty:
            with self._lock:
                self._is_timed_out = self._queue.empty()
                return None if self._is_timed_out else self._queue.get()


class Handler:
    """What a loader calls with its value, from any thread. The first call counts.

    When nobody can call it any more, because the loader has forgotten it, the loader has given up.
    """

    __slots__ = ("__weakref__", "_loader_result")

    def __init__(self, loader_result: _LoaderResult) -> None:
        self._loader_result = loader_result

    def __call__(self, data: Any, expires_in: float = 0, ahead: float = DEFAULT_AHEAD_S) -> None:
        """Hand over a JSON value that lives for `expires_in` seconds and is refreshed `ahead` seconds before.

        Raises TypeError or ValueError for what cannot be kept; the load has failed then.
        """
        try:
            answer = checked_value(data, expires_in, ahead)
        except (TypeError, ValueError) as error:
            self._loader_result.put(LoadFailure(f"{INVALID_VALUE_MESSAGE}: {error}", error))
            raise
        self._loader_result.put(answer)

    def __del__(self) -> None:
        self._loader_result.put(LoadFailure("the loader gave up without calling its handler"))


# one that takes a handler and calls it, or one that takes nothing and returns (data, expires_in[, ahead])
Loader = Callable[[Handler], object] | Callable[[], tuple[Any, float] | tuple[Any, float, float]]


def checked_value(data: Any, expires_in: float, ahead: float = DEFAULT_AHEAD_S) -> LoadedValue:
    """The answer as a reader of the file will find it. Raises TypeError and ValueError with what is wrong."""
    if data is None and not expires_in:
        raise ValueError("neither data nor expires_in; a reply with an errcode has none")
    for name, seconds in (("expires_in", expires_in), ("ahead", ahead)):
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise TypeError(f"{name} has to be a number of seconds, not {type(seconds).__name__}")
        if not math.isfinite(seconds) or not 0 <= seconds <= LIFETIME_MAX_S:
            raise ValueError(f"{name} has to be from 0 to {LIFETIME_MAX_S} seconds")
    return LoadedValue(_as_json_value(data), _as_json_number(expires_in), _as_json_number(ahead))


def _as_json_value(data: Any) -> Any:
    """As it comes out of a file: lists for tuples, str for a class of its own."""
    if isinstance(data, str):
        return str.__str__(data)
    deep = ValueError(f"data has more than {NESTING_MAX} lists and objects within each other")
    try:
        plain = json.loads(json.dumps(data, allow_nan=False))
    except RecursionError:
        raise deep from None
    if nesting_depth(plain) > NESTING_MAX:
        raise deep
    return plain


def _as_json_number(seconds: float) -> float:
    """As JSON.stringify writes it: 7200, not 7200.0."""
    return int(seconds) if float(seconds).is_integer() else float(seconds)


def call_loader(
    loader: Loader,
    timeout_s: float,
    on_thread_start: Callable[[], None],
    on_late_value: Callable[[LoadedValue], None],
) -> LoadedValue | LoadFailure:
    """Call the loader in a thread of its own, after `prepare` there.

    A Failure when `patience_s` are over; an answer that comes after that goes to `late`, in a thread of the
    loader's.
    """
    answers = _LoaderResult(on_late_value)

    def run() -> None:
        on_thread_start()
        _run_loader(loader, answers)

    try:
        Thread(target=run, name="guard_dog loader", daemon=True).start()
    except RuntimeError as error:
        return LoadFailure(NO_THREAD_MESSAGE, error)
    return answers.wait(timeout_s) or LoadFailure(f"the loader has not answered within {timeout_s:g} s")


def _run_loader(loader: Loader, loader_result: _LoaderResult) -> None:
    handler = Handler(loader_result)  # gone when this function ends, unless the loader has kept it
    try:
        hands_over = takes_handler(loader)
        called: Callable[..., object] = loader
        returned = called(handler) if hands_over else called()
    except BaseException as error:  # noqa: BLE001 - whatever it was, somebody waits for it
        hint = VARARGS_HINT if isinstance(error, TypeError) and _takes_only_varargs(loader) else ""
        loader_result.put(LoadFailure(f"the loader raised {type(error).__name__}{hint}", error))
        return
    try:
        if isinstance(returned, tuple):
            loader_result.put(_parse_returned(returned))
        elif inspect.iscoroutine(returned):
            returned.close()
            raise TypeError("a coroutine; give lambda: asyncio.run(loader()) as the loader")  # noqa: TRY301
        elif not hands_over:
            raise TypeError("no (data, expires_in)")  # noqa: TRY301
    except (TypeError, ValueError) as error:
        loader_result.put(LoadFailure(f"{INVALID_VALUE_MESSAGE}: {error}", error))


def _parse_returned(returned: tuple[Any, ...]) -> LoadedValue:
    if len(returned) not in (2, 3):
        raise ValueError("(data, expires_in) or (data, expires_in, ahead) it should be")
    return checked_value(*returned)


def takes_handler(loader: Callable[..., object]) -> bool:
    """Whether it is called as in Node, with a handler, or returns its value.

    A parameter that may be left out is the loader's own business, as in `def load(timeout=10)`.
    """
    places = _positional_parameters(loader)
    return places is None or any(place.default is place.empty for place in places)


def _takes_only_varargs(loader: Callable[..., object]) -> bool:
    """Whether nothing but `*args` says so, which may be those of a decorator."""
    places = _positional_parameters(loader) or []
    needed = [place for place in places if place.default is place.empty]
    return bool(needed) and all(place.kind is place.VAR_POSITIONAL for place in needed)


def _positional_parameters(loader: Callable[..., object]) -> list[inspect.Parameter] | None:
    """The positional parameters; None for what is built in and silent about them."""
    try:
        parameters = inspect.signature(loader).parameters.values()
    except (TypeError, ValueError):
        return None
    kinds = (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.VAR_POSITIONAL,
    )
    return [parameter for parameter in parameters if parameter.kind in kinds]
