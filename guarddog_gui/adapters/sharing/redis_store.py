"""Shared store in Redis. A follower sends PTTL, GET, HGETALL and SUBSCRIBE, and nothing else, whatever it may do."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from guarddog_gui.adapters.sharing import scripts
from guarddog_gui.adapters.sharing.connections import connect, failure_of
from guarddog_gui.domain.accounts.keyring_results import SecretFound, SecretMissing
from guarddog_gui.domain.sharing.key_formats import EXPIRES_AT_SUFFIX, decode_value, encode_value
from guarddog_gui.domain.sharing.problems import DOWN_PROBLEMS, SharingProblem
from guarddog_gui.domain.sharing.settings import KeyFormat, Sharing, channel_name, lock_key, sighting_key, value_key
from guarddog_gui.domain.sharing.values import (
    ENDLESS_KEY_LIFE_S,
    SharedReading,
    SharedValue,
    ShareResult,
    SharingFailure,
    TicketSighting,
    ValueToShare,
    digest_of,
)
from guarddog_gui.domain.tokens.record import TokenKind

if TYPE_CHECKING:
    from guarddog_gui.domain.accounts.account import Account, Secret
    from guarddog_gui.services.ports import Clock, SecretStore

T = TypeVar("T")

LOCK_MS = 15_000  # longer than the 10 s deadline of a call to WeChat
SIGHTING_MS = 3 * 3600 * 1000  # longer than a ticket lives
PAUSE_S = 3.0  # after a server did not answer: many commands in a row do not each wait for it


class RedisSharedStore:
    """SharedStore for any number of threads, with one pool of connections per account."""

    def __init__(self, passwords: SecretStore, clock: Clock) -> None:
        self._passwords = passwords
        self._clock = clock
        self._leader = _computer_name()
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, Sharing], Any] = {}
        self._down_until: dict[tuple[str, Sharing], tuple[float, SharingFailure]] = {}

    # -- the port ----------------------------------------------------------------------------------

    def read(self, account: Account, kind: TokenKind) -> SharedReading | SharingFailure:
        sharing = _sharing_of(account)
        if sharing.follows_foreign_keys:
            return self._run(account, lambda client: self._read_foreign(client, account, kind))
        if sharing.is_follower:
            return self._run(account, lambda client: self._read_own(client, account, kind))
        return self._run(account, lambda client: self._read_as_leader(client, account, kind))

    def take_lock(self, account: Account, owner: str) -> bool | SharingFailure:
        """Take the lock. One that timed out may have been done all the same: then the owner is ours afterwards."""

        def take(client: Any) -> bool:
            key = lock_key(account.appid)
            return bool(client.set(key, owner, nx=True, px=LOCK_MS)) or client.get(key) == owner.encode()

        return self._run(account, take)

    def release_lock(self, account: Account, owner: str) -> None:
        self._run(account, lambda client: client.eval(scripts.UNLOCK, 1, lock_key(account.appid), owner))

    def write(self, account: Account, kind: TokenKind, value: ValueToShare) -> ShareResult | SharingFailure:
        sharing, appid = _sharing_of(account), account.appid
        if sharing.is_follower:  # cannot happen; followers have no code that writes
            return SharingFailure(SharingProblem.FOLLOWER)
        keys, texts = [value_key(appid, kind), sighting_key(appid, kind)], []
        for names in sharing.formats:
            for key in names.names(appid, kind):
                keys.append(key)
                texts.append(encode_value(names.format, value.value))
                if names.format is KeyFormat.WECHATPY:
                    keys.append(key + EXPIRES_AT_SUFFIX)
                    texts.append("@")
        arguments = (
            value.value, value.life_s * 1000, round(value.asked_at * 1000), int(value.left_s * 1000), self._leader,
            channel_name(appid), kind.value, digest_of(value.value), round(value.seen_at * 1000),
            int(value.is_replacement), SIGHTING_MS if value.seen_at else 0, *texts,
        )  # fmt: skip

        def run(client: Any) -> ShareResult:
            word, _ = client.eval(scripts.WRITE, len(keys), *keys, *arguments)
            return ShareResult(word.decode())

        return self._run(account, run)

    def look(
        self, account: Account, password: Secret | None
    ) -> tuple[tuple[TokenKind, SharedValue | None], ...] | SharingFailure:
        client = self.client_for(account, password)
        if isinstance(client, SharingFailure):
            return client
        read = self._read_foreign if _sharing_of(account).follows_foreign_keys else self._read_own
        try:
            return tuple((kind, read(client, account, kind).value) for kind in account.token_kinds)
        except Exception as error:  # noqa: BLE001 - redis-py's, whose texts may hold the password
            return failure_of(error, is_new_connection=True)
        finally:
            if password is not None:
                _close(client)

    def check(self, account: Account, password: Secret | None = None) -> tuple[SharingFailure, ...]:
        from guarddog_gui.adapters.sharing.checks import check_sharing

        return check_sharing(self, account, password, self._clock)

    def reset(self, appid: str) -> None:
        with self._lock:
            clients = [self._clients.pop(key) for key in tuple(self._clients) if key[0] == appid]
            for key in tuple(self._down_until):
                if key[0] == appid:
                    del self._down_until[key]
        for client in clients:
            _close(client)

    # -- for the watcher and the checks ------------------------------------------------------------

    def client_for(self, account: Account, password: Secret | None = None) -> Any | SharingFailure:
        """Return the client of the account; with a `password` a new one that tries it."""
        sharing = _sharing_of(account)
        key = (account.appid, sharing)
        if password is None:
            with self._lock:
                if key in self._clients:
                    return self._clients[key]
            lookup = self._passwords.get(account.appid) if sharing.has_password else SecretMissing()
            if not isinstance(lookup, SecretFound | SecretMissing):
                return SharingFailure(SharingProblem.KEYRING)
            stored = lookup.secret if isinstance(lookup, SecretFound) else None
        else:
            stored = password if password.reveal() else None
        try:
            client = connect(sharing, stored)
        except FileNotFoundError:
            return SharingFailure(SharingProblem.CA_FILE)
        except ssl.SSLError:
            return SharingFailure(SharingProblem.CA_FILE)
        except Exception as error:  # noqa: BLE001 - redis-py's, whose texts may hold the password
            return failure_of(error)
        if password is None:
            with self._lock:
                return self._clients.setdefault(key, client)
        return client

    def run(self, account: Account, work: Callable[[Any], T]) -> T | SharingFailure:
        """Run commands; a server that has just not answered is not asked again for a moment."""
        return self._run(account, work)

    def _run(self, account: Account, work: Callable[[Any], T]) -> T | SharingFailure:
        key = (account.appid, _sharing_of(account))
        down_until, failure = self._down_until.get(key, (0.0, None))
        if failure is not None and monotonic() < down_until:
            return failure
        client = self.client_for(account)
        if isinstance(client, SharingFailure):
            return client
        try:
            result = work(client)
        except Exception as error:  # noqa: BLE001 - redis-py's, whose texts may hold values
            failure = failure_of(error)
            if failure.problem is SharingProblem.PASSWORD_WRONG or failure.problem is SharingProblem.PASSWORD_MISSING:
                self._forget_client(key)
                self._passwords.invalidate(account.appid)  # the user may have stored another one
            elif failure.problem in DOWN_PROBLEMS:
                with self._lock:
                    self._down_until[key] = (monotonic() + PAUSE_S, failure)
            return failure
        self._down_until.pop(key, None)
        return result

    def _forget_client(self, key: tuple[str, Sharing]) -> None:
        with self._lock:
            client = self._clients.pop(key, None)
        _close(client)

    # -- readings ----------------------------------------------------------------------------------

    def _read_own(self, client: Any, account: Account, kind: TokenKind) -> SharedReading:
        asked_at, key = self._clock(), value_key(account.appid, kind)
        # the life first: a value that replaces this one in between would otherwise lend it its own, longer life
        left_ms = client.pttl(key)
        fields = client.hgetall(key) if left_ms > 0 else {}
        return SharedReading(asked_at, _parse_hash(key, left_ms, fields))

    def _read_as_leader(self, client: Any, account: Account, kind: TokenKind) -> SharedReading:
        asked_at, key = self._clock(), value_key(account.appid, kind)
        answer = client.eval(scripts.READ, 2, key, sighting_key(account.appid, kind))
        left_ms, fields, sighting, (seconds, microseconds) = answer
        # after the answer: what has passed since makes the clock of Redis seem less ahead, and lives shorter
        now, server_at = self._clock(), int(seconds) + int(microseconds) / 1e6
        return SharedReading(
            asked_at,
            _parse_hash(key, left_ms, _pairs(fields)),
            _parse_sighting(_pairs(sighting), server_at),
            server_at - now,
        )

    def _read_foreign(self, client: Any, account: Account, kind: TokenKind) -> SharedReading:
        """Read the first key that has a value. Raises ValueError for one that has something else."""
        asked_at = self._clock()
        for names in _sharing_of(account).formats:
            for key in names.names(account.appid, kind):
                left_ms = client.pttl(key)
                data = client.get(key) if left_ms != -2 else None  # -2: there is no such key
                if data is None:
                    continue
                value = decode_value(data)
                if value is None:
                    raise ValueError("WRONGTYPE: no token")
                left_s, is_endless = left_ms / 1000, left_ms < 0
                if is_endless:
                    left_s = self._life_of_endless_key(client, key, asked_at)
                return SharedReading(asked_at, SharedValue(value, left_s, key=key, is_endless=is_endless))
        return SharedReading(asked_at, None)

    def _life_of_endless_key(self, client: Any, key: str, now: float) -> float:
        """Return how long a value without an end is believed; wechatpy states one of tickets in another key.

        Another computer's clock wrote that, so it can only shorten the life.
        """
        stated = client.get(key + EXPIRES_AT_SUFFIX)
        is_number = stated is not None and stated.isdigit() and len(stated) < 12
        return min(ENDLESS_KEY_LIFE_S, int(stated) - now) if is_number else ENDLESS_KEY_LIFE_S


def _pairs(flat: list[bytes]) -> dict[bytes, bytes]:
    """Return the fields of a hash, which a script returns as a list."""
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _parse_hash(key: str, left_ms: int, fields: Mapping[bytes, bytes]) -> SharedValue | None:
    if left_ms <= 0 or b"value" not in fields:
        return None
    value = decode_value(fields[b"value"])
    if value is None:
        raise ValueError("WRONGTYPE: no token")
    life = fields.get(b"life", b"")
    leader = fields.get(b"leader", b"").decode("utf-8", "replace")[:80]
    return SharedValue(
        value, left_ms / 1000, int(life) if life.isdigit() and len(life) < 8 else None, key,
        leader if leader.isprintable() else "",
    )  # fmt: skip


def _parse_sighting(fields: Mapping[bytes, bytes], server_at: float) -> TicketSighting | None:
    try:
        seen_ms, answered_ms = int(fields[b"seen"]), int(fields[b"answered"])
    except (KeyError, ValueError):
        return None
    return TicketSighting(
        fields.get(b"digest", b"").decode("ascii", "replace"), server_at - seen_ms / 1000,
        server_at - answered_ms / 1000, fields.get(b"new") == b"1",
    )  # fmt: skip


def _sharing_of(account: Account) -> Sharing:
    if account.sharing is None:
        raise AssertionError("the account is not shared")
    return account.sharing


def _computer_name() -> str:
    name = socket.gethostname().partition(".")[0]
    return name if name.isprintable() else json.dumps(name)


def _close(client: Any) -> None:
    try:
        if client is not None:
            client.close()
    except Exception:  # noqa: BLE001, S110 - it is not used any more
        pass
