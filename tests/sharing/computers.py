"""Whole computers in this process: a home, a keyring in memory and the parts of the program."""

import time
from collections.abc import Callable
from pathlib import Path

from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.bootstrap.container import Container
from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.refresh.history import Trigger
from guarddog_gui.domain.sharing.settings import KeyNames, Sharing, SharingRole
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.sandbox.accounts import FULL_LIFETIME_S
from guarddog_gui.sandbox.server import SandboxServer
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest, RefreshResult


class SharingComputer:
    """A computer on which one account is shared."""

    def __init__(
        self,
        home: Path,
        wechat: SandboxServer,
        redis_url: str,
        *formats: KeyNames,
        role: SharingRole = SharingRole.LEADER,
        clock: Callable[[], float] = time.time,
        password: str = "",
    ) -> None:
        shop = wechat.accounts[0]
        self.secrets, passwords = MemorySecretStore(), MemorySecretStore()
        if role is SharingRole.LEADER:
            self.secrets.set(shop.appid, Secret(shop.secret))
        if password:
            passwords.set(shop.appid, Secret(password))
        ahead = 290 * shop.life // FULL_LIFETIME_S
        self.account = Account(
            shop.appid, "Shop", ahead=ahead, sharing=Sharing(role, redis_url, "", formats, bool(password))
        )
        self.container = Container(
            {"GUARDDOG_HOME": str(home)}, clock, self.secrets, wechat.base_url, redis_passwords=passwords
        )
        self.container.accounts.update(lambda _: (self.account,))
        self.context = self.container.make_worker_context()
        self.clock = clock

    def refresh(
        self, mode: RefreshMode = RefreshMode.IF_NEEDED, trigger: Trigger = Trigger.TIMER
    ) -> tuple[RefreshResult, ...]:
        request = RefreshRequest(self.account, self.account.token_kinds, trigger, mode)
        return self.context.refresher.refresh_without_exports(request)

    def record(self, kind: TokenKind = TokenKind.ACCESS_TOKEN) -> TokenRecord | None:
        """Return the value in the `.dog` file, if it lives."""
        record = self.container.own_values.read(self.account, kind)
        return record if record is not None and record.remaining_s(self.clock()) > 0 else None

    def value(self, kind: TokenKind = TokenKind.ACCESS_TOKEN) -> str:
        record = self.record(kind)
        return "" if record is None else record.value

    def close(self) -> None:
        self.container.shared_store.reset(self.account.appid)
        self.container.history.close()
