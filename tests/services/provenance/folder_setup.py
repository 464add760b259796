"""The folder of an account, which Guard Dog and other programs write."""

from dataclasses import dataclass, field

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.foreign_writes import is_of_other_program
from guarddog_gui.domain.refresh.history import HistoryEntry, Trigger
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.domain.wechat.protocol import Reply, TransportFailure
from guarddog_gui.services.calls.refresh_request import RefreshMode, RefreshRequest, RefreshResult
from guarddog_gui.services.provenance.tracked_files import count_foreign_writes
from tests.builders import SECRET, SHOP, TOKEN
from tests.fakes import FakeSecretStore, FakeTransport, scripted_transport, token_reply
from tests.in_memory_services import ScriptedServices

OURS, THEIRS = "OURS-" + "a" * 60, "THEIRS-" + "b" * 60


@dataclass
class ForeignWriteSetup(ScriptedServices):
    """The files of an account, which Guard Dog and other programs write."""

    transport: FakeTransport = field(default_factory=lambda: scripted_transport(token_reply(OURS)))
    secrets: FakeSecretStore = field(default_factory=lambda: FakeSecretStore(wx0123456789abcdef=SECRET))

    account: Account = SHOP

    def refresh(
        self,
        kind: TokenKind = TOKEN,
        eagerness: RefreshMode = RefreshMode.IF_NEEDED,
        *,
        seen: TokenRecord | None = None,
        min_left: float | None = None,
    ) -> tuple[RefreshResult, ...]:
        known = ((kind, seen.generated_ms),) if seen else ()
        return self.refresher.refresh(RefreshRequest(self.account, (kind,), Trigger.TIMER, eagerness, min_left, known))

    def look(self, kind: TokenKind = TOKEN) -> RefreshResult:
        (outcome,) = self.refresh(kind, RefreshMode.ADOPT_ONLY)
        return outcome

    def wrote(self, value: str, life: int = 7200, kind: TokenKind = TOKEN) -> TokenRecord:
        """Write as another program does, now."""
        return self.put_value(SHOP, kind, value, lifetime_s=life, directory="/elsewhere", is_foreign=True)

    @property
    def noticed(self) -> list[HistoryEntry]:
        return [entry for entry in self.history.entries if is_of_other_program(entry)]

    def count(self) -> int:
        return count_foreign_writes(self.history, SHOP.appid, TOKEN.value, self.clock())


def folder_with(*replies: Reply | TransportFailure, account: Account = SHOP) -> ForeignWriteSetup:
    """Return a folder with our token in it, and the replies that follow."""
    folder = ForeignWriteSetup(scripted_transport(token_reply(OURS), *replies), account=account)
    folder.refresh()
    folder.clock.advance(600)
    return folder
