"""Notice that a shared value has changed in Redis: by its messages, and by looking at the ends of the keys.

Messages come within milliseconds but may be lost: with a connection that has died unnoticed, in a failover, or where
the user of Redis may not subscribe. So the ends are looked at every few seconds, too; a value that was replaced or lost
has another end than the last look foretold. Keys of other programs have no messages.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable
from time import monotonic
from typing import TYPE_CHECKING, Any

from guarddog_gui.adapters.sharing.connections import failure_of
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import channel_name, value_key
from guarddog_gui.domain.sharing.values import SharingFailure, digest_of

if TYPE_CHECKING:
    from guarddog_gui.adapters.sharing.redis_store import RedisSharedStore
    from guarddog_gui.domain.accounts.account import Account

POLL_S = 15.0
POLL_AFTER_FAILURE_S = 5.0
MESSAGE_WAIT_S = 0.5  # after which the thread looks whether it is to stop
END_TOLERANCE_S = 2.0
_STOP_TIMEOUT_S = 0.2

# for each key its end (monotonic seconds), None if it is missing, or the digest of a value without an end
Ends = tuple[float | str | None, ...]


class SharingWatcher:
    """Threads that watch shared accounts, one each. `on_change` is called in them with the AppID."""

    def __init__(self, store: RedisSharedStore, on_change: Callable[[str], None]) -> None:
        self._store = store
        self._on_change = on_change
        self._watched: dict[str, _AccountThread] = {}

    def watch(self, accounts: Iterable[Account]) -> None:
        """Watch exactly those of the accounts that are shared."""
        shared = {account.appid: account for account in accounts if account.sharing is not None}
        for appid, thread in tuple(self._watched.items()):
            if appid not in shared or thread.account.sharing != shared[appid].sharing:
                thread.stop()
                del self._watched[appid]
        for appid, account in shared.items():
            if appid not in self._watched:
                thread = _AccountThread(self._store, account, self._on_change)
                self._watched[appid] = thread
                thread.start()

    def look_now(self) -> None:
        """Look at all keys soon: the computer has resumed, or the network is back."""
        for thread in self._watched.values():
            thread.look_now()

    def stop(self) -> None:
        for thread in self._watched.values():
            thread.stop()
        deadline = monotonic() + _STOP_TIMEOUT_S
        for thread in self._watched.values():
            thread.join(max(0.0, deadline - monotonic()))  # a daemon: one that waits for Redis ends with the process
        self._watched.clear()


class _AccountThread(threading.Thread):
    def __init__(self, store: RedisSharedStore, account: Account, on_change: Callable[[str], None]) -> None:
        super().__init__(name=f"sharing {account.appid}", daemon=True)
        self.account = account
        self._store = store
        self._on_change = on_change
        self._stopped = threading.Event()
        self._look_at = 0.0
        self._ends: Ends | None = None
        self._failure: SharingFailure | None = None
        self._pubsub: Any = None

    def look_now(self) -> None:
        self._look_at = 0.0

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        while not self._stopped.is_set():
            if monotonic() >= self._look_at:
                self._look()
            self._wait_for_message()
        self._close_pubsub()

    def _look(self) -> None:
        outcome = self._store.run(self.account, self._read_ends)
        if isinstance(outcome, SharingFailure):
            is_new = self._failure is None or self._failure.problem is not outcome.problem
            self._failure, self._ends = outcome, None
            self._close_pubsub()
            self._look_at = monotonic() + POLL_AFTER_FAILURE_S * random.uniform(0.8, 1.2)  # noqa: S311
            if is_new:  # so that the reason is noted
                self._on_change(self.account.appid)
            return
        is_changed = self._failure is not None or self._ends is None or _differ(outcome, self._ends)
        self._failure, self._ends = None, outcome
        self._look_at = monotonic() + POLL_S * random.uniform(0.8, 1.2)  # noqa: S311 - a thousand computers spread
        if is_changed:
            self._on_change(self.account.appid)

    def _read_ends(self, client: Any) -> Ends:
        ends: list[float | str | None] = []
        for key in self._keys():
            left_ms, now = client.pttl(key), monotonic()
            if left_ms >= 0:
                ends.append(now + left_ms / 1000)
            else:  # -2: missing; -1: without an end, so that only its value tells
                data = client.get(key) if left_ms == -1 else None
                ends.append(None if data is None else digest_of(data.decode("utf-8", "replace")))
        return tuple(ends)

    def _keys(self) -> tuple[str, ...]:
        sharing, appid = self.account.sharing, self.account.appid
        if sharing is None:
            return ()
        if sharing.follows_foreign_keys:
            kinds = self.account.token_kinds
            return tuple(key for names in sharing.formats for kind in kinds for key in names.names(appid, kind))
        return tuple(value_key(appid, kind) for kind in self.account.token_kinds)

    def _wait_for_message(self) -> None:
        """Wait for a moment; a message makes the next look a change."""
        sharing = self.account.sharing
        if self._failure is not None or sharing is None or sharing.follows_foreign_keys:
            self._stopped.wait(MESSAGE_WAIT_S)
            return
        try:
            if self._pubsub is None:
                client = self._store.client_for(self.account)
                if isinstance(client, SharingFailure):
                    self._stopped.wait(MESSAGE_WAIT_S)
                    return
                self._pubsub = client.pubsub(ignore_subscribe_messages=True)
                self._pubsub.subscribe(channel_name(self.account.appid))
            message = self._pubsub.get_message(timeout=MESSAGE_WAIT_S)
        except Exception as error:  # noqa: BLE001 - redis-py's; what it means for values, the next look finds out
            self._close_pubsub()
            if failure_of(error).problem is SharingProblem.PERMISSION:
                self._stopped.wait(POLL_S)
            else:
                self.look_now()
            return
        if message is not None and message.get("type") == "message":
            self._on_change(self.account.appid)

    def _close_pubsub(self) -> None:
        pubsub, self._pubsub = self._pubsub, None
        if pubsub is not None:
            try:
                pubsub.close()
            except Exception:  # noqa: BLE001, S110 - it is not used any more
                pass


def _differ(ends: Ends, earlier: Ends) -> bool:
    """Return True if a key was replaced, lost or extended since the earlier look."""
    for end, before in zip(ends, earlier, strict=True):
        if isinstance(end, float) and isinstance(before, float):
            if abs(end - before) > END_TOLERANCE_S:
                return True
        elif end != before and not (end is None and isinstance(before, float) and before <= monotonic()):
            return True  # not one that has reached its end
    return False
