"""Several computers in memory that share the account SHOP through one Redis, with the sandbox's rules as WeChat."""

import itertools
from functools import partial

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.sharing.settings import Sharing, SharingRole
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.sandbox.accounts import SandboxAccount
from guarddog_gui.sandbox.rules import SandboxRules
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest, RefreshResult
from tests.builders import SECRET, SHOP, TICKET, TOKEN
from tests.fake_sharing import FakeSharedStore, InMemoryRedis
from tests.fakes import FakeClock, FakeSecretStore, FakeTransport, SandboxTransport
from tests.in_memory_services import InMemoryServices

URL = "redis://redis.example.com"
BOTH = (TOKEN, TICKET)


class Desk:
    """One computer. Its clock may differ from the others'."""

    def __init__(self, office: "Office", name: str, role: SharingRole, clock_offset_s: float) -> None:
        self.office = office
        self._offset_s = clock_offset_s
        self.account = replace(SHOP, sharing=Sharing(role, URL))
        self.transport = FakeTransport(partial(office.wechat.send, account=self.account))
        secrets = FakeSecretStore(**({SHOP.appid: SECRET} if role is SharingRole.LEADER else {}))
        self.store = FakeSharedStore(office.redis, self.clock, name)
        self.services = InMemoryServices(
            self.transport, self.clock, secrets=secrets, shared_store=self.store, wait=office.clock.advance
        )

    def clock(self) -> float:
        return self.office.clock() + self._offset_s

    def refresh(
        self,
        *kinds: TokenKind,
        mode: RefreshMode = RefreshMode.IF_NEEDED,
        account: Account | None = None,
        min_ttl: float | None = None,
        trigger: Trigger = Trigger.TIMER,
    ) -> tuple[RefreshResult, ...]:
        request = RefreshRequest(account or self.account, kinds or BOTH, trigger, mode, min_ttl)
        return self.services.refresher.refresh_without_exports(request)

    def results(self) -> list[AttemptResult]:
        return [entry.result for entry in self.services.history.entries]

    def value(self, kind: TokenKind = TOKEN) -> str:
        """Return the value on disk, if it lives."""
        record = self.services.dogs.read(self.account, kind)
        return record.value if record is not None and record.remaining_s(self.clock()) > 0 else ""

    def left_s(self, kind: TokenKind = TOKEN) -> float:
        record = self.services.dogs.read(self.account, kind)
        return 0.0 if record is None else record.remaining_s(self.clock())


class Office:
    """All computers, WeChat and Redis, by one clock."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        numbers = itertools.count(1)
        shop = SandboxAccount(SHOP.appid, name="Shop", secret=SECRET)
        self.rules = SandboxRules(self.clock, lambda: f"91_{next(numbers):060d}", (shop,))
        self.wechat = SandboxTransport(self.rules)
        self.redis = InMemoryRedis(self.clock)

    def leader(self, name: str = "leader", *, clock_offset_s: float = 0.0) -> Desk:
        return Desk(self, name, SharingRole.LEADER, clock_offset_s)

    def follower(self, name: str = "follower", *, clock_offset_s: float = 0.0) -> Desk:
        return Desk(self, name, SharingRole.FOLLOWER, clock_offset_s)

    @property
    def token_calls(self) -> int:
        return self.rules.call_counts["/cgi-bin/stable_token"]

    @property
    def ticket_calls(self) -> int:
        return self.rules.call_counts["/cgi-bin/ticket/getticket"]
