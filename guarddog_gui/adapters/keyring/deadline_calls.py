"""Calls to the keyring with a deadline: one at a time, each in a thread of its own."""

import functools
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from guarddog_gui.adapters.blocking_call import start_blocking_call

T = TypeVar("T")

KEYRING_DEADLINE_S = 5.0  # for one call, with the check whether a prompt is open
ABANDONED_MAX = 4
GRACE_S = 0.25  # a call that has just stopped hanging needs a moment to finish


class _KeyringCall:
    future: Future[Any]

    def __init__(self, appid: str, request: Hashable, *, is_write: bool) -> None:
        self.appid = appid
        self.request = request
        self.is_write = is_write
        self.started_monotonic_s = time.monotonic()


class KeyringCalls:
    """Queue that runs the keyring calls of all threads one after the other.

    A keyring call cannot be interrupted, and it may block for as long as an unlock prompt stays open, or for
    ever if the service hangs. Nor are the backends thread-safe: two threads on one D-Bus connection can take
    each other's replies. So only one call runs at a time, and a call that hangs blocks the queue:

    * An identical request (same appid and `request`) shares the pending call instead of starting another.
      Otherwise the user would get several prompts for one secret.
    * Any other request fails soon instead of waiting for its full deadline.
    * After `abandon_s`, or as soon as the keyring can be used without it (see `release`), the hanging call is
      abandoned: its thread is left alone, and the next request gets a
      new thread. At most ABANDONED_MAX threads are left like that; then the queue is blocked until one ends.
    * While an abandoned call may still write, the appid that it concerns accepts no further write: the old
      secret could overwrite the new one afterwards.
    """

    def __init__(self, *, timeout_s: float, abandon_s: float) -> None:
        self._timeout_s = timeout_s
        self._abandon_s = abandon_s
        self._changed = threading.Condition()
        self._running: _KeyringCall | None = None
        self._abandoned: list[_KeyringCall] = []
        self._released_monotonic_s = float("-inf")

    def release(self) -> None:
        """Let no call that is hanging now block the next ones: the keyring is unlocked or answers again.

        It hangs on if the user has unlocked the keyring elsewhere and left the prompt of this call open. A call
        that can go on gets GRACE_S to finish.
        """
        with self._changed:
            self._released_monotonic_s = time.monotonic()
            self._changed.notify_all()

    def run(self, appid: str, request: Hashable, work: Callable[[], T], *, is_write: bool) -> T | None:
        """Return the result of `work`, never None itself, or None after `timeout_s`: side effects may still follow."""
        deadline_monotonic_s = time.monotonic() + self._timeout_s
        call = self._start_or_join(appid, request, work, is_write=is_write, deadline_monotonic_s=deadline_monotonic_s)
        result: T | None = None
        if call is not None:
            with suppress(TimeoutError):
                result = call.future.result(max(0.0, deadline_monotonic_s - time.monotonic()))
        return result

    def _start_or_join(
        self, appid: str, request: Hashable, work: Callable[[], Any], *, is_write: bool, deadline_monotonic_s: float
    ) -> _KeyringCall | None:
        """Return a new call or the identical pending one; None if the queue stays blocked.

        A pending call within its own deadline is waited for. One that has exceeded it probably hangs, so it
        gets only GRACE_S more.
        """
        grace_end_s = min(time.monotonic() + GRACE_S, deadline_monotonic_s)
        with self._changed:
            while True:
                running = self._running
                abandon_before_s = time.monotonic() - self._abandon_s
                can_abandon = len(self._abandoned) < ABANDONED_MAX
                if running is not None and running.started_monotonic_s <= self._released_monotonic_s:
                    left_s = self._released_monotonic_s + GRACE_S - time.monotonic()
                    if left_s > 0:
                        self._changed.wait(left_s)
                        continue
                    abandon_before_s = self._released_monotonic_s
                if running is not None and running.started_monotonic_s <= abandon_before_s and can_abandon:
                    self._abandoned.append(running)
                    running = self._running = None
                if running is not None and (running.appid, running.request) == (appid, request):
                    return running
                pending_writes = [call for call in self._abandoned if call.is_write and call.appid == appid]
                if running is None and not (is_write and pending_writes):
                    break
                overdue_at_s = 0.0 if running is None else running.started_monotonic_s + self._timeout_s
                wait_s = min(deadline_monotonic_s, max(grace_end_s, overdue_at_s)) - time.monotonic()
                if wait_s <= 0:
                    return None
                self._changed.wait(wait_s)
            call = _KeyringCall(appid, request, is_write=is_write)
            call.future = start_blocking_call(functools.partial(self._execute, call, work), thread_name="keyring")
            self._running = call
            return call

    def _execute(self, call: _KeyringCall, work: Callable[[], T]) -> T:
        result = work()
        with self._changed:
            if call in self._abandoned:
                self._abandoned.remove(call)
            if self._running is call:
                self._running = None
            self._changed.notify_all()
        return result
