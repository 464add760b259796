"""Three leaders with four processes each and a follower share one token while the worst happens to Redis and to them."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from guarddog_gui.domain.sharing.settings import SharingRole
from guarddog_gui.sandbox.server import SandboxServer
from tests.hard.results import PromiseRecorder
from tests.sharing.machines import Judge, Machines, Read
from tests.sharing.redis_server import RedisServer, free_port

pytestmark = pytest.mark.only_on("linux")

PROMISE = "14. Many machines"
LIFE_S = 60  # of a token; the last five minutes of two hours are 2.5 s of it
LIVES = 3
LOCK_S = 15
FROZEN_S = 30
START_S = 6.0  # for the first value to reach everybody


class Crowd:
    """The machines of one test, and what happens to them meanwhile."""

    def __init__(self, folder: Path, wechat: SandboxServer, server: RedisServer, url: str = "") -> None:
        self.server = server
        self.judge = Judge(wechat)
        self.machines = Machines(folder, wechat, url or server.url)
        self.seconds = LIFE_S * LIVES
        self.random = random.Random(7)  # noqa: S311 - the dice of a test
        for number in range(3):
            self.machines.add(f"leader {number}", seconds=self.seconds, clock_offset_s=number * 500.0 - 500)
        self.machines.add(
            "follower", role=SharingRole.FOLLOWER, process_count=2, seconds=self.seconds, clock_offset_s=-700
        )
        self.is_over = threading.Event()

    def run(self, disturb: Callable[[Crowd], None]) -> list[Read]:
        """Run to the end; `disturb` is called in a thread, and again and again until then."""
        thread = threading.Thread(target=self._disturb, args=(disturb,), daemon=True)
        try:
            self.machines.run()
            thread.start()
            return self.machines.join()
        finally:
            self.is_over.set()
            thread.join(LIFE_S * 2)
            self.machines.kill()

    def _disturb(self, disturb: Callable[[Crowd], None]) -> None:
        self.is_over.wait(START_S)
        while not self.is_over.is_set():
            disturb(self)

    def leader_pids(self) -> list[int]:
        return [pid for machine in self.machines.machines[:3] for pid in machine.pids]

    def stop_process(self, pid: int, seconds: float) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            self.is_over.wait(seconds)
            os.kill(pid, signal.SIGCONT)

    def failures(self, reads: list[Read], *, calls_max: int | None = None) -> list[str]:
        """Return dead reads, and too many calls."""
        found = [
            f"dead for {read.began_at - self.judge.died_at(read.value):.2f} s" for read in self.judge.dead_reads(reads)
        ]
        if calls_max is not None and self.judge.token_calls > calls_max:
            found.append(f"{self.judge.token_calls} calls")
        return found

    def note(self, reads: list[Read]) -> str:
        leaders = set(self.leader_pids())
        of_leaders = sum(not read.value and read.pid in leaders for read in reads)
        without = sum(not read.value for read in reads)
        return (
            f"{self.judge.token_calls} calls for {self.judge.issued_count} tokens, {without:,} reads without a value,"
            f" {of_leaders:,} of them of leaders"
        )


@pytest.fixture
def wechat() -> Iterator[SandboxServer]:
    with SandboxServer(time.time, lifetime_s=LIFE_S) as server:
        yield server


@pytest.fixture
def folder() -> Iterator[Path]:
    """Folder whose path is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="gd-hard-", ignore_cleanup_errors=True) as path:
        yield Path(path)


@pytest.fixture
def server(folder: Path) -> Iterator[RedisServer]:
    made = RedisServer(folder)
    yield made.start()
    made.kill()


def record(promise: PromiseRecorder, crowd: Crowd, reads: list[Read], what: str, failures: list[str]) -> None:
    promise.record(PROMISE, what, tries=len(reads), failures=failures, note=crowd.note(reads))
    assert failures == []


def wait_a_second(crowd: Crowd) -> None:
    crowd.is_over.wait(1)


def test_nothing_happens(promise: PromiseRecorder, folder: Path, wechat: SandboxServer, server: RedisServer) -> None:
    crowd = Crowd(folder, wechat, server)
    reads = crowd.run(wait_a_second)
    failures = crowd.failures(reads, calls_max=crowd.judge.issued_count + 1)
    record(promise, crowd, reads, "3 leaders × 4 processes and a follower, clocks apart: one fetch per life", failures)


