"""Calls to a keyring: one at a time, each on a thread of its own, and nobody waits for one that hangs."""

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")

ABANDONED_MAX = 4
GRACE_S = 0.25  # one that has just been freed from its hang needs a moment to end


@dataclass(eq=False, slots=True)
class _KeyringCall:
    appid: str
    request: Hashable
    is_write: bool
    started_monotonic_s: float
    future: Future[Any] = field(default_factory=Future)

    @property
    def age_s(self) -> float:
        return time.monotonic() - self.started_monotonic_s


class KeyringCalls:
    """A keyring may wait for a person, or for ever, and cannot be interrupted; nor does it bear two threads.

    While a call hangs, the same wish for the same account joins it and any other is soon turned away.
    After `abandon_s` seconds it is left to itself, and another may try.
    """

    def __init__(self, *, timeout_s: float, abandon_s: float) -> None:
        self._timeout_s = timeout_s
        self._abandon_s = abandon_s
        self._changed = threading.Condition()
        self._running: _KeyringCall | None = None
        self._abandoned: list[_KeyringCall] = []

    def run(self, appid: str, request: Hashable, work: Callable[[], T], *, is_write: bool) -> T | None:
        """What `work` returns, which must not be None and must not raise; None if it did not end in time.

        What ends later still ends: its side effects come to pass.
        """
        give_up_at = time.monotonic() + self._timeout_s
        call = self._start_or_join(appid, request, work, is_write=is_write, deadline_monotonic_s=give_up_at)
        if call is None:
            return None
        try:
            answer: T = call.future.result(max(0.0, give_up_at - time.monotonic()))
        except TimeoutError:
            return None
        return answer

    def _start_or_join(
        self,
        appid: str,
        request: Hashable,
        work: Callable[[], Any],
        *,
        is_write: bool,
        deadline_monotonic_s: float,
    ) -> _KeyringCall | None:
        """The call to wait for, ours or the same one of somebody else; None if there is no getting in."""
        grace_until = min(time.monotonic() + GRACE_S, deadline_monotonic_s)
        with self._changed:
            while True:
                running = self._running
                if running is not None and running.age_s >= self._abandon_s and self._can_abandon():
                    self._abandoned.append(running)
                    running = self._running = None
                if running is not None and (running.appid, running.request) == (appid, request):
                    return running
                if running is None and not (is_write and self._has_pending_write(appid)):
                    break
                hangs_from = 0.0 if running is None else running.started_monotonic_s + self._timeout_s
                patience = min(deadline_monotonic_s, max(grace_until, hangs_from)) - time.monotonic()
                if patience <= 0:
                    return None
                self._changed.wait(patience)
            call = _KeyringCall(appid, request, is_write, time.monotonic())
            threading.Thread(target=self._execute, args=(call, work), name="keyring", daemon=True).start()
            self._running = call
            return call

    def _can_abandon(self) -> bool:
        return len(self._abandoned) < ABANDONED_MAX

    def _has_pending_write(self, appid: str) -> bool:
        """An abandoned call may still write its old secret over a new one."""
        return any(call.is_write and call.appid == appid for call in self._abandoned)

    def _execute(self, call: _KeyringCall, work: Callable[[], Any]) -> None:
        answer = work()
        with self._changed:  # so that nobody joins a call that has its answer already
            if call in self._abandoned:
                self._abandoned.remove(call)
            if self._running is call:
                self._running = None
            call.future.set_result(answer)
            self._changed.notify_all()
