"""`GuardDog`: a set of keys, each with a loader and a `.dog` file, kept fresh in the background."""

import logging
import math
import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Condition, Lock, Thread
from typing import Any, Self, overload
from weakref import WeakSet

from guarddog_gui.adapters.files.dog_file import resolve_own_symlink
from guarddog_gui.domain.errors import BadKey, Closed, FileError, NotInitialised
from guarddog_gui.domain.tokens.dog_format import dog_file_name
from guarddog_gui.guard_dog.entry import CacheEntry
from guarddog_gui.guard_dog.loader import Loader
from guarddog_gui.guard_dog.pending_load import Callback

TIMEOUT_S = 30.0
TIMEOUT_MAX_S = 30 * 24 * 3600.0  # longer waits overflow on some platforms
POLL_S = 30.0  # longest wait of the timer, since the clock may be set or the computer may sleep meanwhile
KEY_MAX = 100  # characters
KEY_BYTES_MAX = 220  # file names have at most 255; the longest one is `.<key>.dog.<pid>-<n>.tmp`

log = logging.getLogger(__name__)
_FORBIDDEN_IN_KEYS = frozenset('/\\:*?"<>|')


class GuardDog:
    """Values that are loaded on demand, cached in `.dog` files and refreshed before they expire.

    All methods may be called from any thread. Several programs, also npm `guard_dog`, may share the files.
    Use it as a context manager, or call `close`, to end the refreshes:

        with GuardDog("/var/lib/shop") as dog:
            dog.init("ACCESS_TOKEN", load)
            token = dog.get("ACCESS_TOKEN")

    Args:
        directory: folder of the `.dog` files, for keys whose `init` names none.
        patience_s: seconds that a loader may take, here or in another program that holds the file's lock;
            more than 0, at most 30 days (more counts as 30 days).
        clock: function that returns the Unix time in seconds; for tests.

    Raises:
        TypeError: `patience_s` is not a number.
        ValueError: `patience_s` is not greater than 0.
        BadKey: `directory` is neither a string nor a path.
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
        """Keep the value of `key` fresh in `<directory>/<key>.dog`, starting now.

        A loader has one of two forms:

        - It takes a handler and calls `handler(data, expires_in, ahead=2)`, now or later, from any thread.
        - It takes no argument and returns `(data, expires_in)` or `(data, expires_in, ahead)`.

        `data` is any JSON value, `expires_in` its life in seconds, and `ahead` the seconds before the end at
        which it is refreshed. As in npm, a value with `expires_in` up to `ahead` is not refreshed in the
        background but loaded by the first `get` after its end. A loader may raise, and may `get` other keys.

        A missing folder is created. If the file cannot be written, the value is kept in memory, the log says
        why, and writing is tried again. A `.dog` file may be a symbolic link of the same user to a file of
        the same user, as in npm; any other link is replaced and never written through.

        Calling `init` again for a key replaces the loader. A running load of the earlier one is awaited and
        its value used.

        `key` is also the name of the file; a `directory` of None is that of this GuardDog.

        Raises:
            BadKey: `key` cannot be a file name, or `directory` is neither a string nor a path.
            FileError: `directory` is relative and the working directory no longer exists.
            Closed: after `close`.
        """
        problem = key_problem(key)
        if problem:
            raise BadKey(f"{key!r} cannot be a key: {problem}")
        folder = self._directory if directory is None else _checked_directory(directory)
        path = resolve_own_symlink(_absolute_path(folder) / dog_file_name(key))
        with self._lock:
            if self._is_closed:
                raise Closed("this GuardDog is closed; make a new one")
            previous = self._entries.get(key)
            self._entries[key] = CacheEntry(
                key, loader, path, folder, clock=self._clock, timeout_s=self._timeout_s, wake=self.wake
            )
        if previous is not None:
            previous.retire()
        self.wake()

    @overload
    def get(self, key: str) -> Any: ...

    @overload
    def get(self, key: str, callback: Callback, on_error: Callback | None = None) -> None: ...

    def get(self, key: str, callback: Callback | None = None, on_error: Callback | None = None) -> Any:
        """Return the value of `key`, which is always valid; or pass it to `callback` and return None.

        A valid value in memory or on disk is returned at once, also while its successor is being loaded.
        Otherwise this waits for the loader; with a callback it returns, and calls it later from another
        thread. The callbacks of a key run one at a time in the order of the calls, so one that blocks delays
        the others.

        After a failure the next call tries again; after the third failure in a row not before a pause, which
        grows from 0.25 to 60 seconds. A value that a loader brings after its timeout serves the next call.

        `on_error` is called with the LoadFailed or Closed error instead; without it, errors of a call with a
        callback are only logged.

        Raises:
            NotInitialised: there was no `init` for this key.
            Closed: after `close`.
            LoadFailed: there is no valid value and the loader does not bring one.
        """
        entry = self._entries.get(key)
        if entry is None:
            if self._is_closed:
                raise Closed("this GuardDog is closed; make a new one")
            raise NotInitialised(f"nobody has called init({key!r}, loader, directory) yet")
        if self._timer is None:
            self.wake()  # starts the timer, which a forked child has lost
        if callback is None:
            return entry.get()
        return entry.get_async(callback, on_error)

    def wake(self) -> None:
        """Check clock and files now instead of within 30 seconds, for example after the computer slept."""
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
                    return  # the next `get` tries again
            self._timer.wake()

    nudge = wake  # former name, kept for one release

    def close(self) -> None:
        """End all refreshes; waiting readers get Closed. A running loader cannot be stopped and runs on."""
        with self._lock:
            self._is_closed = True
            entries = tuple(self._entries.values())
            self._entries.clear()
            if self._timer is not None:
                self._timer.stop()
        for entry in entries:
            entry.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _run_due(self) -> float:
        return min(map(self._run_entry_due, tuple(self._entries.values())), default=math.inf)

    def _run_entry_due(self, entry: CacheEntry) -> float:
        try:
            return entry.run_due()
        except Exception:  # a problem with one key must not stop the others
            log.exception("looking at what is due ended by a mistake of our own")
            return self._clock() + POLL_S

    def _reset_after_fork(self) -> None:
        """Replace locks and timer in a forked child: the threads that hold or run them do not exist there."""
        self._lock = Lock()
        self._timer = None
        for entry in self._entries.values():
            entry.reset_pending()


def key_problem(key: object) -> str:
    """Return why this cannot be a key; empty if it can."""
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
    return f"it has {size} bytes, and the name of a file at most {KEY_BYTES_MAX}" if size > KEY_BYTES_MAX else ""


def _checked_directory(directory: object) -> str:
    folder = os.fspath(directory) if isinstance(directory, os.PathLike) else directory
    if not isinstance(folder, str):
        raise BadKey(f"{directory!r} cannot be a folder: it is no text and no path of one")
    if "\0" in folder:
        raise BadKey(f"{folder!r} cannot be a folder: it has a NUL character")
    return folder


def _absolute_path(directory: str) -> Path:
    try:
        return Path(directory).absolute()
    except OSError:
        raise FileError(directory or ".", "the working directory is gone; give init an absolute folder") from None


def _checked_timeout(seconds: object) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TypeError(f"patience_s has to be a number of seconds, not {type(seconds).__name__}")
    if not seconds > 0:  # also refuses NaN
        raise ValueError(f"patience_s has to be more than 0 seconds, not {seconds}")
    return float(min(seconds, TIMEOUT_MAX_S))


class RefreshTimer:
    """Thread that calls `run_due` at the Unix time it returned, on `wake`, and at least every 30 seconds."""

    def __init__(self, run_due: Callable[[], float], clock: Callable[[], float]) -> None:
        self._run_due = run_due
        self._clock = clock
        self._condition = Condition()
        self._is_woken = self._is_stopped = False
        Thread(target=self._run, name="guard_dog alarm", daemon=True).start()  # daemon: the program may end

    def wake(self) -> None:
        with self._condition:
            self._is_woken = True
            self._condition.notify()

    def stop(self) -> None:
        """End the thread; a running call is completed."""
        with self._condition:
            self._is_stopped = True
            self._condition.notify()

    def _run(self) -> None:
        due_at = -math.inf
        while True:
            with self._condition:
                if not self._is_woken and not self._is_stopped:
                    self._condition.wait(min(max(due_at - self._clock(), 0.0), POLL_S))
                if self._is_stopped:
                    return
                self._is_woken = False
            try:
                due_at = self._run_due()
            except Exception:  # the timer must go on
                log.exception("looking at what is due ended by a mistake of our own")
                due_at = self._clock() + POLL_S


_guard_dogs: "WeakSet[GuardDog]" = WeakSet()


def _reset_all_after_fork() -> None:
    for guard_dog in _guard_dogs:
        guard_dog._reset_after_fork()  # noqa: SLF001 - our own


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset_all_after_fork)
