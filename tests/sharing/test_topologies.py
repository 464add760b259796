"""Redis behind Sentinel, and a cluster."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import KeyFormat, KeyNames, SharingRole
from guarddog_gui.domain.sharing.values import SharedReading, ShareResult, SharingFailure, ValueToShare
from guarddog_gui.domain.tokens.record import TokenKind
from tests.sharing.conftest import APPID, Computer
from tests.sharing.redis_server import RedisServer, free_port, require_redis

TOKEN = TokenKind.ACCESS_TOKEN
VALUE = "91_" + "v" * 60
TIMEOUT_S = 15.0


def write_and_read(computer: Computer, *formats: KeyNames) -> str:
    now = time.time()
    leader, follower = computer.account(SharingRole.LEADER, *formats), computer.account(SharingRole.FOLLOWER)
    assert computer.store.take_lock(leader, "one") is True
    assert isinstance(computer.store.read(leader, TOKEN), SharedReading)
    written = computer.store.write(leader, TOKEN, ValueToShare(VALUE, 7200, now, 7200))
    assert written in (ShareResult.WRITTEN, ShareResult.SAME), written
    computer.store.release_lock(leader, "one")
    reading = computer.store.read(follower, TOKEN)
    assert isinstance(reading, SharedReading), reading
    assert reading.value is not None
    return reading.value.value


@pytest.fixture
def sentinel_port(tmp_path: Path, make_redis: Callable[..., RedisServer]) -> Iterator[int]:
    master = make_redis(uses_port=True)
    port = free_port()
    config = tmp_path / "sentinel.conf"
    config.write_text(
        f"port {port}\nbind 127.0.0.1\ndir {tmp_path}\nsentinel monitor main 127.0.0.1 {master.port} 1\n", "utf-8"
    )
    with (tmp_path / "sentinel.log").open("wb") as log:
        process = subprocess.Popen([require_redis(), str(config), "--sentinel"], stdout=log, stderr=log)
    yield port
    process.kill()
    process.wait()


def test_the_master_is_found_through_sentinel(sentinel_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guarddog_gui.adapters.sharing.redis_store.PAUSE_S", 0.1)
    computer = Computer(f"redis+sentinel://127.0.0.1:{free_port()},127.0.0.1:{sentinel_port}/main")
    deadline = time.monotonic() + TIMEOUT_S
    while isinstance(computer.store.read(computer.account(), TOKEN), SharingFailure):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert write_and_read(computer) == VALUE
    other = Computer(f"redis+sentinel://127.0.0.1:{sentinel_port}/nothing")
    assert other.store.read(other.account(), TOKEN) == SharingFailure(SharingProblem.NO_MASTER)


def test_a_cluster_keeps_an_account_in_one_slot(make_redis: Callable[..., RedisServer]) -> None:
    server = make_redis("--cluster-enabled", "yes", uses_port=True)
    server.client().execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
    deadline = time.monotonic() + TIMEOUT_S
    while b"cluster_state:ok" not in server.client().execute_command("CLUSTER", "INFO"):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    computer = Computer(f"redis+cluster://127.0.0.1:{server.port}")
    names = KeyNames(KeyFormat.PLAIN, "shop:{{appid}}:token")
    assert write_and_read(computer, names) == VALUE
    now = time.time()
    computer.store.write(computer.account(SharingRole.LEADER, names), TOKEN, ValueToShare(VALUE, 7300, now, 7300))
    assert server.client().exists(f"shop:{{{APPID}}}:token")
    computer.clock.now = now
    assert computer.store.check(computer.account()) == ()


def test_a_cluster_without_slots_is_down(make_redis: Callable[..., RedisServer]) -> None:
    server = make_redis("--cluster-enabled", "yes", uses_port=True)
    computer = Computer(f"redis+cluster://127.0.0.1:{server.port}")
    answer = computer.store.read(computer.account(), TOKEN)
    assert isinstance(answer, SharingFailure)
    assert answer.problem is SharingProblem.CLUSTER_DOWN
