"""Three computers with four processes each share one token: one fetch per life, and none that is dead."""

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from guarddog_gui.domain.sharing.settings import SharingRole
from guarddog_gui.sandbox.server import SandboxServer
from tests.sharing.machines import Judge, Machines
from tests.sharing.redis_server import RedisServer

LIFE_S = 8


@pytest.fixture
def wechat() -> Iterator[SandboxServer]:
    with SandboxServer(time.time, lifetime_s=LIFE_S) as server:
        yield server


def test_twelve_processes_on_three_computers_fetch_once_per_life(
    tmp_path: Path, wechat: SandboxServer, redis_server: RedisServer
) -> None:
    judge, machines = Judge(wechat), Machines(tmp_path, wechat, redis_server.url)
    try:
        # their clocks disagree
        for name, offset_s in (("one", 0.0), ("two", 600.0), ("three", -600.0)):
            machines.add(name, seconds=LIFE_S * 1.4, clock_offset_s=offset_s)
        follower = machines.add(
            "four", role=SharingRole.FOLLOWER, process_count=1, seconds=LIFE_S * 1.4, clock_offset_s=-3600
        )
        machines.run()
        reads = machines.join()
    finally:
        machines.kill()
    assert judge.dead_reads(reads) == []
    assert judge.issued_count == 2
    assert judge.token_calls <= 3  # on a busy machine one may come too early and get the same token once more
    assert len(reads) > 100
    assert len({read.value for read in follower.reads if read.value}) == 2
    # the new one comes a quarter of a second before the end of the old one, in the place of five minutes
    values_at = [read.ended_at for read in follower.reads if read.value]
    assert max(later - earlier for earlier, later in pairwise(values_at)) < 2
