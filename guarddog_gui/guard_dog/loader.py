"""Call a loader with a timeout, and check the value that it returns or passes to its handler."""

import inspect
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import RLock, Thread
from typing import Any

from guarddog_gui.domain.tokens.dog_format import DEFAULT_AHEAD_S, NESTING_MAX, nesting_depth

# about 3,000 years; keeps `gen_time + expires_in` (in milliseconds) within the safe integers of Node
LIFETIME_MAX_S = 10**11
NO_THREAD_MESSAGE = "no thread could be started to load it: there are too many, or the program is ending"
VARARGS_HINT = (
    " (it was called with a handler because it takes *args; if these are a decorator's, functools.wraps there"
    " tells what the loader takes)"
)
INVALID_VALUE_MESSAGE = "the loader gave what cannot be kept"


@dataclass(frozen=True, slots=True)
class LoadedValue:
    """JSON value from a loader, with its life and the refresh before its end, in seconds."""

    data: Any = field(repr=False)
    expires_in: float
    ahead: float


@dataclass(frozen=True, slots=True)
class LoadFailure:
    """Reason why there is no value. `reason` never quotes the loader's own text, which may hold a secret."""

    reason: str
    cause: BaseException | None = None


class _LoaderResult:
    """First result of a loader; after the timeout the first value goes to `on_late_value` instead."""

    def __init__(self, on_late_value: Callable[[LoadedValue], None]) -> None:
        # Unlike other calls with a deadline, this one does not use `start_blocking_call`: a loader may pass
        # its value to the handler from any thread, even after it has returned; only the first of several
        # results counts, where a Future would raise; and a value that comes after the deadline is still used.
        self._on_late_value = on_late_value
        self._queue: SimpleQueue[LoadedValue | LoadFailure] = SimpleQueue()
        self._is_timed_out = self._has_late_value = False
        self._lock = RLock()  # reentrant: garbage collection may run Handler.__del__ while it is held

    def put(self, result: LoadedValue | LoadFailure) -> None:
        with self._lock:
            if not self._is_timed_out:
                self._queue.put(result)
                return
            is_first, self._has_late_value = not self._has_late_value, True
        if is_first and isinstance(result, LoadedValue):
            self._on_late_value(result)

    def wait(self, timeout_s: float) -> LoadedValue | LoadFailure | None:
        try:
            return self._queue.get(timeout=timeout_s)
        except Empty:
            with self._lock:
                self._is_timed_out = self._queue.empty()
                return None if self._is_timed_out else self._queue.get()


class Handler:
    """Callback with which a loader passes its value, from any thread. Only the first call counts.

    When the last reference to an unused handler is gone, no value can come, and the load has failed.
    """

    __slots__ = ("__weakref__", "_loader_result")

    def __init__(self, loader_result: _LoaderResult) -> None:
        self._loader_result = loader_result

    def __call__(self, data: Any, expires_in: float = 0, ahead: float = DEFAULT_AHEAD_S) -> None:
        """Pass any JSON value that lives `expires_in` seconds and is refreshed `ahead` seconds before its end.

        Raises TypeError or ValueError if an argument is invalid; the load has failed then.
        """
        try:
            answer = checked_value(data, expires_in, ahead)
        except (TypeError, ValueError) as error:
            self._loader_result.put(LoadFailure(f"{INVALID_VALUE_MESSAGE}: {error}", error))
            raise
        self._loader_result.put(answer)

    def __del__(self) -> None:
        self._loader_result.put(LoadFailure("the loader gave up without calling its handler"))


# takes a handler and calls it, or takes nothing and returns (data, expires_in[, ahead])
Loader = Callable[[Handler], object] | Callable[[], tuple[Any, float] | tuple[Any, float, float]]


def checked_value(data: Any, expires_in: float, ahead: float = DEFAULT_AHEAD_S) -> LoadedValue:
    """Return the value as a reader of the file will find it. Raises TypeError and ValueError."""
    if data is None and not expires_in:
        raise ValueError("neither data nor expires_in; a reply with an errcode has none")
    for name, seconds in (("expires_in", expires_in), ("ahead", ahead)):
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise TypeError(f"{name} has to be a number of seconds, not {type(seconds).__name__}")
        if not math.isfinite(seconds) or not 0 <= seconds <= LIFETIME_MAX_S:
            raise ValueError(f"{name} has to be from 0 to {LIFETIME_MAX_S} seconds")
    return LoadedValue(_as_json_value(data), _as_json_number(expires_in), _as_json_number(ahead))


