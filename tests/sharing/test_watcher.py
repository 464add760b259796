"""Changes in a real Redis are noticed: at once by messages, and soon without them."""

import time
from collections.abc import Callable, Iterator
from threading import Event

import pytest

from guarddog_gui.adapters.sharing import watcher as watcher_module
from guarddog_gui.adapters.sharing.watcher import SharingWatcher
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.sharing.settings import KeyFormat, KeyNames, SharingRole, value_key
from guarddog_gui.domain.sharing.values import ShareResult, ValueToShare
from guarddog_gui.domain.tokens.record import TokenKind
from tests.sharing.conftest import APPID, Computer
from tests.sharing.redis_server import RedisServer

TOKEN = TokenKind.ACCESS_TOKEN
FOLLOWER = SharingRole.FOLLOWER
TIMEOUT_S = 10.0


class Watched:
    """A watcher of one account, and how often it has called."""

    def __init__(self, server: RedisServer, *formats: KeyNames) -> None:
        computer = Computer(server.url)
        self.account = computer.account(FOLLOWER, *formats)
        self.changed = Event()
        self.watcher = SharingWatcher(computer.store, self._on_change)
        self.calls = 0

    def _on_change(self, appid: str) -> None:
        assert appid == APPID
        self.calls += 1
        self.changed.set()

    def wait(self) -> float:
        """Wait for the next change; return how long that took."""
        started_at = time.monotonic()
        assert self.changed.wait(TIMEOUT_S)
        self.changed.clear()
        return time.monotonic() - started_at

    def watch(self, *accounts: Account) -> None:
        self.watcher.watch(accounts or (self.account,))

    def settle(self) -> None:
        """Wait for the first look, and until the channel is subscribed."""
        self.wait()
        time.sleep(0.3)
        self.changed.clear()


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Watched]]:
    monkeypatch.setattr(watcher_module, "POLL_S", 0.5)
    monkeypatch.setattr(watcher_module, "POLL_AFTER_FAILURE_S", 0.3)
    monkeypatch.setattr(watcher_module, "MESSAGE_WAIT_S", 0.1)
    monkeypatch.setattr("guarddog_gui.adapters.sharing.redis_store.PAUSE_S", 0.1)
    made: list[Watched] = []

    def make(server: RedisServer, *formats: KeyNames) -> Watched:
        made.append(Watched(server, *formats))
        return made[-1]

    yield make
    for each in made:
        each.watcher.stop()


def share(server: RedisServer, value: str) -> None:
    now = time.time()
    leader = Computer(server.url)
    assert leader.store.write(leader.account(), TOKEN, ValueToShare(value, 7200, now, 7200)) is ShareResult.WRITTEN


def test_a_message_is_noticed_at_once(redis_server: RedisServer, watch: Callable[..., Watched]) -> None:
    watched = watch(redis_server)
    watched.watch()
    watched.settle()
    share(redis_server, "91_" + "a" * 40)
    assert watched.wait() < 0.4


def test_a_value_without_a_message_is_noticed_by_its_end(
    redis_server: RedisServer, watch: Callable[..., Watched]
) -> None:
    names = KeyNames(KeyFormat.PLAIN, "shop:token")
    watched = watch(redis_server, names)
    watched.watch()
    watched.settle()
    redis_server.client().set("shop:token", "91_" + "a" * 40, ex=7200)
    watched.wait()
    redis_server.client().set("shop:token", "91_" + "b" * 40, ex=7000)
    watched.wait()
    redis_server.client().set("shop:token", "91_" + "c" * 40)  # without an end: its value tells
    watched.wait()
    redis_server.client().set("shop:token", "91_" + "d" * 40)
    watched.wait()


def test_nothing_is_told_while_nothing_changes(redis_server: RedisServer, watch: Callable[..., Watched]) -> None:
    share(redis_server, "91_" + "a" * 40)
    watched = watch(redis_server)
    watched.watch()
    watched.settle()
    calls = watched.calls
    time.sleep(1.5)
    assert watched.calls == calls


def test_a_lost_value_and_a_server_that_is_killed_and_back(
    redis_server: RedisServer, watch: Callable[..., Watched]
) -> None:
    share(redis_server, "91_" + "a" * 40)
    watched = watch(redis_server)
    watched.watch()
    watched.settle()
    redis_server.client().delete(value_key(APPID, TOKEN))
    watched.wait()
    redis_server.kill()
    watched.wait()
    redis_server.start()
    watched.wait()
    time.sleep(0.5)
    watched.changed.clear()
    share(redis_server, "91_" + "b" * 40)
    watched.wait()


def test_an_account_that_is_not_shared_any_more_is_left_alone(
    redis_server: RedisServer, watch: Callable[..., Watched]
) -> None:
    watched = watch(redis_server)
    watched.watch()
    watched.settle()
    watched.watch(Account(APPID, "Shop"))
    time.sleep(0.3)
    watched.changed.clear()
    share(redis_server, "91_" + "a" * 40)
    time.sleep(0.8)
    assert not watched.changed.is_set()


def test_stopping_takes_no_time_while_redis_is_frozen(redis_server: RedisServer, watch: Callable[..., Watched]) -> None:
    watched = watch(redis_server)
    watched.watch()
    watched.settle()
    redis_server.freeze()
    time.sleep(0.6)
    started_at = time.monotonic()
    watched.watcher.stop()
    assert time.monotonic() - started_at < 0.5
    redis_server.thaw()
