"""One key of a `GuardDog`: its value, its loads, and the readers that wait for one.

A value is refreshed by the first of these events: the timer finds it due, or a reader asks for it when it is
due, expired, or its file was removed. Only one load of a key runs at a time, across all programs that use
the file: the loader is called under the file's lock, and only if the file has no fresh value then.
"""

import json
import logging
import math
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock, Thread, local
from time import perf_counter
from typing import Any

from guarddog_gui.domain.errors import Closed, FileError, LoadFailed, LockBusy
from guarddog_gui.domain.tokens.dog_format import DogRecord
from guarddog_gui.guard_dog.loader import NO_THREAD_MESSAGE, LoadedValue, Loader, LoadFailure, call_loader
from guarddog_gui.guard_dog.pending_load import Callback, CallbackQueue, PendingLoad
from guarddog_gui.guard_dog.watched_file import CachedValue, WatchedFile

WAIT_FOR_NEXT_S = 2.0  # a value with less life left may expire on its way to the reader's request
BACKOFF_S = 0.25  # after the third failure in a row; doubles with each further one
BACKOFF_MAX_S = 60.0
TIMED_RETRY_MIN_S = 1.0  # least pause of the timer after a failure, since no reader is waiting
TRUST_WITHOUT_STAT_S = 20e-6  # faster than another program can replace a file and ask for its value
REFRESH_INTERVAL_MIN_S = 0.1  # between two refreshes by the timer, however short the values live


log = logging.getLogger(__name__)
_thread_local = local()  # `load`: the PendingLoad whose loader runs in this thread


def backoff_s(failures: int) -> float:
    """Return the pause in seconds after that many failures in a row, during which readers start no load.

    There is no pause after the first two. The first may be the failure of the load that `init` started, which
    no reader has seen; the second is then the first that is reported to a reader.
    """
    return 0.0 if failures < 3 else min(BACKOFF_MAX_S, BACKOFF_S * 2.0 ** min(failures - 3, 20))


