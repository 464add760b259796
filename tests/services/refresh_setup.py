"""A Refresher on fakes with one account, for the tests of the refresh and of what builds on it."""

from dataclasses import dataclass, field

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import AttemptResult, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import Reply, TransportFailure
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest, RefreshResult
from tests.builders import SECRET, SHOP, TICKET, TOKEN
from tests.fakes import NOW, FakeSecretStore, scripted_transport
from tests.in_memory_services import ScriptedServices

BOTH = (TOKEN, TICKET)


@dataclass
class RefreshSetup(ScriptedServices):
    """A Refresher on fakes, with the account SHOP."""

    secrets: FakeSecretStore = field(default_factory=lambda: FakeSecretStore(wx0123456789abcdef=SECRET))
    is_clock_set_back: bool = False

    def refresh(
        self,
        *kinds: TokenKind,
        account: Account = SHOP,
        trigger: Trigger = Trigger.TIMER,
        eagerness: RefreshMode = RefreshMode.IF_NEEDED,
        min_left: float | None = None,
        seen: TokenRecord | None = None,
        patient: float | None = None,
        held: tuple[tuple[TokenKind, TokenRecord], ...] = (),
    ) -> tuple[RefreshResult, ...]:
        known = tuple((kind, seen.generated_ms) for kind in kinds) if seen else ()
        return self.refresher.refresh(
            RefreshRequest(
                account,
                kinds,
                trigger,
                eagerness,
                min_left,
                known,
                respect_failures_since=patient,
                in_memory_values=held,
                is_clock_set_back=self.is_clock_set_back,
            )
        )

    def holds(
        self, kind: TokenKind, value: str, *, age: float = 0, life: int = 7200, is_foreign: bool = False
    ) -> TokenRecord:
        """Put a `.dog` file there whose value is `age` seconds old at NOW."""
        return self.put_value(SHOP, kind, value, at=NOW - age, lifetime_s=life, is_foreign=is_foreign)

    def lifetimes(self, result: RefreshResult) -> tuple[float, int]:
        """Return when the value of a result begins (Unix seconds) and for how many seconds it is relied on."""
        assert result.record is not None
        return result.record.generated_at, result.record.expires_in

    def life_on_disk(self, kind: TokenKind) -> int:
        record = self.dogs.read(SHOP, kind)
        assert record is not None
        return record.expires_in

    @property
    def results(self) -> list[tuple[str, AttemptResult]]:
        return [(entry.key, entry.result) for entry in self.history.entries]


def make_setup(*replies: Reply | TransportFailure) -> RefreshSetup:
    """Return a setup in which WeChat gives these replies, one after the other."""
    return RefreshSetup(scripted_transport(*replies))
