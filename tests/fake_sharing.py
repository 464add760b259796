"""Shared store in memory, with the rules of the real one: several computers may use one `InMemoryRedis`."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.values import (
    SharedReading,
    SharedValue,
    ShareResult,
    SharingFailure,
    SharingStatus,
    TicketSighting,
    ValueToShare,
    digest_of,
)
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.services.ports import Clock, SharedStore, SharingJournal

LOCK_S = 15.0
Key = tuple[str, TokenKind]


@dataclass
class StoredValue:
    """Value in the in-memory Redis."""

    value: str
    life_s: int
    ends_at: float
    leader: str


@dataclass
class InMemoryRedis:
    """Content of a Redis, by its own clock; `failure` is what every command gets."""

    clock: Clock
    values: dict[Key, StoredValue] = field(default_factory=dict)
    sightings: dict[Key, tuple[str, float, float, bool]] = field(default_factory=dict)
    locks: dict[str, tuple[str, float]] = field(default_factory=dict)
    failure: SharingFailure | None = None
    commands: Counter[str] = field(default_factory=Counter)
    on_publish: Callable[[str], None] = lambda _appid: None

    def live(self, key: Key) -> StoredValue | None:
        stored = self.values.get(key)
        return stored if stored is not None and stored.ends_at > self.clock() else None

    def wipe(self) -> None:
        self.values.clear()
        self.sightings.clear()
        self.locks.clear()


@dataclass
class FakeSharedStore:
    """SharedStore of one computer."""

    redis: InMemoryRedis
    clock: Clock
    computer: str = "computer"
    problems: tuple[SharingFailure, ...] = ()  # that `check` finds
    tried_passwords: list[Secret | None] = field(default_factory=list)

    def read(self, account: Account, kind: TokenKind) -> SharedReading | SharingFailure:
        self.redis.commands["read"] += 1
        if self.redis.failure is not None:
            return self.redis.failure
        asked_at, key = self.clock(), (account.appid, kind)
        value = self._value(account, kind)
        if account.is_follower:
            return SharedReading(asked_at, value)
        server_at, seen = self.redis.clock(), self.redis.sightings.get(key)
        sighting = None if seen is None else TicketSighting(seen[0], server_at - seen[1], server_at - seen[2], seen[3])
        return SharedReading(asked_at, value, sighting, server_at - self.clock())

    def _value(self, account: Account, kind: TokenKind) -> SharedValue | None:
        stored = self.redis.live((account.appid, kind))
        if stored is None:
            return None
        left_s = stored.ends_at - self.redis.clock()
        return SharedValue(stored.value, left_s, stored.life_s, f"{account.appid} {kind}", stored.leader)

    def take_lock(self, account: Account, owner: str) -> bool | SharingFailure:
        self.redis.commands["lock"] += 1
        if self.redis.failure is not None:
            return self.redis.failure
        held, now = self.redis.locks.get(account.appid), self.redis.clock()
        if held is not None and held[1] > now and held[0] != owner:
            return False
        self.redis.locks[account.appid] = (owner, now + LOCK_S)
        return True

    def release_lock(self, account: Account, owner: str) -> None:
        if self.redis.failure is None and self.redis.locks.get(account.appid, ("", 0.0))[0] == owner:
            del self.redis.locks[account.appid]

    def write(self, account: Account, kind: TokenKind, value: ValueToShare) -> ShareResult | SharingFailure:
        self.redis.commands["write"] += 1
        if self.redis.failure is not None:
            return self.redis.failure
        now, key = self.redis.clock(), (account.appid, kind)
        left_s = min(value.asked_at + value.life_s - now, value.left_s)
        if value.seen_at:
            self._note_sighting(key, value)
        if left_s <= 0:
            return ShareResult.ENDED
        current = self.redis.live(key)
        if current is not None and current.value == value.value and current.ends_at > now + left_s - 2:
            return ShareResult.SAME
        if current is not None and current.ends_at > now + left_s:
            return ShareResult.SUPERSEDED
        self.redis.values[key] = StoredValue(value.value, value.life_s, now + left_s, self.computer)
        self.redis.on_publish(account.appid)
        return ShareResult.WRITTEN

    def _note_sighting(self, key: Key, value: ValueToShare) -> None:
        digest, seen_at, is_new = digest_of(value.value), value.seen_at, value.is_replacement
        earlier = self.redis.sightings.get(key)
        if earlier is not None and earlier[0] == digest and (earlier[1] <= seen_at or earlier[3]):
            seen_at, is_new = earlier[1], earlier[3]
        self.redis.sightings[key] = (digest, seen_at, value.asked_at, is_new)

    def look(
        self, account: Account, password: Secret | None
    ) -> tuple[tuple[TokenKind, SharedValue | None], ...] | SharingFailure:
        self.tried_passwords.append(password)
        if self.redis.failure is not None:
            return self.redis.failure
        return tuple((kind, self._value(account, kind)) for kind in account.token_kinds)

    def check(self, account: Account, password: Secret | None = None) -> tuple[SharingFailure, ...]:  # noqa: ARG002
        self.tried_passwords.append(password)
        return self.problems if self.redis.failure is None else (self.redis.failure,)

    def reset(self, appid: str) -> None:  # noqa: ARG002
        self.redis.commands["reset"] += 1


@dataclass
class FakeSharingJournal:
    """SharingJournal in memory."""

    statuses: dict[str, SharingStatus] = field(default_factory=dict)

    def load(self, appid: str) -> SharingStatus | None:
        return self.statuses.get(appid)

    def save(self, appid: str, status: SharingStatus | None) -> None:
        if status is None:
            self.statuses.pop(appid, None)
        else:
            self.statuses[appid] = status


DOWN = SharingFailure(SharingProblem.UNREACHABLE)


def check_protocols(store: FakeSharedStore, journal: FakeSharingJournal) -> tuple[SharedStore, SharingJournal]:
    return store, journal
