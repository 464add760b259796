"""Real programs read from Redis what a leader writes there, and a follower reads what they write."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from wechatpy.client import WeChatClient
from wechatpy.session.redisstorage import RedisStorage

from guarddog_gui.domain.sharing.settings import KeyFormat, KeyNames, SharingRole
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import DEFAULT_API_BASE
from guarddog_gui.sandbox.server import SandboxServer
from guarddog_gui.services.calls.refresh_request import RefreshMode
from tests.interop.node import INTEROP_FOLDER, run_node_script
from tests.interop.sandbox_redirect import SandboxRedirectAdapter
from tests.sharing.computers import SharingComputer
from tests.sharing.conftest import make_redis, redis_server  # noqa: F401 - fixtures
from tests.sharing.redis_server import RedisServer

pytestmark = pytest.mark.interop
CALLS = 40
SYMFONY = Path("/usr/share/php/Symfony/Component/Cache/autoload.php")


@pytest.fixture
def wechat() -> Iterator[SandboxServer]:
    with SandboxServer(time.time) as server:
        yield server


def make_wechatpy(wechat: SandboxServer, server: RedisServer, secret: str) -> Any:
    session = RedisStorage(server.client(decode_responses=False), prefix="wechatpy")  # type: ignore[no-untyped-call]
    client = WeChatClient(wechat.accounts[0].appid, secret, session=session, timeout=5)  # type: ignore[no-untyped-call]
    client._http.mount(DEFAULT_API_BASE, SandboxRedirectAdapter(wechat.base_url))
    return client


def lead(home: Path, wechat: SandboxServer, server: RedisServer, *formats: KeyNames) -> SharingComputer:
    computer = SharingComputer(home, wechat, server.url, *formats)
    computer.refresh()
    computer.refresh(RefreshMode.MIRROR)
    return computer


def test_wechatpy_without_a_secret_calls_with_our_token(
    tmp_path: Path,
    wechat: SandboxServer,
    redis_server: RedisServer,  # noqa: F811
) -> None:
    leader = lead(tmp_path, wechat, redis_server, KeyNames(KeyFormat.WECHATPY))
    calls_before = wechat.rules.call_counts["/cgi-bin/stable_token"]
    client = make_wechatpy(wechat, redis_server, "no-secret-at-all")
    for _ in range(CALLS):
        assert client.misc.get_wechat_ips()
        assert client.access_token == leader.value()
    assert client.jsapi.get_jsapi_ticket() == leader.value(TokenKind.JSAPI_TICKET)
    assert wechat.rules.call_counts["/cgi-bin/token"] == 0  # it never asked for one of its own
    assert wechat.rules.call_counts["/cgi-bin/stable_token"] == calls_before
    client._http.close()
    leader.close()


def test_production_with_wechatpy_is_followed_without_a_secret(
    tmp_path: Path,
    wechat: SandboxServer,
    redis_server: RedisServer,  # noqa: F811
) -> None:
    production = make_wechatpy(wechat, redis_server, wechat.accounts[0].secret)
    token, ticket = production.access_token, production.jsapi.get_jsapi_ticket()
    follower = SharingComputer(
        tmp_path, wechat, redis_server.url, KeyNames(KeyFormat.WECHATPY), role=SharingRole.FOLLOWER
    )
    calls_before = wechat.rules.call_counts.copy()
    follower.refresh()
    assert (follower.value(), follower.value(TokenKind.JSAPI_TICKET)) == (token, ticket)
    assert wechat.rules.call_counts == calls_before
    record = follower.record()
    assert record is not None
    assert 7100 < record.remaining_s(time.time()) <= 7200
    production._http.close()
    follower.close()


def test_ioredis_reads_the_plain_key(
    tmp_path: Path,
    wechat: SandboxServer,
    redis_server: RedisServer,  # noqa: F811
) -> None:
    leader = lead(tmp_path, wechat, redis_server, KeyNames(KeyFormat.PLAIN, "shop:{appid}:token"))
    key = f"shop:{wechat.accounts[0].appid}:token"
    answer = run_node_script("ioredis", "redis_reader.js", [str(redis_server.socket), key])
    assert answer["value"] == leader.value()
    assert 7_000_000 < answer["left"] <= 7_200_000
    leader.close()


def test_symfonys_cache_reads_the_serialised_value(
    tmp_path: Path,
    wechat: SandboxServer,
    redis_server: RedisServer,  # noqa: F811
) -> None:
    if shutil.which("php") is None or not SYMFONY.is_file():
        pytest.skip("php-symfony-cache is not installed")
    leader = lead(tmp_path, wechat, redis_server, KeyNames(KeyFormat.SYMFONY, "easywechat:shop_token"))
    script = [shutil.which("php") or "php", str(INTEROP_FOLDER / "symfony_cache.php")]
    arguments = [str(redis_server.socket), "easywechat", "shop_token"]
    output = subprocess.run([*script, *arguments], capture_output=True, text=True, check=True).stdout
    assert json.loads(output) == {"hit": True, "value": leader.value()}
    leader.close()
