"""One key: its value, its file, the load that is under way, and who waits for it."""

import json
import logging
import math
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from threading import Lock, Thread, local
from time import perf_counter
from typing import Any

from guarddog_gui.adapters.files.atomic import FileStamp
from guarddog_gui.adapters.files.dog_file import DogFile, OpenFileHandle
from guarddog_gui.adapters.files.lock import file_lock
from guarddog_gui.domain.errors import Closed, FileError, LoadFailed, LockBusy
from guarddog_gui.domain.tokens.dogfile import DogRecord
from guarddog_gui.guard_dog.loader import NO_THREAD_MESSAGE, LoadedValue, Loader, LoadFailure, call_loader
from guarddog_gui.guard_dog.pending_load import PendingLoad
from guarddog_gui.guard_dog.value_cache import CachedValue

WAIT_FOR_NEXT_S = 2.0  # a value that dies sooner may be dead when it arrives: wait for its successor
RACY_STAMP_NS = 50_000_000  # a file changed this lately may change again within the same tick of its clock
BACKOFF_S = 0.25  # after the third failure in a row, doubled with each further one
BACKOFF_MAX_S = 60.0
TIMED_RETRY_MIN_S = 1.0  # nobody waits for a timed refresh: at least this long after a failure
TRUST_WITHOUT_STAT_S = 20e-6  # nobody writes a file and then asks for its value in less
TRUST_OPEN_FILE_S = 1.0  # how long an open file alone tells that its name still means it
HALF_WRITTEN_S = 5.0  # a file that is half written for so long will not be completed
REPAIR_RETRY_MAX_S = 60.0  # where it could not be mended it is tried again: after so long at most
REFRESH_INTERVAL_MIN_S = 0.1  # between two timed refreshes, however short the lives are

Callback = Callable[[Any], object]
Clock = Callable[[], float]

log = logging.getLogger(__name__)
_thread_local = local()  # `load`: the one whose loader this thread runs


def backoff_s(failures: int) -> float:
    """Seconds after that many failures in a row, in which nobody who asks makes us try again.

    None after the first, of which only the `init` may know, and none after the one that was told.
    """
    return 0.0 if failures < 3 else min(BACKOFF_MAX_S, BACKOFF_S * 2.0 ** min(failures - 3, 20))


