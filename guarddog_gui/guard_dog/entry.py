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

from guarddog_gui.adapters.files.dog_file import DogFile, Stamp, Watch
from guarddog_gui.adapters.files.lock import locked
from guarddog_gui.domain.errors import Closed, FileTrouble, LoadFailed, LockBusy
from guarddog_gui.domain.tokens.dogfile import Dog
from guarddog_gui.guard_dog.loader import NO_THREAD, Answer, Failure, Loader, ask
from guarddog_gui.guard_dog.pending_load import Load
from guarddog_gui.guard_dog.value_cache import Fresh

CLOSE_S = 2.0  # a value that dies sooner may be dead when it arrives: wait for its successor
RACY_NS = 50_000_000  # a file changed this lately may change again within the same tick of its clock
BACK_OFF_S = 0.25  # after the third failure in a row, doubled with each further one
BACK_OFF_MAX_S = 60.0
UNASKED_S = 1.0  # nobody waits for a timed refresh: at least this long after a failure
BLINK_S = 20e-6  # nobody writes a file and then asks for its value in less
TRUST_S = 1.0  # how long an open file alone tells that its name still means it
TORN_S = 5.0  # a file that is half written for so long will not be completed
MEND_MAX_S = 60.0  # where it could not be mended it is tried again: after so long at most
GAP_S = 0.1  # between two timed refreshes, however short the lives are

Callback = Callable[[Any], object]
Clock = Callable[[], float]

log = logging.getLogger(__name__)
_thread = local()  # `load`: the one whose loader this thread runs


def back_off(failures: int) -> float:
    """Seconds after that many failures in a row, in which nobody who asks makes us try again.

    None after the first, of which only the `init` may know, and none after the one that was told.
    """
    return 0.0 if failures < 3 else min(BACK_OFF_MAX_S, BACK_OFF_S * 2.0 ** min(failures - 3, 20))