@dataclass(eq=False, repr=False)
class CacheEntry:
    """Value of one key and its refreshes. Thread-safe.

    Each load runs in its own thread. The lock is never held while a loader or a callback runs.
    """

    key: str
    loader: Loader
    path: Path
    directory: str
    clock: Callable[[], float]
    timeout_s: float
    wake: Callable[[], None]  # called when `run_due` should be called earlier than it returned

    def __post_init__(self) -> None:
        self._file = WatchedFile(self.key, self.path, self.clock, self.wake)
        self._cached: CachedValue | None = None
        self._record: DogRecord | None = None  # this and the following: under the lock
        self._is_file_removed = False  # removing the file requests a new value, as in npm guard_dog
        self._failure_count = 0
        self._failed_at = 0.0
        self._last_failure: LoadFailure | None = None
        self._loaded_at = -math.inf
        self._is_initial_check_done = False  # a load has succeeded, or `run_due` found none necessary
        self._is_retired = self._is_closed = False
        self.reset_pending()

    def reset_pending(self) -> None:
        """Forget loads and waiting readers: at creation, and in a forked child, which has no threads."""
        self._lock = Lock()
        self._file.reset_locks()
        self._pending_load: PendingLoad | None = None
        self._callbacks = CallbackQueue(self.key)

    # -- for readers ------------------------------------------------------------------------------

    def get(self) -> Any:
        """Return the value, after a load if there is none. Raises LoadFailed and Closed."""
        cached = self._cached
        if cached is not None:
            at = perf_counter()
            if at - cached.checked_at < TRUST_WITHOUT_STAT_S:
                return cached.value
            if cached.is_valid(self.clock()):
                cached.checked_at = at
                return cached.value
        with self._lock:
            record, load = self._value_or_load(self.clock())
        if load is None:
            return self._data_or_raise(self._last_failure if record is None else record)
        own_load: PendingLoad | None = getattr(_thread_local, "load", None)
        if own_load is None:
            load.finished.wait()
        elif self in own_load.entry_chain or not own_load.wait_for(load):
            raise LoadFailed(f"{self.key}: the loader waits for its own key")
        return self._data_or_raise(self._current_if_failed(load.result))

    def get_async(self, callback: Callback, on_error: Callback | None) -> None:
        """Call `callback` with the value, or `on_error` with the error, after all earlier callbacks."""
        with self._lock:
            record, load = self._value_or_load(self.clock())
            own_load: PendingLoad | None = getattr(_thread_local, "load", None)
            is_deadlock = load is not None and own_load is not None and self in own_load.entry_chain
            if not is_deadlock and self._callbacks.add(callback, on_error, must_wait=load is not None):
                return
        failure = LoadFailure("the loader waits for its own key") if is_deadlock else self._last_failure
        self._call_back(callback, on_error, failure if is_deadlock or record is None else record)

    def retire(self) -> None:
        """Discard late values from now on: another entry has taken over the key."""
        self._is_retired = True

    def close(self) -> None:
        """Raise Closed in all waiting readers. A running loader ends by itself."""
        with self._lock:
            self._is_retired = self._is_closed = True
            load = self._pending_load
        if load is not None:
            self._finish_load(load, load.result)

    def _data_or_raise(self, result: DogRecord | LoadFailure | None) -> Any:
        if not isinstance(result, DogRecord):
            raise self._make_error(result)
        # A copy, so that no reader changes the value of the others. copy.deepcopy is slower, and its recursion
        # limit is lower.
        return result.data if isinstance(result.data, str) else json.loads(json.dumps(result.data))

    def _make_error(self, failure: LoadFailure | None) -> LoadFailed | Closed:
        if self._is_closed:
            return Closed(f"{self.key}: closed while somebody was waiting for it")
        error = LoadFailed(f"{self.key}: {failure.reason if failure else 'there is no value'}")
        error.__cause__ = failure.cause if failure else None
        return error

    def _current_if_failed(self, result: DogRecord | LoadFailure) -> DogRecord | LoadFailure:
        record = self._record
        if isinstance(result, LoadFailure) and record is not None and record.remaining_s(self.clock()) > 0:
            return record
        return result

    def _call_back(self, callback: Callback, on_error: Callback | None, result: DogRecord | LoadFailure | None) -> None:
        try:
            if isinstance(result, DogRecord):
                callback(self._data_or_raise(result))
            elif on_error is not None:
                on_error(self._make_error(result))
        except Exception:
            log.exception("%s: a callback raised; the others are called all the same", self.key)

    # -- decisions, under the lock ----------------------------------------------------------------

    def _value_or_load(self, now: float) -> tuple[DogRecord | None, PendingLoad | None]:
        """Return the valid value, and the load that the reader has to wait for, if any."""
        self._reload_if_changed(now)
        record = self._record
        remaining_s = record.remaining_s(now) if record is not None else 0.0
        if record is not None and record.is_fresh(now) and not self._is_file_removed:
            self._cached = self._file.cache_value(record, now)
            return record, None
        self._cached = None
        load = self._start_load(now)
        if record is None or remaining_s <= 0:
            return None, load
        # a value that is merely due serves readers while its successor loads, except just before its end
        wait_below_s = min(WAIT_FOR_NEXT_S, record.ahead, record.expires_in / 10)
        must_wait = self._is_file_removed or remaining_s <= wait_below_s
        return record, load if must_wait else None

    def _reload_if_changed(self, now: float) -> None:
        change = self._file.poll(now)
        if change is None:
            return
        current, record = self._record, change.record
        if record is None:
            self._is_file_removed = change.is_removed
        elif record.remaining_s(now) > 0 or current is None or current.remaining_s(now) <= 0:
            self._record, self._is_file_removed = record, False

    def _start_load(self, now: float) -> PendingLoad | None:
        """Return the running load, or a new one; None during a pause after failures, and after `close`."""
        if self._is_closed:
            return None
        if self._pending_load is None and not 0 <= now - self._failed_at < backoff_s(self._failure_count):
            own_load: PendingLoad | None = getattr(_thread_local, "load", None)
            load = PendingLoad((*own_load.entry_chain, self) if own_load is not None else (self,))
            try:
                Thread(target=self._run_load, args=(load,), name=f"guard_dog {self.key}", daemon=True).start()
            except RuntimeError as error:
                self._apply_result(LoadFailure(NO_THREAD_MESSAGE, error))
            else:
                self._pending_load = load  # only now: a load without a thread would never end
        return self._pending_load

    def _apply_result(self, result: DogRecord | LoadFailure) -> None:
        now = self.clock()
        if isinstance(result, DogRecord):
            self._record, self._is_file_removed, self._cached = result, False, None
            self._failure_count, self._last_failure = 0, None
            self._loaded_at, self._is_initial_check_done = now, True
        else:
            self._failure_count += 1
            self._failed_at, self._last_failure = now, result
            log.warning("%s: %s (failure %d in a row)", self.key, result.reason, self._failure_count)

    # -- for the timer ----------------------------------------------------------------------------

    def run_due(self) -> float:
        """Start a load or a repair that is due; return the Unix time of the next call.

        It is infinity while a load runs, which wakes the timer at its end.
        """
        with self._lock:
            now = self.clock()
            self._reload_if_changed(now)
            if self._pending_load is not None or self._is_closed:
                return math.inf
            due_at = self._due_at(now)
            self._is_initial_check_done = True
            if due_at <= now:
                if self._start_load(now) is not None:
                    return math.inf
                due_at = self._due_at(now)
            record, repair_at = self._record, self._file.repair_at
        if repair_at <= now:
            repair_at = self._file.repair(record)
        return min(due_at, repair_at)

    def _due_at(self, now: float) -> float:
        record = self._record
        due_at = 0.0
        if record is not None and record.is_plausible(now) and not (self._is_file_removed and record.is_auto_refreshed):
            # a value that lives no longer than `ahead` is loaded for readers only, and once after `init`
            is_timed = record.is_auto_refreshed or not self._is_initial_check_done
            due_at = record.refresh_at if is_timed else math.inf
        if 0 <= now - self._loaded_at < REFRESH_INTERVAL_MIN_S:
            due_at = max(due_at, self._loaded_at + REFRESH_INTERVAL_MIN_S)
        wait_s = max(TIMED_RETRY_MIN_S, backoff_s(self._failure_count)) if self._failure_count else 0.0
        return max(due_at, self._failed_at + wait_s) if 0 <= now - self._failed_at < wait_s else due_at

    # -- loads, each in its thread ----------------------------------------------------------------

    def _run_load(self, load: PendingLoad) -> None:
        if not self._try_load(load, is_last_try=False):
            self._try_load(load, is_last_try=True)
        self._finish_load(load, load.result)
        self.wake()

    def _try_load(self, load: PendingLoad, *, is_last_try: bool) -> bool:
        """Load and keep the result; return False if its value has expired in the meantime.

        That happens when the computer sleeps during the load: readers that have joined it since then must not get
        that value. A value without a lifetime is meant for the readers of this load, and is kept.
        """
        try:
            result = self._load_with_lock(load)
        except Exception as error:  # readers wait for a result, whatever happens
            log.exception("%s: loading ended by a mistake of our own", self.key)
            result = LoadFailure(f"guard_dog failed with {type(error).__name__}", error)
        with self._lock:
            may_repeat = not is_last_try and not self._is_closed
            if (
                may_repeat
                and isinstance(result, DogRecord)
                and result.expires_in > 0 >= result.remaining_s(self.clock())
            ):
                return False
            self._apply_result(result)
            load.result = result
            self._pending_load = None
        return True

    def _finish_load(self, load: PendingLoad | None, result: DogRecord | LoadFailure) -> None:
        if load is not None:
            load.finished.set()
        self._callbacks.run(lambda call, on_error: self._call_back(call, on_error, self._current_if_failed(result)))

    def _load_with_lock(self, load: PendingLoad) -> DogRecord | LoadFailure:
        """Load under the file's lock, so that one of all programs asks; without it where none can be made."""
        with ExitStack() as stack:
            try:
                stack.enter_context(self._file.lock(self.timeout_s))
            except LockBusy:
                return LoadFailure(f"another program has been loading it for {self.timeout_s:g} s")
            except FileError as error:
                log.warning("%s: loading without a lock: %s", self.key, error)
            record, started_at = self._file.read(), self.clock()
            if record is not None and record.is_fresh(started_at):
                return record  # another program has loaded it meanwhile
            mark_thread = partial(setattr, _thread_local, "load", load)
            answer = call_loader(self.loader, self.timeout_s, mark_thread, partial(self._on_late_value, started_at))
            return answer if isinstance(answer, LoadFailure) else self._save(answer, started_at)

    def _save(self, loaded: LoadedValue, started_at: float) -> DogRecord:
        record = DogRecord(loaded.data, loaded.expires_in, int(started_at * 1000), self.directory, loaded.ahead)
        self._file.save(record)
        return record

    def _on_late_value(self, started_at: float, loaded: LoadedValue) -> None:
        """Keep a value that came after the timeout, unless the file has a newer one."""
        found = self._file.read()
        now = self.clock()
        is_outdated = found is not None and found.remaining_s(now) > 0 and found.generated_ms >= started_at * 1000
        if self._is_retired or is_outdated or started_at + loaded.expires_in <= now:
            return
        record = self._save(loaded, started_at)
        with self._lock:
            self._apply_result(record)
            load = self._pending_load
            if load is not None:
                load.result = record
        self._finish_load(load, record)
        self.wake()