class CacheEntry:
    """Safe to use from any thread; `nudge` is called when there may be something new to wait for."""

    def __init__(
        self,
        key: str,
        loader: Loader,
        path: Path,
        directory: str,
        *,
        clock: Clock,
        timeout_s: float,
        wake: Callable[[], None],
    ) -> None:
        self._key = key
        self._loader = loader
        self._file = DogFile(path)
        self._directory = directory
        self._clock = clock
        self._timeout_s = timeout_s
        self._wake = wake
        self._record: DogRecord | None = None
        self._cached: CachedValue | None = None
        self._watch: OpenFileHandle | None = None
        self._watched_stamp: FileStamp | None = None
        self._stamp: FileStamp | CacheEntry | None = self  # of the file as it was read; itself: look again
        self._repair_at = math.inf  # when to put our value into a file that has none that lives
        self._repair_wait_s = HALF_WRITTEN_S
        self._is_file_removed = False  # somebody has taken the file away: a new value is wished for
        self._failure_count = 0
        self._failed_at = 0.0
        self._last_failure: LoadFailure | None = None
        self._loaded_at = -math.inf
        self._is_initial_check_done = False  # something was loaded, or found to be no reason to load
        self._is_retired = self._is_closed = False
        self.reset_pending()

    def reset_pending(self) -> None:
        """Nobody works on a load any more: the beginning, and a fork's child."""
        self._lock, self._write_lock = Lock(), Lock()
        self._pending_load: PendingLoad | None = None
        self._callbacks: deque[tuple[Callback, Callback | None]] = deque()
        self._is_running_callbacks = False

    # -- giving -----------------------------------------------------------------------------------

    def get(self) -> Any:
        """The value, as soon as there is one. Raises LoadFailed."""
        fresh = self._cached
        if fresh is not None:
            at = perf_counter()
            if at - fresh.checked_at < TRUST_WITHOUT_STAT_S:
                return fresh.value
            if fresh.is_valid(self._clock()):
                fresh.checked_at = at
                return fresh.value
        with self._lock:
            dog, load = self._value_or_load(self._clock())
        if load is None:
            return self._data_or_raise(dog if dog is not None else self._last_failure)
        mine: PendingLoad | None = getattr(_thread_local, "load", None)
        if mine is None:
            load.finished.wait()
        elif self in mine.entry_chain or not mine.wait_for(load):
            raise LoadFailed(f"{self._key}: the loader waits for its own key")
        return self._data_or_raise(self._current_if_failed(load.result))

    def get_async(self, callback: Callback, on_error: Callback | None) -> None:
        """Call back with the value, after those who asked before."""
        with self._lock:
            dog, load = self._value_or_load(self._clock())
            mine: PendingLoad | None = getattr(_thread_local, "load", None)
            waits_for_itself = load is not None and mine is not None and self in mine.entry_chain
            if not waits_for_itself and (self._is_running_callbacks or self._callbacks or load is not None):
                self._callbacks.append((callback, on_error))
                return
        if waits_for_itself:
            self._run_callback(callback, on_error, LoadFailure("the loader waits for its own key"))
            return
        self._run_callback(callback, on_error, dog if dog is not None else self._last_failure)

    def retire(self) -> None:
        """Another keeper has the key now: what our loader brings too late must not undo its work."""
        self._is_retired = True

    def close(self) -> None:
        """Let nobody wait any more: who does gets Closed. A load that is under way ends by itself."""
        with self._lock:
            self._is_retired = self._is_closed = True
            load = self._pending_load
        if load is not None:
            self._finish_load(load, load.result)

    def _data_or_raise(self, result: DogRecord | LoadFailure | None) -> Any:
        if isinstance(result, DogRecord):
            data = result.data
            # nobody changes it for others; copy.deepcopy is slower and comes less deep
            return data if isinstance(data, str) else json.loads(json.dumps(data))
        raise self._make_error(result)

    def _make_error(self, failure: LoadFailure | None) -> LoadFailed | Closed:
        if self._is_closed:
            return Closed(f"{self._key}: closed while somebody was waiting for it")
        error = LoadFailed(f"{self._key}: {failure.reason if failure else 'there is no value'}")
        error.__cause__ = failure.cause if failure else None
        return error

    def _current_if_failed(self, result: DogRecord | LoadFailure) -> DogRecord | LoadFailure:
        """After a failure the value that was there before, while it lives."""
        dog = self._record
        if isinstance(result, LoadFailure) and dog is not None and dog.remaining_s(self._clock()) > 0:
            return dog
        return result

    def _run_callback(
        self, callback: Callback, on_error: Callback | None, result: DogRecord | LoadFailure | None
    ) -> None:
        try:
            if isinstance(result, DogRecord):
                callback(self._data_or_raise(result))
            elif on_error is not None:
                on_error(self._make_error(result))
        except Exception:
            log.exception("%s: a callback raised; the others are called all the same", self._key)

    # -- deciding, under the lock -----------------------------------------------------------------

    def _value_or_load(self, now: float) -> tuple[DogRecord | None, PendingLoad | None]:
        """The value that lives, and the load to wait for, if there is one to wait for."""
        self._reload_if_changed(now)
        dog = self._record
        left = dog.remaining_s(now) if dog is not None else 0.0
        if dog is not None and left > 0 and now < dog.refresh_at and not self._is_file_removed:
            self._cached = self._make_cached_value(dog, now)
            return dog, None
        self._cached = None
        load = self._start_load(now)
        if dog is None or left <= 0:
            return None, load
        close = math.inf if self._is_file_removed else min(WAIT_FOR_NEXT_S, dog.ahead, dog.expires_in / 10)
        return dog, load if left <= close else None

    def _make_cached_value(self, record: DogRecord, now: float) -> CachedValue | None:
        if not isinstance(record.data, str) or not isinstance(self._stamp, tuple):
            return None
        stamp: FileStamp = self._stamp
        if self._watch is None or self._watched_stamp != stamp or not self._watch.is_open():
            self._watch, self._watched_stamp = self._file.open_handle(stamp), stamp
        watch = self._watch
        until = min(record.refresh_at, now + TRUST_OPEN_FILE_S)
        return CachedValue(record.data, now, until, watch, stamp) if watch else None

    def _reload_if_changed(self, now: float) -> None:
        """Take from the file what somebody else has written, or taken away, since the last look."""
        stamp = self._file.stamp()
        if stamp == self._stamp:
            return
        dog = self._file.read()
        is_settled = stamp is None or abs(now * 1e9 - stamp[0]) > RACY_STAMP_NS
        self._stamp = stamp if is_settled else self
        is_useless = stamp is not None and (dog is None or dog.remaining_s(now) <= 0)
        if not is_useless:
            self._repair_at, self._repair_wait_s = math.inf, HALF_WRITTEN_S
        elif self._repair_at == math.inf:
            self._repair_at = now + HALF_WRITTEN_S
            self._wake()  # it may be the one who asks that has seen it
        if dog is None:
            self._is_file_removed = stamp is None
            if stamp is not None:
                self._stamp = self  # half written: it will be whole in a moment
        elif dog.remaining_s(now) > 0 or self._record is None or self._record.remaining_s(now) <= 0:
            self._record, self._is_file_removed = dog, False

    def _start_load(self, now: float) -> PendingLoad | None:
        """The load under way, a new one, or None while failures hold back, and after the end."""
        if self._is_closed:
            return None
        if self._pending_load is None and not 0 <= now - self._failed_at < backoff_s(self._failure_count):
            mine: PendingLoad | None = getattr(_thread_local, "load", None)
            load = PendingLoad((*mine.entry_chain, self) if mine is not None else (self,))
            try:
                Thread(
                    target=self._run_load, args=(load,), name=f"guard_dog {self._key}", daemon=True
                ).start()
            except RuntimeError as error:
                self._apply_result(LoadFailure(NO_THREAD_MESSAGE, error))
            else:
                self._pending_load = load  # not before there is a thread that will end it
        return self._pending_load

    def run_due(self) -> float:
        """Start what is due; Unix seconds at which to come back, infinity when a load will tell."""
        with self._lock:
            now = self._clock()
            self._reload_if_changed(now)
            if self._pending_load is not None or self._is_closed:
                return math.inf
            at = self._due_at(now)
            self._is_initial_check_done = True
            if at <= now:
                if self._start_load(now) is not None:
                    return math.inf
                at = self._due_at(now)
            dog, mend_at = self._record, self._repair_at
        if mend_at <= now:
            mend_at = self._repair_file(dog)
        return min(at, mend_at)

    def _repair_file(self, record: DogRecord | None) -> float:
        """Put our value where others want to read one and there is none; when to try again."""
        now = self._clock()
        is_done = record is None or record.remaining_s(now) <= 0 or self._try_repair(record, now)
        with self._lock:
            self._repair_wait_s = (
                HALF_WRITTEN_S if is_done else min(REPAIR_RETRY_MAX_S, 2 * self._repair_wait_s)
            )
            self._repair_at = math.inf if is_done else now + self._repair_wait_s
            return self._repair_at

    def _try_repair(self, record: DogRecord, now: float) -> bool:
        with ExitStack() as held:
            try:
                held.enter_context(self._file_lock(0))
            except LockBusy:
                return False  # somebody is loading a newer one
            except FileError:
                pass  # what hinders us here will hinder the writing, or be no matter
            found = self._file.read()
            if found is not None and found.remaining_s(now) > 0 and found.generated_ms >= record.generated_ms:
                with self._lock:
                    self._stamp = self  # take it
                return True
            try:
                self._write(record)
            except FileError as trouble:
                log.warning("%s: the value is still in memory only: %s", self._key, trouble)
                return False
        log.info("%s: the file has the value now", self._key)
        return True

    def _due_at(self, now: float) -> float:
        dog = self._record
        at = 0.0
        if (
            dog is not None
            and dog.is_plausible(now)
            and not (self._is_file_removed and dog.is_auto_refreshed)
        ):
            # what is not timed is loaded when somebody asks, and once for the `init`
            at = dog.refresh_at if dog.is_auto_refreshed or not self._is_initial_check_done else math.inf
        if 0 <= now - self._loaded_at < REFRESH_INTERVAL_MIN_S:
            at = max(at, self._loaded_at + REFRESH_INTERVAL_MIN_S)
        wait = max(TIMED_RETRY_MIN_S, backoff_s(self._failure_count)) if self._failure_count else 0.0
        return max(at, self._failed_at + wait) if 0 <= now - self._failed_at < wait else at

    # -- loading, in a thread of its own ----------------------------------------------------------

    def _run_load(self, load: PendingLoad) -> None:
        try:
            outcome = self._load_with_lock(load)
        except Exception as error:  # whatever it was, somebody waits
            log.exception("%s: loading ended by a mistake of our own", self._key)
            outcome = LoadFailure(f"guard_dog failed with {type(error).__name__}", error)
        with self._lock:
            self._apply_result(outcome)
            load.result = outcome
            self._pending_load = None
        self._finish_load(load, outcome)
        self._wake()

    def _finish_load(self, load: PendingLoad | None, result: DogRecord | LoadFailure) -> None:
        """Give the outcome to all who wait."""
        if load is not None:
            load.finished.set()
        with self._lock:
            is_first, self._is_running_callbacks = not self._is_running_callbacks, True
        if is_first:  # else another thread is calling back, one after the other
            self._run_callbacks(result)

    def _apply_result(self, result: DogRecord | LoadFailure) -> None:
        now = self._clock()
        if isinstance(result, DogRecord):
            self._record, self._is_file_removed, self._cached = result, False, None
            self._failure_count, self._last_failure, self._loaded_at, self._is_initial_check_done = (
                0,
                None,
                now,
                True,
            )
        else:
            self._failure_count += 1
            self._failed_at, self._last_failure = now, result
            log.warning("%s: %s (failure %d in a row)", self._key, result.reason, self._failure_count)

    def _run_callbacks(self, result: DogRecord | LoadFailure) -> None:
        while True:
            with self._lock:
                if not self._callbacks:
                    self._is_running_callbacks = False
                    return
                callback, on_error = self._callbacks.popleft()
            try:
                self._run_callback(callback, on_error, self._current_if_failed(result))
            except BaseException:  # a sys.exit(), which here would end our thread and not the program
                log.exception("%s: a callback wanted to end this thread", self._key)

    def _load_with_lock(self, load: PendingLoad) -> DogRecord | LoadFailure:
        """One load among all programs; where no lock can be made there is a value all the same."""
        with ExitStack() as held:
            try:
                held.enter_context(self._file_lock(self._timeout_s))
            except LockBusy:
                return LoadFailure(f"another program has been loading it for {self._timeout_s:g} s")
            except FileError as trouble:
                log.warning("%s: loading without a lock: %s", self._key, trouble)
            return self._load_unless_fresh(load)

    def _file_lock(self, wait_s: float) -> AbstractContextManager[None]:
        return file_lock(self._file.path.with_name(f"{self._file.path.name}.lock"), wait_s)

    def _load_unless_fresh(self, load: PendingLoad) -> DogRecord | LoadFailure:
        dog, started = self._file.read(), self._clock()
        if dog is not None and dog.remaining_s(started) > 0 and started < dog.refresh_at:
            return dog  # another program was quicker

        def begin() -> None:
            _thread_local.load = load

        answer = call_loader(self._loader, self._timeout_s, begin, partial(self._on_late_value, started))
        return answer if isinstance(answer, LoadFailure) else self._save(answer, started)

    def _save(self, loaded: LoadedValue, started_at: float) -> DogRecord:
        dog = DogRecord(loaded.data, loaded.expires_in, int(started_at * 1000), self._directory, loaded.ahead)
        stamp: FileStamp | CacheEntry | None = self
        try:
            self._write(dog)
        except FileError as trouble:
            log.warning("%s: the value is kept in memory only: %s", self._key, trouble)
            stamp = self._file.stamp()  # what is older there is no news
        with self._lock:
            self._stamp = stamp
            if stamp is not self:
                self._repair_at, self._repair_wait_s = self._clock() + HALF_WRITTEN_S, HALF_WRITTEN_S
        return dog

    def _write(self, record: DogRecord) -> None:
        with (
            self._write_lock
        ):  # else what comes late and what comes in time would take each other for a trouble
            self._file.write(record)

    def _on_late_value(self, started_at: float, loaded: LoadedValue) -> None:
        """Take what nobody waits for any more all the same, unless there is something newer by now."""
        found = self._file.read()
        now = self._clock()
        is_beaten = (
            found is not None and found.remaining_s(now) > 0 and found.generated_ms >= started_at * 1000
        )
        if self._is_retired or is_beaten or started_at + loaded.expires_in <= now:
            return
        dog = self._save(loaded, started_at)
        with self._lock:
            self._apply_result(dog)
            load = self._pending_load
            if load is not None:
                load.result = dog
        self._finish_load(load, dog)
        self._wake()