class Keeper:
    """Safe to use from any thread; `nudge` is called when there may be something new to wait for."""

    def __init__(
        self,
        key: str,
        loader: Loader,
        path: Path,
        directory: str,
        *,
        clock: Clock,
        patience_s: float,
        nudge: Callable[[], None],
    ) -> None:
        self._key = key
        self._loader = loader
        self._file = DogFile(path)
        self._directory = directory
        self._clock = clock
        self._patience_s = patience_s
        self._nudge = nudge
        self._dog: Dog | None = None
        self._fresh: Fresh | None = None
        self._watch: Watch | None = None
        self._watched: Stamp | None = None
        self._stamp: Stamp | Keeper | None = self  # of the file as it was read; itself: look again
        self._mend_at = math.inf  # when to put our value into a file that has none that lives
        self._mend_wait = TORN_S
        self._removed = False  # somebody has taken the file away: a new value is wished for
        self._failures = 0
        self._failed_at = 0.0
        self._last: Failure | None = None
        self._loaded_at = -math.inf
        self._has_begun = False  # something was loaded, or found to be no reason to load
        self._is_retired = self._is_closed = False
        self.break_off()

    def break_off(self) -> None:
        """Nobody works on a load any more: the beginning, and a fork's child."""
        self._lock, self._writing = Lock(), Lock()
        self._load: Load | None = None
        self._callbacks: deque[tuple[Callback, Callback | None]] = deque()
        self._is_calling = False

    # -- giving -----------------------------------------------------------------------------------

    def get(self) -> Any:
        """The value, as soon as there is one. Raises LoadFailed."""
        fresh = self._fresh
        if fresh is not None:
            at = perf_counter()
            if at - fresh.looked_at < BLINK_S:
                return fresh.value
            if fresh.stands(self._clock()):
                fresh.looked_at = at
                return fresh.value
        with self._lock:
            dog, load = self._look(self._clock())
        if load is None:
            return self._given(dog if dog is not None else self._last)
        mine: Load | None = getattr(_thread, "load", None)
        if mine is None:
            load.over.wait()
        elif self in mine.chain or not mine.wait_for(load):
            raise LoadFailed(f"{self._key}: the loader waits for its own key")
        return self._given(self._best(load.outcome))

    def call(self, callback: Callback, on_error: Callback | None) -> None:
        """Call back with the value, after those who asked before."""
        with self._lock:
            dog, load = self._look(self._clock())
            mine: Load | None = getattr(_thread, "load", None)
            waits_for_itself = load is not None and mine is not None and self in mine.chain
            if not waits_for_itself and (self._is_calling or self._callbacks or load is not None):
                self._callbacks.append((callback, on_error))
                return
        if waits_for_itself:
            self._answer(callback, on_error, Failure("the loader waits for its own key"))
            return
        self._answer(callback, on_error, dog if dog is not None else self._last)

    def retire(self) -> None:
        """Another keeper has the key now: what our loader brings too late must not undo its work."""
        self._is_retired = True

    def close(self) -> None:
        """Let nobody wait any more: who does gets Closed. A load that is under way ends by itself."""
        with self._lock:
            self._is_retired = self._is_closed = True
            load = self._load
        if load is not None:
            self._let_go(load, load.outcome)

    def _given(self, outcome: Dog | Failure | None) -> Any:
        if isinstance(outcome, Dog):
            data = outcome.data
            # nobody changes it for others; copy.deepcopy is slower and comes less deep
            return data if isinstance(data, str) else json.loads(json.dumps(data))
        raise self._error(outcome)

    def _error(self, failure: Failure | None) -> LoadFailed | Closed:
        if self._is_closed:
            return Closed(f"{self._key}: closed while somebody was waiting for it")
        error = LoadFailed(f"{self._key}: {failure.why if failure else 'there is no value'}")
        error.__cause__ = failure.cause if failure else None
        return error

    def _best(self, outcome: Dog | Failure) -> Dog | Failure:
        """After a failure the value that was there before, while it lives."""
        dog = self._dog
        if isinstance(outcome, Failure) and dog is not None and dog.left(self._clock()) > 0:
            return dog
        return outcome

    def _answer(self, callback: Callback, on_error: Callback | None, outcome: Dog | Failure | None) -> None:
        try:
            if isinstance(outcome, Dog):
                callback(self._given(outcome))
            elif on_error is not None:
                on_error(self._error(outcome))
        except Exception:
            log.exception("%s: a callback raised; the others are called all the same", self._key)

    # -- deciding, under the lock -----------------------------------------------------------------

    def _look(self, now: float) -> tuple[Dog | None, Load | None]:
        """The value that lives, and the load to wait for, if there is one to wait for."""
        self._see(now)
        dog = self._dog
        left = dog.left(now) if dog is not None else 0.0
        if dog is not None and left > 0 and now < dog.refresh_at and not self._removed:
            self._fresh = self._found_fresh(dog, now)
            return dog, None
        self._fresh = None
        load = self._started(now)
        if dog is None or left <= 0:
            return None, load
        close = math.inf if self._removed else min(CLOSE_S, dog.ahead, dog.expires_in / 10)
        return dog, load if left <= close else None

    def _found_fresh(self, dog: Dog, now: float) -> Fresh | None:
        if not isinstance(dog.data, str) or not isinstance(self._stamp, tuple):
            return None
        stamp: Stamp = self._stamp
        if self._watch is None or self._watched != stamp or not self._watch.is_open():
            self._watch, self._watched = self._file.watch(stamp), stamp
        watch = self._watch
        until = min(dog.refresh_at, now + TRUST_S)
        return Fresh(dog.data, now, until, watch, stamp) if watch else None

    def _see(self, now: float) -> None:
        """Take from the file what somebody else has written, or taken away, since the last look."""
        stamp = self._file.stamp()
        if stamp == self._stamp:
            return
        dog = self._file.read()
        is_settled = stamp is None or abs(now * 1e9 - stamp[0]) > RACY_NS
        self._stamp = stamp if is_settled else self
        is_useless = stamp is not None and (dog is None or dog.left(now) <= 0)
        if not is_useless:
            self._mend_at, self._mend_wait = math.inf, TORN_S
        elif self._mend_at == math.inf:
            self._mend_at = now + TORN_S
            self._nudge()  # it may be the one who asks that has seen it
        if dog is None:
            self._removed = stamp is None
            if stamp is not None:
                self._stamp = self  # half written: it will be whole in a moment
        elif dog.left(now) > 0 or self._dog is None or self._dog.left(now) <= 0:
            self._dog, self._removed = dog, False

    def _started(self, now: float) -> Load | None:
        """The load under way, a new one, or None while failures hold back, and after the end."""
        if self._is_closed:
            return None
        if self._load is None and not 0 <= now - self._failed_at < back_off(self._failures):
            mine: Load | None = getattr(_thread, "load", None)
            load = Load((*mine.chain, self) if mine is not None else (self,))
            try:
                Thread(target=self._run, args=(load,), name=f"guard_dog {self._key}", daemon=True).start()
            except RuntimeError as error:
                self._take(Failure(NO_THREAD, error))
            else:
                self._load = load  # not before there is a thread that will end it
        return self._load

    def tend(self) -> float:
        """Start what is due; Unix seconds at which to come back, infinity when a load will tell."""
        with self._lock:
            now = self._clock()
            self._see(now)
            if self._load is not None or self._is_closed:
                return math.inf
            at = self._due_at(now)
            self._has_begun = True
            if at <= now:
                if self._started(now) is not None:
                    return math.inf
                at = self._due_at(now)
            dog, mend_at = self._dog, self._mend_at
        if mend_at <= now:
            mend_at = self._mended(dog)
        return min(at, mend_at)

    def _mended(self, dog: Dog | None) -> float:
        """Put our value where others want to read one and there is none; when to try again."""
        now = self._clock()
        is_done = dog is None or dog.left(now) <= 0 or self._is_put(dog, now)
        with self._lock:
            self._mend_wait = TORN_S if is_done else min(MEND_MAX_S, 2 * self._mend_wait)
            self._mend_at = math.inf if is_done else now + self._mend_wait
            return self._mend_at

    def _is_put(self, dog: Dog, now: float) -> bool:
        with ExitStack() as held:
            try:
                held.enter_context(self._locked(0))
            except LockBusy:
                return False  # somebody is loading a newer one
            except FileTrouble:
                pass  # what hinders us here will hinder the writing, or be no matter
            found = self._file.read()
            if found is not None and found.left(now) > 0 and found.generated_ms >= dog.generated_ms:
                with self._lock:
                    self._stamp = self  # take it
                return True
            try:
                self._write(dog)
            except FileTrouble as trouble:
                log.warning("%s: the value is still in memory only: %s", self._key, trouble)
                return False
        log.info("%s: the file has the value now", self._key)
        return True

    def _due_at(self, now: float) -> float:
        dog = self._dog
        at = 0.0
        if dog is not None and dog.is_believable(now) and not (self._removed and dog.is_timed):
            # what is not timed is loaded when somebody asks, and once for the `init`
            at = dog.refresh_at if dog.is_timed or not self._has_begun else math.inf
        if 0 <= now - self._loaded_at < GAP_S:
            at = max(at, self._loaded_at + GAP_S)
        wait = max(UNASKED_S, back_off(self._failures)) if self._failures else 0.0
        return max(at, self._failed_at + wait) if 0 <= now - self._failed_at < wait else at

    # -- loading, in a thread of its own ----------------------------------------------------------

    def _run(self, load: Load) -> None:
        try:
            outcome = self._loaded(load)
        except Exception as error:  # whatever it was, somebody waits
            log.exception("%s: loading ended by a mistake of our own", self._key)
            outcome = Failure(f"guard_dog failed with {type(error).__name__}", error)
        with self._lock:
            self._take(outcome)
            load.outcome = outcome
            self._load = None
        self._let_go(load, outcome)
        self._nudge()

    def _let_go(self, load: Load | None, outcome: Dog | Failure) -> None:
        """Give the outcome to all who wait."""
        if load is not None:
            load.over.set()
        with self._lock:
            is_first, self._is_calling = not self._is_calling, True
        if is_first:  # else another thread is calling back, one after the other
            self._call_all(outcome)

    def _take(self, outcome: Dog | Failure) -> None:
        now = self._clock()
        if isinstance(outcome, Dog):
            self._dog, self._removed, self._fresh = outcome, False, None
            self._failures, self._last, self._loaded_at, self._has_begun = 0, None, now, True
        else:
            self._failures += 1
            self._failed_at, self._last = now, outcome
            log.warning("%s: %s (failure %d in a row)", self._key, outcome.why, self._failures)

    def _call_all(self, outcome: Dog | Failure) -> None:
        while True:
            with self._lock:
                if not self._callbacks:
                    self._is_calling = False
                    return
                callback, on_error = self._callbacks.popleft()
            try:
                self._answer(callback, on_error, self._best(outcome))
            except BaseException:  # a sys.exit(), which here would end our thread and not the program
                log.exception("%s: a callback wanted to end this thread", self._key)

    def _loaded(self, load: Load) -> Dog | Failure:
        """One load among all programs; where no lock can be made there is a value all the same."""
        with ExitStack() as held:
            try:
                held.enter_context(self._locked(self._patience_s))
            except LockBusy:
                return Failure(f"another program has been loading it for {self._patience_s:g} s")
            except FileTrouble as trouble:
                log.warning("%s: loading without a lock: %s", self._key, trouble)
            return self._loaded_alone(load)

    def _locked(self, wait_s: float) -> AbstractContextManager[None]:
        return locked(self._file.path.with_name(f"{self._file.path.name}.lock"), wait_s)

    def _loaded_alone(self, load: Load) -> Dog | Failure:
        dog, started = self._file.read(), self._clock()
        if dog is not None and dog.left(started) > 0 and started < dog.refresh_at:
            return dog  # another program was quicker

        def begin() -> None:
            _thread.load = load

        answer = ask(self._loader, self._patience_s, begin, partial(self._came_late, started))
        return answer if isinstance(answer, Failure) else self._kept(answer, started)

    def _kept(self, answer: Answer, started: float) -> Dog:
        dog = Dog(answer.data, answer.expires_in, int(started * 1000), self._directory, answer.ahead)
        stamp: Stamp | Keeper | None = self
        try:
            self._write(dog)
        except FileTrouble as trouble:
            log.warning("%s: the value is kept in memory only: %s", self._key, trouble)
            stamp = self._file.stamp()  # what is older there is no news
        with self._lock:
            self._stamp = stamp
            if stamp is not self:
                self._mend_at, self._mend_wait = self._clock() + TORN_S, TORN_S
        return dog

    def _write(self, dog: Dog) -> None:
        with self._writing:  # else what comes late and what comes in time would take each other for a trouble
            self._file.write(dog)

    def _came_late(self, started: float, answer: Answer) -> None:
        """Take what nobody waits for any more all the same, unless there is something newer by now."""
        found = self._file.read()
        now = self._clock()
        is_beaten = found is not None and found.left(now) > 0 and found.generated_ms >= started * 1000
        if self._is_retired or is_beaten or started + answer.expires_in <= now:
            return
        dog = self._kept(answer, started)
        with self._lock:
            self._take(dog)
            load = self._load
            if load is not None:
                load.outcome = dog
        self._let_go(load, dog)
        self._nudge()
