"""Temporary data folder with an embedded sandbox of WeChat: nothing is real, nothing is kept."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

from msgspec.structs import replace

from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.bootstrap.container import Container, make_container
from guarddog_gui.domain.accounts.account import STABLE_AHEAD_MAX_S, Account, Secret
from guarddog_gui.sandbox.accounts import FULL_LIFETIME_S, SandboxAccount
from guarddog_gui.sandbox.server import SandboxServer
from guarddog_gui.services.ports import Clock

TOKEN_LIFETIME_S = 120  # short enough to watch a refresh
SPARE_APPID = "wx5a4db0c5feedface"  # an account of the sandbox that is not in the list: the user may add it


@contextmanager
def sandbox_session(clock: Clock) -> Iterator[Container]:
    with (
        tempfile.TemporaryDirectory(prefix="guarddog-sandbox-", ignore_cleanup_errors=True) as home,
        SandboxServer(clock, lifetime_s=TOKEN_LIFETIME_S) as server,
    ):
        secrets = MemorySecretStore()
        container = make_container({"GUARDDOG_HOME": home}, clock, secrets=secrets, api_base=server.base_url)
        for account in server.accounts:
            secrets.set(account.appid, Secret(account.secret))
        container.accounts.update(lambda _: tuple(map(to_account, server.accounts)))
        spare = replace(server.accounts[0], appid=SPARE_APPID, secret=token_hex(16), name="Sandbox spare")
        server.rules.set_account(spare)
        container.sandbox_login = (spare.appid, spare.secret)
        yield container
        container.history.close()


def to_account(sandbox_account: SandboxAccount) -> Account:
    """Convert a sandbox account; `ahead` is shortened in proportion to the lifetime of its tokens."""
    account = Account(sandbox_account.appid, sandbox_account.name, sandbox_account.platform)
    return replace(account, ahead=STABLE_AHEAD_MAX_S * sandbox_account.life // FULL_LIFETIME_S)
