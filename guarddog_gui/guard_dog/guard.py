"""A set of keys, each with a loader and a `.dog` file, kept fresh in the background."""

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self, overload
from weakref import WeakSet

from guarddog_gui.adapters.files.dog_file import resolve_own_symlink
from guarddog_gui.domain.errors import BadKey, Closed, FileError, NotInitialised
from guarddog_gui.domain.tokens.dogfile import dog_file_name
from guarddog_gui.guard_dog.entry import CacheEntry, Callback
from guarddog_gui.guard_dog.loader import Loader
from guarddog_gui.guard_dog.timer import POLL_S, RefreshTimer

TIMEOUT_S = 30.0
TIMEOUT_MAX_S = 30 * 24 * 3600.0  # what every platform can wait for
KEY_MAX = 100  # characters
KEY_BYTES_MAX = 220  # a file name has 255; `.<key>.dog.<pid>-<n>.tmp` is the longest

log = logging.getLogger(__name__)
_FORBIDDEN_IN_KEYS = frozenset('/\\:*?"<>|')


class GuardDog:
    """Safe to use from any thread, and beside other programs on the same files.

    `directory` is where the files are, `patience_s` how long a loader, and another program's, may take:
    seconds above 0; after 30 days, or infinity, it is given up as well. `clock` gives Unix seconds.

    Raises TypeError and ValueError for a `patience_s` that is no such number, BadKey for a folder that is no
    text or path.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str] = "",
        *,
        patience_s: float = TIMEOUT_S,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._directory = _checked_directory(directory)
        self._timeout_s = _checked_timeout(patience_s)
        self._clock = clock
        self._lock = Lock()
        self._entries: dict[str, CacheEntry] = {}
        self._timer: RefreshTimer | None = None
        self._was_timer_error_logged = False
        self._is_closed = False
        _guard_dogs.add(self)

    def init(self, key: str, loader: Loader, directory: str | os.PathLike[str] | None = None) -> None:
        """Keep `key` fresh in `<directory>/<key>.dog`, beginning now; an earlier `init` of it ends; a load
        of that one which is under way is awaited, and its value taken.

        The loader is called as `loader(handler)` and calls `handler(data, expires_in, ahead=2)`, now or later
        and from any thread; or it takes nothing and returns `(data, expires_in)` or `(data, expires_in,
        ahead)`. `data` is any JSON value, `expires_in` its life and `ahead` when before its end a new one is
        due, in seconds: as in npm, what lives no longer than `ahead` is loaded when somebody asks after its
        end and never by itself. It may raise, and it may `get` another key.

        The folder is made where it is missing. Where that fails, or nothing can be written, the value lives
        in memory, the log says why, and the file is written as soon as it can be. A `.dog` file that is your
        own symbolic link to a file of your own is followed, as in npm; another link is replaced and never
        written through.

        Raises BadKey for a key that cannot be the name of a file and a folder that is no text or path,
        FileTrouble for a relative folder when the working directory is gone, and Closed after `close`.
        """
        problem = key_problem(key)
        if problem:
            raise BadKey(f"{key!r} cannot be a key: {problem}")
        named = self._directory if directory is None else _checked_directory(directory)
        path = resolve_own_symlink(_absolute_path(named) / dog_file_name(key))
        with self._lock:
            if self._is_closed:
                raise Closed("this GuardDog is closed; make a new one")
            before = self._entries.get(key)
            self._entries[key] = CacheEntry(
                key,
                loader,
                path,
                named,
                clock=self._clock,
                timeout_s=self._timeout_s,
                wake=self.wake,
            )
        if before is not None:
            before.retire()
        self.wake()

    @overload
    def get(self, key: str) -> Any: ...

    @overload
    def get(self, key: str, callback: Callback, on_error: Callback | None = None) -> None: ...

    def get(self, key: str, callback: Callback | None = None, on_error: Callback | None = None) -> Any:
        """The value of `key`; it lives. With `callback`: nothing, and `callback(value)` when it is there.

        A value on disk or in memory is given at once, also while its successor is being loaded. Without one
        this waits for the loader, or calls back from another thread; callbacks of a key are called one after
        the other in the order in which they came, so that one that does not return holds up the later ones.

        Raises NotInitialised without an `init`, Closed after `close`, LoadFailed when there is no value and
        the loader does not bring one (`on_error` gets it instead): the next call tries again, after the
        third failure in a row not before a pause that grows from 0.25 to 60 s. A value that a loader brings
        after its time is kept for the next call.
        """
        keeper = self._entries.get(key)
        if keeper is None:
            if self._is_closed:
                raise Closed("this GuardDog is closed; make a new one")
            raise NotInitialised(f"nobody has called init({key!r}, loader, directory) yet")
        if self._timer is None:
            self.wake()  # the first look in a process that was forked
        if callback is None:
            return keeper.get()
        return keeper.get_async(callback, on_error)

    def wake(self) -> None:
        """Look at the clock and at the files now rather than within half a minute."""
        with self._lock:
            if self._is_closed:
                return
            if self._timer is None:
                try:
                    self._timer = RefreshTimer(self._run_due, self._clock)
                except RuntimeError as error:  # too many threads, or the program is ending
                    if not self._was_timer_error_logged:
                        log.warning("no refreshes before somebody asks: %s", error)
                    self._was_timer_error_logged = True
                    return  # each `get` tries again
            self._timer.wake()

    nudge = wake  # its name in 0.1, kept for one release

    def close(self) -> None:
        """No more refreshes, no more values: who waits for one gets Closed. A loader runs on."""
        with self._lock:
            self._is_closed = True
            keepers = tuple(self._entries.values())
            self._entries.clear()
            if self._timer is not None:
                self._timer.stop()
        for keeper in keepers:
            keeper.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run_due(self) -> float:
        return min(map(self._run_entry_due, tuple(self._entries.values())), default=float("inf"))

    def _run_entry_due(self, entry: CacheEntry) -> float:
        try:
            return entry.run_due()
        except Exception:  # one key's trouble, say that there can be no more threads, is not the others'
            log.exception("looking at what is due ended by a mistake of our own")
            return self._clock() + POLL_S

    def _reset_after_fork(self) -> None:
        """The child has none of the threads, and its locks may be held by one of them for ever."""
        self._lock = Lock()
        self._timer = None
        for keeper in self._entries.values():
            keeper.reset_pending()


def key_problem(key: object) -> str:
    """Why this cannot be a key; empty if it can."""
    if not isinstance(key, str):
        return "it is no text"
    if not key:
        return "it is empty"
    if len(key) > KEY_MAX:
        return f"it has more than {KEY_MAX} characters"
    if ".." in key or key.startswith(".") or key.endswith((" ", ".")):
        return "it would name another file"
    if not key.isprintable() or not _FORBIDDEN_IN_KEYS.isdisjoint(key):
        return 'a file name cannot have / \\ : * ? " < > | and control characters everywhere'
    try:
        size = len(os.fsencode(key))
    except UnicodeEncodeError:
        return "file names have no such characters in the locale of this program"
    return (
        f"it has {size} bytes, and the name of a file at most {KEY_BYTES_MAX}" if size > KEY_BYTES_MAX else ""
    )


def _checked_directory(directory: object) -> str:
    named = os.fspath(directory) if isinstance(directory, os.PathLike) else directory
    if not isinstance(named, str):
        raise BadKey(f"{directory!r} cannot be a folder: it is no text and no path of one")
    if "\0" in named:
        raise BadKey(f"{named!r} cannot be a folder: it has a NUL character")
    return named


def _absolute_path(directory: str) -> Path:
    try:
        return Path(directory).absolute()
    except OSError:
        raise FileError(
            directory or ".", "the working directory is gone; give init an absolute folder"
        ) from None


def _checked_timeout(seconds: object) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TypeError(f"patience_s has to be a number of seconds, not {type(seconds).__name__}")
    if not seconds > 0:  # NaN is not, either
        raise ValueError(f"patience_s has to be more than 0 seconds, not {seconds}")
    return float(min(seconds, TIMEOUT_MAX_S))


_guard_dogs: "WeakSet[GuardDog]" = WeakSet()


def _reset_all_after_fork() -> None:
    for guard_dog in _guard_dogs:
        guard_dog._reset_after_fork()  # noqa: SLF001 - our own


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset_all_after_fork)
