"""A throw-away home with an embedded WeChat: everything works, nothing is real, nothing stays."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from guarddog_gui.adapters.keyring.memory import MemorySecrets
from guarddog_gui.bootstrap.container import Stores, open_stores
from guarddog_gui.domain.accounts.account import STABLE_AHEAD_MAX_S, Account, Secret
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.server import SandboxServer
from guarddog_gui.services.ports import Clock

LIFE_S = 120  # short enough to watch a refresh
FULL_LIFE_S = 7200


@contextmanager
def playground(clock: Clock) -> Iterator[Stores]:
    """Stores whose accounts live in the sandbox for as long as the context does."""
    with (
        tempfile.TemporaryDirectory(prefix="guarddog-sandbox-", ignore_cleanup_errors=True) as home,
        SandboxServer(clock, life=LIFE_S) as server,
    ):
        secrets = MemorySecrets()
        stores = open_stores({"GUARDDOG_HOME": home}, clock, secrets=secrets, api_base=server.base)
        for shop in server.accounts:
            secrets.keep(shop.appid, Secret(shop.secret))
        stores.accounts.change(lambda _: tuple(map(account_of, server.accounts)))
        yield stores
        stores.history.close()


def account_of(shop: SandboxAccount) -> Account:
    """The sandbox's account as Guard Dog keeps it; `ahead` is as short as the life is."""
    account = Account(shop.appid, shop.name, shop.platform)
    return replace(account, ahead=STABLE_AHEAD_MAX_S * shop.life // FULL_LIFE_S)
