"""Stores of a simulation: files that report their changes, and a lock that waits in simulated time."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from tests.fakes import FakeAccountLock, FakeDogFileStore
from tests.simulation.measurement import TokenKey

LOCK_WAIT_S = 20.0


class ObservedDogFileStore(FakeDogFileStore):
    """Store that reports each change beforehand, so that the time until then is assessed by the old content."""

    def __init__(self, before_change: Callable[[TokenKey], None]) -> None:
        super().__init__()
        self._before_change = before_change
        self._record_cache: dict[tuple[str, str], TokenRecord | None] = {}

    def read(self, account: Account, kind: TokenKind) -> TokenRecord | None:
        text = self.files.get((account.appid, kind), "")
        if (account.appid, text) not in self._record_cache:
            self._record_cache[account.appid, text] = super().read(account, kind)
        return self._record_cache[account.appid, text]

    def put_text(self, account: Account, kind: TokenKind, text: str) -> None:
        self._before_change((account.appid, kind))
        super().put_text(account, kind, text)


class WaitingAccountLock(FakeAccountLock):
    """Lock that waits as long as the real one before it gives up."""

    def __init__(self, advance_time: Callable[[float], None]) -> None:
        super().__init__()
        self._advance_time = advance_time

    @contextmanager
    def acquire(self, appid: str) -> Generator[None]:
        if self.is_busy:
            self._advance_time(LOCK_WAIT_S)
        with super().acquire(appid):
            yield
