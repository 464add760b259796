"""`guarddogctl watch` of a follower: what a leader changes is on its disk a moment later, and what is wrong is told."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli
from tests.sharing.redis_server import RedisServer

PASSWORD = "correct-horse-battery"
TIMEOUT_S = 30.0


@pytest.fixture
def wechat() -> Iterator[SandboxServer]:
    with SandboxServer(time.time) as server:
        yield server


def wait_for(check: Callable[[], bool]) -> float:
    started_at = time.monotonic()
    while not check():
        assert time.monotonic() - started_at < TIMEOUT_S
        time.sleep(0.05)
    return time.monotonic() - started_at


def dog_value(cli: SubprocessCli) -> str:
    file = cli.home / "guarddog" / "data" / "dogs" / cli.shop.appid / "ACCESS_TOKEN.dog"
    return str(json.loads(file.read_text("utf-8"))["data"])


def state_of(cli: SubprocessCli) -> dict[str, Any]:
    (file,) = (cli.home / "guarddog" / "data" / "sharing").glob("*.json")
    state: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return state


def test_a_forced_token_is_on_the_followers_disk_at_once(
    tmp_path: Path, wechat: SandboxServer, make_redis: Callable[..., RedisServer]
) -> None:
    server = make_redis("--requirepass", PASSWORD)
    leader, follower = (SubprocessCli(tmp_path / name, wechat) for name in ("leader", "follower"))
    for cli in (leader, follower):
        cli.home.mkdir()
    leader.add_account()
    redis = ("--redis", server.url, "--redis-password-stdin")
    assert leader("accounts", "share", "Shop", *redis, stdin=PASSWORD).returncode == 0
    shop = ("--appid", leader.shop.appid, "--name", "Production", "--follow")
    assert follower("accounts", "add", *shop, *redis, stdin=PASSWORD).returncode == 0
    assert dog_value(follower) == dog_value(leader)
    log = tmp_path / "watch.txt"
    with log.open("w") as output:
        watch = subprocess.Popen(
            [GUARDDOGCTL, "watch"], env=follower.environ, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            wait_for(lambda: b"subscribe" in b"".join(line[b"cmd"] for line in clients(server)))
            assert leader("refresh", "Shop", "--force", "--yes").returncode == 0
            assert wait_for(lambda: dog_value(follower) == dog_value(leader)) < 5
            server.kill()
            wait_for(lambda: state_of(follower)["problem"] == "redis unreachable")
            wait_for(lambda: "Production: Redis cannot be reached." in log.read_text("utf-8"))
        finally:
            watch.send_signal(signal.SIGTERM)
            assert watch.wait(10) == 0
    assert "came from the shared Redis" in log.read_text("utf-8")
    holders = [file for file in tmp_path.rglob("*") if file.is_file() and PASSWORD.encode() in file.read_bytes()]
    assert {file.name for file in holders} == {"keyring.json"}
    assert leader.shop.secret.encode() not in (follower.keyring_file).read_bytes()


def clients(server: RedisServer) -> list[dict[bytes, bytes]]:
    client = server.client(password=PASSWORD)
    lines = client.execute_command("CLIENT LIST")
    return [{str(key).encode(): str(value).encode() for key, value in line.items()} for line in lines]
