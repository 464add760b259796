"""Checks of a Redis through which an account is shared, as far as the user there may know: for `share` and `doctor`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from guarddog_gui.adapters.sharing import scripts
from guarddog_gui.adapters.sharing.connections import failure_of
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import channel_name, lock_key, sighting_key, value_key
from guarddog_gui.domain.sharing.values import SharingFailure
from guarddog_gui.domain.tokens.record import TokenKind

if TYPE_CHECKING:
    from guarddog_gui.adapters.sharing.redis_store import RedisSharedStore
    from guarddog_gui.domain.accounts.account import Account, Secret
    from guarddog_gui.services.ports import Clock

CLOCK_DIFFERENCE_MAX_S = 180.0
_EVICTING_POLICIES = ("allkeys-", "volatile-")
_CHECK_OWNER = "check"  # never the owner of a lock


def check_sharing(
    store: RedisSharedStore, account: Account, password: Secret | None, clock: Clock
) -> tuple[SharingFailure, ...]:
    """Return what is wrong; nothing is changed but a lock that is taken for a moment under another name."""
    client = store.client_for(account, password)
    if isinstance(client, SharingFailure):
        return (client,)
    sharing = account.sharing
    is_follower = sharing is not None and sharing.is_follower
    failures = [_try(lambda: _read(client, account))]
    if failures[0] is None and not is_follower:
        failures.append(_try(lambda: _write(client, account)))
    if all(failure is None for failure in failures):
        failures += [_check_memory(client), None if is_follower else _check_clock(client, clock)]
    if password is not None:
        _try(client.close)
    return tuple(failure for failure in failures if failure is not None)


def _try(work: Callable[[], Any]) -> SharingFailure | None:
    try:
        work()
    except Exception as error:  # noqa: BLE001 - redis-py's, whose texts may hold the password
        return failure_of(error, is_new_connection=True)
    return None


def _read(client: Any, account: Account) -> None:
    """Read each key. Raises an exception of redis-py."""
    sharing = account.sharing
    for kind in account.token_kinds:
        if sharing is not None and sharing.follows_foreign_keys:
            for names in sharing.formats:
                for key in names.names(account.appid, kind):
                    client.pttl(key)
                    client.get(key)
        else:
            client.pttl(value_key(account.appid, kind))
            client.hgetall(value_key(account.appid, kind))
    pubsub = client.pubsub()
    try:
        if sharing is not None and not sharing.follows_foreign_keys:
            pubsub.subscribe(channel_name(account.appid))
            pubsub.get_message(timeout=1.0)
    finally:
        pubsub.close()


def _write(client: Any, account: Account) -> None:
    """Do what a leader does, on a key of its own that ends by itself. Raises an exception of redis-py."""
    key = f"{lock_key(account.appid)}:check"
    client.set(key, _CHECK_OWNER, nx=True, px=1000)
    client.eval(scripts.UNLOCK, 1, key, _CHECK_OWNER)
    client.hgetall(sighting_key(account.appid, TokenKind.JSAPI_TICKET))
    names = [key for each in (account.sharing.formats if account.sharing else ()) for kind in account.token_kinds
             for key in each.names(account.appid, kind)]  # fmt: skip
    # the commands of the script, on a key that is not there: nothing is written, and an ACL has its say
    script = (
        "redis.call('TIME') redis.call('HSET', KEYS[1], 'value', '') redis.call('PEXPIRE', KEYS[1], 1) "
        "redis.call('DEL', KEYS[1]) for i = 2, #KEYS do redis.call('EXISTS', KEYS[i]) end "
        "redis.call('PUBLISH', ARGV[1], 'check') return 1"
    )
    client.eval(script, 1 + len(names), f"{key}:hash", *names, channel_name(account.appid))


def _check_memory(client: Any) -> SharingFailure | None:
    """Return a policy that drops values before their end; None if the ACL does not let us look."""
    try:
        memory = client.info("memory")
    except Exception:  # noqa: BLE001 - not allowed to look, which is no failure
        return None
    policy, limit = str(memory.get("maxmemory_policy", "")), memory.get("maxmemory", 0)
    if limit and policy.startswith(_EVICTING_POLICIES):
        return SharingFailure(SharingProblem.EVICTION, policy)
    return None


def _check_clock(client: Any, clock: Clock) -> SharingFailure | None:
    try:
        seconds, _ = client.time()
    except Exception:  # noqa: BLE001 - as above
        return None
    difference_s = clock() - int(seconds)
    return (
        SharingFailure(SharingProblem.CLOCK, f"{difference_s:.0f}")
        if abs(difference_s) > CLOCK_DIFFERENCE_MAX_S
        else None
    )
