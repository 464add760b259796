"""The services on in-memory fakes of their ports."""

from collections.abc import Callable
from dataclasses import dataclass, field

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.route import ProxyInUse
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.services.account_queries import AccountQueries
from guarddog_gui.services.accounts.account_removals import AccountRemovals
from guarddog_gui.services.accounts.account_service import AccountService
from guarddog_gui.services.accounts.account_validator import AccountValidator
from guarddog_gui.services.accounts.import_recovery import ImportRecovery
from guarddog_gui.services.accounts.sharing_service import SharingService
from guarddog_gui.services.diagnosis import TicketSource
from guarddog_gui.services.exports import Exporter
from guarddog_gui.services.own_address import AddressQuery
from guarddog_gui.services.ports import Clock, Transport
from guarddog_gui.services.provenance.own_values import OwnValues
from guarddog_gui.services.refresh import Refresher
from guarddog_gui.services.sharing.shared_refresh import SharingParts
from tests.builders import make_record
from tests.errcode_catalogue import CATALOGUE
from tests.fake_sharing import FakeSharedStore, FakeSharingJournal, InMemoryRedis
from tests.fakes import (
    FakeAccountLock,
    FakeAccountStore,
    FakeClock,
    FakeDogFileStore,
    FakeExportCommandRunner,
    FakeExportFileWriter,
    FakeExportJournal,
    FakeHistoryStore,
    FakeRecentUrlStore,
    FakeReplacedTicketStore,
    FakeSecretStore,
    FakeSettingsStore,
    FakeTransport,
    scripted_transport,
)


@dataclass
class InMemoryServices:
    """All services, made anew at each access, so that a test may replace a fake at any time.

    `has_exports` lets the refresher export what it has refreshed.
    """

    transport: Transport
    clock: Clock
    secrets: FakeSecretStore = field(default_factory=FakeSecretStore)
    proxy_passwords: FakeSecretStore = field(default_factory=FakeSecretStore)
    previous_secrets: FakeSecretStore = field(default_factory=FakeSecretStore)
    settings: FakeSettingsStore = field(default_factory=FakeSettingsStore)
    dogs: FakeDogFileStore = field(default_factory=FakeDogFileStore)
    accounts: FakeAccountStore = field(default_factory=FakeAccountStore)
    tickets: FakeReplacedTicketStore = field(default_factory=FakeReplacedTicketStore)
    recent_urls: FakeRecentUrlStore = field(default_factory=FakeRecentUrlStore)
    history: FakeHistoryStore = field(default_factory=FakeHistoryStore)
    lock: FakeAccountLock = field(default_factory=FakeAccountLock)
    exports_lock: FakeAccountLock = field(default_factory=FakeAccountLock)
    export_files: FakeExportFileWriter = field(default_factory=FakeExportFileWriter)
    command_runner: FakeExportCommandRunner = field(default_factory=FakeExportCommandRunner)
    export_journal: FakeExportJournal = field(default_factory=FakeExportJournal)
    has_exports: bool = False
    shared_store: FakeSharedStore | None = None
    sharing_journal: FakeSharingJournal = field(default_factory=FakeSharingJournal)
    redis_passwords: FakeSecretStore = field(default_factory=FakeSecretStore)
    wait: Callable[[float], None] = lambda _seconds: None

    @property
    def refresher(self) -> Refresher:
        return Refresher(
            transport=self.transport,
            secrets=self.secrets,
            dog_files=self.dogs,
            replaced_tickets=self.tickets,
            account_lock=self.lock,
            history=self.history,
            errcode_catalog=CATALOGUE,
            clock=self.clock,
            exporter=self.exporter if self.has_exports else None,
            sharing=self._sharing_parts,
        )

    @property
    def _sharing_parts(self) -> SharingParts | None:
        store = self.shared_store
        return None if store is None else SharingParts(store, self.sharing_journal, self.wait)

    def make_sharing_service(self) -> SharingService:
        store = self.shared_store or FakeSharedStore(InMemoryRedis(self.clock), self.clock)
        return SharingService(
            store=store,
            passwords=self.redis_passwords,
            accounts=self.accounts,
            account_service=self.account_service,
            refresher=self.refresher,
            journal=self.sharing_journal,
            dog_files=OwnValues(self.dogs, lambda: self.history, self.clock),
        )

    @property
    def exporter(self) -> Exporter:
        return Exporter(
            dog_files=self.dogs,
            export_files=self.export_files,
            command_runner=self.command_runner,
            journal=self.export_journal,
            export_lock=self.exports_lock,
            clock=self.clock,
        )

    @property
    def account_service(self) -> AccountService:
        return AccountService(
            transport=self.transport,
            secrets=self.secrets,
            proxy_passwords=self.proxy_passwords,
            accounts=self.accounts,
            dog_files=self.dogs,
            account_lock=self.lock,
            history=self.history,
            errcode_catalog=CATALOGUE,
            clock=self.clock,
            import_recovery=self.import_recovery,
            validator=self.account_validator,
        )

    @property
    def account_removals(self) -> AccountRemovals:
        return AccountRemovals(
            secrets=self.secrets,
            proxy_passwords=self.proxy_passwords,
            accounts=self.accounts,
            dog_files=self.dogs,
            recent_urls=self.recent_urls,
            account_lock=self.lock,
            clock=self.clock,
            import_recovery=self.import_recovery,
            validator=self.account_validator,
            redis_passwords=self.redis_passwords,
            sharing_journal=self.sharing_journal,
        )

    @property
    def account_validator(self) -> AccountValidator:
        return AccountValidator(self.dogs, self.export_files)

    @property
    def import_recovery(self) -> ImportRecovery:
        return ImportRecovery(self.secrets, self.previous_secrets, self.accounts, self.settings, self.lock)

    @property
    def account_queries(self) -> AccountQueries:
        return AccountQueries(transport=self.transport, secrets=self.secrets, dog_files=self.dogs, clock=self.clock)

    @property
    def address_query(self) -> AddressQuery:
        return AddressQuery(
            transport=self.transport,
            dog_files=self.dogs,
            history=self.history,
            clock=self.clock,
            find_proxy=lambda _account: ProxyInUse(),
        )

    @property
    def ticket_source(self) -> TicketSource:
        return TicketSource(
            dog_files=self.dogs, accounts=self.accounts, replaced_tickets=self.tickets, clock=self.clock
        )

    def put_value(
        self,
        account: Account,
        kind: TokenKind,
        value: str,
        *,
        at: float | None = None,
        lifetime_s: int = 7200,
        directory: str | None = None,
        is_foreign: bool = False,
    ) -> TokenRecord:
        """Put a `.dog` file there as Guard Dog or another program would, with a value of `at` (None: now)."""
        record = make_record(
            value,
            at=self.clock() if at is None else at,
            expires_in=lifetime_s,
            directory=self.dogs.directory(account) if directory is None else directory,
            ahead=account.ahead,
        )
        put = self.dogs.put_record if is_foreign else self.dogs.put_own_record
        put(account, kind, record)
        return record

    def value_on_disk(self, account: Account, kind: TokenKind) -> str | None:
        """Return the value on disk."""
        record = self.dogs.read(account, kind)
        return record.value if record is not None else None


@dataclass
class ScriptedServices(InMemoryServices):
    """The services with scripted replies of WeChat and a clock that only the test moves."""

    transport: FakeTransport = field(default_factory=scripted_transport)
    clock: FakeClock = field(default_factory=FakeClock)