def _as_json_value(data: Any) -> Any:
    """Convert to what JSON gives back: tuples become lists, subclasses of str become str."""
    if isinstance(data, str):
        return str.__str__(data)
    too_deep = ValueError(f"data has more than {NESTING_MAX} lists and objects within each other")
    try:
        plain = json.loads(json.dumps(data, allow_nan=False))
    except RecursionError:
        raise too_deep from None
    if nesting_depth(plain) > NESTING_MAX:
        raise too_deep
    return plain


def _as_json_number(seconds: float) -> float:
    """Convert to the number that JSON.stringify writes: 7200, not 7200.0."""
    return int(seconds) if float(seconds).is_integer() else float(seconds)


def call_loader(
    loader: Loader, timeout_s: float, on_thread_start: Callable[[], None], on_late_value: Callable[[LoadedValue], None]
) -> LoadedValue | LoadFailure:
    """Call the loader in a new thread and wait `timeout_s` seconds for its value; it cannot be stopped.

    `on_thread_start` is called in the new thread before the loader, and `on_late_value` with a value that comes
    after the timeout, in a thread of the loader.
    """
    loader_result = _LoaderResult(on_late_value)

    def run() -> None:
        on_thread_start()
        _run_loader(loader, loader_result)

    try:
        Thread(target=run, name="guard_dog loader", daemon=True).start()
    except RuntimeError as error:
        return LoadFailure(NO_THREAD_MESSAGE, error)
    return loader_result.wait(timeout_s) or LoadFailure(f"the loader has not answered within {timeout_s:g} s")


def _run_loader(loader: Loader, loader_result: _LoaderResult) -> None:
    handler = Handler(loader_result)  # deleted at the end of this function unless the loader keeps it
    try:
        uses_handler = takes_handler(loader)
        function: Callable[..., object] = loader
        returned = function(handler) if uses_handler else function()
    except BaseException as error:  # noqa: BLE001 - even SystemExit: readers wait for a result
        hint = VARARGS_HINT if isinstance(error, TypeError) and _takes_only_varargs(loader) else ""
        loader_result.put(LoadFailure(f"the loader raised {type(error).__name__}{hint}", error))
        return
    try:
        if isinstance(returned, tuple):
            if len(returned) not in (2, 3):
                raise ValueError("(data, expires_in) or (data, expires_in, ahead) it should be")  # noqa: TRY301
            loader_result.put(checked_value(*returned))
        elif inspect.iscoroutine(returned):
            returned.close()
            raise TypeError("a coroutine; give lambda: asyncio.run(loader()) as the loader")  # noqa: TRY301
        elif not uses_handler:
            raise TypeError("no (data, expires_in)")  # noqa: TRY301
    except (TypeError, ValueError) as error:
        loader_result.put(LoadFailure(f"{INVALID_VALUE_MESSAGE}: {error}", error))


def takes_handler(loader: Callable[..., object]) -> bool:
    """Return True if the loader is called with a handler, as in Node; else it must return its value.

    An optional parameter does not count, as in `def load(timeout=10)`.
    """
    return _required_parameters(loader) != []


def _takes_only_varargs(loader: Callable[..., object]) -> bool:
    """Return True if only `*args` could take a handler; these may be those of a decorator."""
    required = _required_parameters(loader) or []
    return bool(required) and all(parameter.kind is parameter.VAR_POSITIONAL for parameter in required)


def _required_parameters(loader: Callable[..., object]) -> list[inspect.Parameter] | None:
    """Return the positional parameters without a default; None for a built-in without a signature."""
    try:
        parameters = inspect.signature(loader).parameters.values()
    except (TypeError, ValueError):
        return None
    return [
        parameter
        for parameter in parameters
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.KEYWORD_ONLY, parameter.VAR_KEYWORD)
    ]