def test_leaders_are_stopped_for_longer_than_the_lock(
    promise: PromiseRecorder, folder: Path, wechat: SandboxServer, server: RedisServer
) -> None:
    def stop_the_one_with_the_lock(crowd: Crowd) -> None:
        key = f"guarddog:{{{crowd.machines.shop.appid}}}:lock"
        with suppress(Exception):
            if not crowd.server.client().exists(key):
                crowd.is_over.wait(0.005)
                return
        # whoever holds it is among them; each machine has one process under its own lock
        pids = crowd.leader_pids()
        chosen = crowd.random.sample(pids, min(8, len(pids)))
        for pid in chosen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        crowd.is_over.wait(LOCK_S + crowd.random.uniform(1, 4))
        for pid in chosen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    crowd = Crowd(folder, wechat, server)
    reads = crowd.run(stop_the_one_with_the_lock)
    what = "leaders stopped (SIGSTOP) for longer than the lock, while one holds it"
    record(promise, crowd, reads, what, crowd.failures(reads))


def test_processes_are_stopped_at_random(
    promise: PromiseRecorder, folder: Path, wechat: SandboxServer, server: RedisServer
) -> None:
    def stop_one(crowd: Crowd) -> None:
        crowd.stop_process(crowd.random.choice(crowd.leader_pids()), crowd.random.uniform(0.1, LOCK_S + 5))

    crowd = Crowd(folder, wechat, server)
    reads = crowd.run(stop_one)
    record(promise, crowd, reads, "leaders stopped at random moments, up to 20 s", crowd.failures(reads))


def test_redis_is_killed_and_restarted_empty(
    promise: PromiseRecorder, folder: Path, wechat: SandboxServer, server: RedisServer
) -> None:
    def kill_and_restart(crowd: Crowd) -> None:
        crowd.is_over.wait(crowd.random.uniform(3, 15))
        crowd.server.kill()
        crowd.is_over.wait(crowd.random.uniform(0, 10))
        crowd.server.start()

    crowd = Crowd(folder, wechat, server)
    reads = crowd.run(kill_and_restart)
    what = "Redis killed, away for up to 10 s, restarted empty, again and again"
    record(promise, crowd, reads, what, crowd.failures(reads))


def test_redis_is_frozen(promise: PromiseRecorder, folder: Path, wechat: SandboxServer, server: RedisServer) -> None:
    def freeze(crowd: Crowd) -> None:
        crowd.is_over.wait(crowd.random.uniform(3, 10))
        crowd.server.freeze()
        crowd.is_over.wait(FROZEN_S)
        crowd.server.thaw()

    crowd = Crowd(folder, wechat, server)
    reads = crowd.run(freeze)
    slow = [f"{read.ended_at - read.began_at:.1f} s" for read in reads if read.ended_at - read.began_at > 12]
    what = "Redis frozen for 30 s at a time; no request for a value takes longer than 12 s"
    record(promise, crowd, reads, what, [*crowd.failures(reads), *slow])


def test_redis_is_filled_to_maxmemory(
    promise: PromiseRecorder, folder: Path, wechat: SandboxServer, server: RedisServer
) -> None:
    def fill(crowd: Crowd) -> None:
        policy = crowd.random.choice(("noeviction", "allkeys-lru", "volatile-random"))
        client = crowd.server.client()
        client.config_set("maxmemory-policy", policy)
        client.config_set("maxmemory", "2mb")
        with suppress(Exception):
            for number in range(100_000):
                client.set(f"filler:{number}", "x" * 2000, ex=600)
        crowd.is_over.wait(crowd.random.uniform(3, 12))
        client.flushall()
        client.config_set("maxmemory", "0")
        crowd.is_over.wait(crowd.random.uniform(1, 5))

    crowd = Crowd(folder, wechat, server)
    reads = crowd.run(fill)
    what = "Redis filled to maxmemory (noeviction, allkeys-lru, volatile-random) and emptied"
    record(promise, crowd, reads, what, crowd.failures(reads))


def test_a_failover_to_a_replica_that_was_cut_off(
    promise: PromiseRecorder, folder: Path, wechat: SandboxServer
) -> None:
    """The one behind the address dies, and a replica that has not heard from it for a while takes its place."""
    for name in ("one", "two"):
        (folder / name).mkdir()
    master = RedisServer(folder / "one", uses_port=True).start()
    port = master.port

    def fail_over(crowd: Crowd) -> None:
        replica = RedisServer(folder / "two", "--replicaof", "127.0.0.1", str(port), uses_port=True).start()
        crowd.is_over.wait(3)  # it has all
        replica.client().replicaof("NO", "ONE")
        crowd.is_over.wait(crowd.random.uniform(5, LIFE_S))  # and misses what follows
        with suppress(Exception):
            replica.client().save()
        replica.kill()
        crowd.server.kill()
        (folder / "one" / "dump.rdb").unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            shutil.move(folder / "two" / "dump.rdb", folder / "one" / "dump.rdb")
        crowd.server.start()

    crowd = Crowd(folder / "one", wechat, master, f"redis://127.0.0.1:{port}")
    try:
        reads = crowd.run(fail_over)
    finally:
        master.kill()
    assert port != free_port()
    what = "failover to a replica that was cut off for up to a life: an older lock and an older token come back"
    record(promise, crowd, reads, what, crowd.failures(reads))
