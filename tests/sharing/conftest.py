"""A real Redis, and computers that share accounts through it."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.adapters.sharing.redis_store import RedisSharedStore
from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.sharing.settings import KeyNames, Sharing, SharingRole
from tests.fakes import FakeClock
from tests.sharing.redis_server import RedisServer

APPID = "wx5a0d09b0c0ffee01"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and sys.platform == "win32":
            item.add_marker(pytest.mark.skip(reason="Redis has no server for Windows"))


@pytest.fixture
def make_redis() -> Iterator[Callable[..., RedisServer]]:
    """Return a function that starts a Redis; paths of sockets are short, those of pytest are not."""
    servers: list[RedisServer] = []
    with tempfile.TemporaryDirectory(prefix="gd-redis-") as folder:

        def make(*options: str, uses_port: bool = False) -> RedisServer:
            home = Path(folder, str(len(servers)))
            home.mkdir()
            servers.append(RedisServer(home, *options, uses_port=uses_port))
            return servers[-1].start()

        yield make
        for server in servers:
            server.kill()


@pytest.fixture
def redis_server(make_redis: Callable[..., RedisServer]) -> RedisServer:
    return make_redis()


class Computer:
    """The shared store of one computer, with a clock and a password of its own."""

    def __init__(self, url: str, *, clock: FakeClock | None = None, password: str = "") -> None:
        self.url = url
        self.clock = clock or FakeClock()
        self.passwords = MemorySecretStore()
        self.has_password = bool(password)
        if password:
            self.passwords.set(APPID, Secret(password))
        self.store = RedisSharedStore(self.passwords, self.clock)

    def account(self, role: SharingRole = SharingRole.LEADER, *formats: KeyNames, ca_file: str = "") -> Account:
        return Account(APPID, "Shop", sharing=Sharing(role, self.url, ca_file, formats, self.has_password))
