"""Jobs about one account and reads of the history, as windows start them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.existing_files import FolderContents
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import (
    CLEAR_QUOTA_KEY,
    AttemptResult,
    CallCount,
    HistoryEntry,
    HistoryFilter,
    HistoryRow,
    Trigger,
)
from guarddog_gui.domain.refresh.timeline import Timeline
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog, ErrcodeKind, beijing_day_start, beijing_month_start
from guarddog_gui.domain.wechat.protocol import Refusal
from guarddog_gui.runtime import jobs
from guarddog_gui.runtime.disk.bounded_calls import BoundedCalls
from guarddog_gui.runtime.jobs import JobHandle, QueryKind
from guarddog_gui.runtime.qt_core import QObject, Signal, Slot
from guarddog_gui.runtime.worker_pool import WorkerPool
from guarddog_gui.services.ports import Clock, HistoryStore

if TYPE_CHECKING:  # the tray icon does not wait for these
    from guarddog_gui.domain.accounts.project import FoundProject
    from guarddog_gui.domain.sharing.settings import Sharing
    from guarddog_gui.domain.signing.web_authorisation import AuthorisationCode
    from guarddog_gui.domain.transfer import ImportPlan, TransferContent, TransferProblem
    from guarddog_gui.runtime.jobs import CodeAnswer
    from guarddog_gui.runtime.window.api_jobs import ApiJobs
    from guarddog_gui.runtime.window.transfer_jobs import ImportAccounts, OpenedFile
    from guarddog_gui.services.account_queries import QueryAnswer
    from guarddog_gui.services.accounts.account_service import AccountNotSaved, AccountSaved, SaveMode
    from guarddog_gui.services.accounts.account_verification import VerificationResult
    from guarddog_gui.services.accounts.sharing_service import AccountShared, NotShared, SharingPreview
    from guarddog_gui.services.accounts.transfer import NotExported, NotImported
    from guarddog_gui.services.own_address import AddressReport

_CALLS_LANE, _CLEARS_LANE, _FORCE_LANE = "calls today", "quota clears", "force allowance"


class AccountJobs(QObject):
    """Submits the jobs, and reports what they mean for the rest of the program before their handles do."""

    account_saved = Signal(object)  # Account
    token_refused = Signal(object)  # HistoryEntry: WeChat refuses a token that should still be valid

    def __init__(
        self, worker_pool: WorkerPool, history: HistoryStore, errcode_catalog: ErrcodeCatalog, clock: Clock
    ) -> None:
        super().__init__()
        self._worker_pool = worker_pool
        self._history = history
        self._errcode_catalog = errcode_catalog
        self._clock = clock
        self._api: ApiJobs | None = None

    @property
    def api(self) -> ApiJobs:
        """Jobs of the API console, made with its page."""
        if self._api is None:
            from guarddog_gui.runtime.window.api_jobs import ApiJobs

            self._api = ApiJobs(self._worker_pool, self)
        return self._api

    def verify_credentials(
        self, account: Account, secret: Secret | None, proxy_password: Secret | None = None
    ) -> JobHandle[VerificationResult]:
        return self._worker_pool.submit(jobs.VerifyCredentials(account, secret, proxy_password))

    def save_account(
        self,
        account: Account,
        secret: Secret | None,
        verdict: VerificationResult | None = None,
        *,
        mode: SaveMode | None = None,
        edited_from: Account | None = None,
        proxy_password: Secret | None = None,
    ) -> JobHandle[AccountSaved | AccountNotSaved]:
        job = jobs.SaveAccount(account, secret, verdict, mode, edited_from, proxy_password)
        handle = self._worker_pool.submit(job)
        handle.finished.connect(self._on_save_finished)
        return handle

    def inspect_folder(self, account: Account) -> JobHandle[FolderContents]:
        return self._worker_pool.submit(jobs.InspectFolder(account))

    def read_project_folder(self, folder: str) -> JobHandle[FoundProject]:
        return self._worker_pool.submit(jobs.ReadProjectFolder(folder))

    def export_accounts(self, path: str, passphrase: Secret) -> JobHandle[TransferContent | NotExported]:
        from guarddog_gui.runtime.window.transfer_jobs import ExportAccounts  # rarely needed

        return self._worker_pool.submit(ExportAccounts(path, passphrase))

    def read_transfer_file(self, path: str, passphrase: Secret) -> JobHandle[OpenedFile | TransferProblem]:
        from guarddog_gui.runtime.window.transfer_jobs import ReadTransferFile  # rarely needed

        return self._worker_pool.submit(ReadTransferFile(path, passphrase))

    def import_accounts(self, job: ImportAccounts) -> JobHandle[ImportPlan | NotImported]:
        return self._worker_pool.submit(job)

    def share_account(
        self, account: Account, sharing: Sharing, password: Secret | None, *, checks: bool = True
    ) -> JobHandle[AccountShared | NotShared]:
        from guarddog_gui.runtime.window.sharing_jobs import ShareAccount  # most accounts are not shared

        handle = self._worker_pool.submit(ShareAccount(account, sharing, password, checks))
        handle.finished.connect(self._on_share_finished)
        return handle

    def unshare_account(self, account: Account) -> JobHandle[AccountShared | NotShared]:
        from guarddog_gui.runtime.window.sharing_jobs import UnshareAccount

        handle = self._worker_pool.submit(UnshareAccount(account))
        handle.finished.connect(self._on_share_finished)
        return handle

    def preview_sharing(self, account: Account, sharing: Sharing, password: Secret | None) -> JobHandle[SharingPreview]:
        from guarddog_gui.runtime.window.sharing_jobs import PreviewSharing

        return self._worker_pool.submit(PreviewSharing(account, sharing, password))

    def query_wechat(self, account: Account, kind: QueryKind, rid: str = "") -> JobHandle[QueryAnswer]:
        handle = self._worker_pool.submit(jobs.QueryWeChat(account, kind, rid))
        handle.finished.connect(self._on_query_answered)
        return handle

    def find_address(self, account: Account, *, asks: bool = False) -> JobHandle[AddressReport]:
        return self._worker_pool.submit(jobs.FindAddress(account, asks))

    def exchange_code(self, account: Account, code: AuthorisationCode) -> JobHandle[CodeAnswer]:
        return self._worker_pool.submit(jobs.ExchangeCode(account, code))

    @Slot(object)
    def _on_save_finished(self, result: AccountSaved | AccountNotSaved) -> None:
        from guarddog_gui.services.accounts.account_service import AccountSaved

        if isinstance(result, AccountSaved):
            self.account_saved.emit(result.account)

    @Slot(object)
    def _on_share_finished(self, outcome: AccountShared | NotShared) -> None:
        from guarddog_gui.services.accounts.sharing_service import AccountShared

        if isinstance(outcome, AccountShared):
            self.account_saved.emit(outcome.account)

    @Slot(object, object)
    def _on_query_answered(self, answer: QueryAnswer, query: jobs.QueryWeChat) -> None:
        from guarddog_gui.domain.wechat import account_queries

        appid = query.account.appid
        match query.kind, answer:
            case QueryKind.TOKEN_VALID, Refusal():
                # the refusal may also be about, say, a quota
                endpoint = account_queries.TOKEN_CHECK_ENDPOINT
                if self._errcode_catalog.kind_for(answer.errcode, endpoint) is ErrcodeKind.TOKEN:
                    entry = self._make_refused_entry(appid, TokenKind.ACCESS_TOKEN.value, answer, endpoint)
                    self.token_refused.emit(replace(entry, detail=policy.SUPERSEDED))
            case QueryKind.CLEAR_QUOTA, account_queries.QuotaCleared():
                now, result = self._clock(), AttemptResult.QUOTA_CLEARED
                self._record(HistoryEntry(now, appid, CLEAR_QUOTA_KEY, Trigger.USER, result, calls=1))
            case QueryKind.CLEAR_QUOTA, Refusal():
                entry = self._make_refused_entry(appid, CLEAR_QUOTA_KEY, answer, "clear_quota")
                self._record(replace(entry, calls=1))

    def _record(self, entry: HistoryEntry) -> None:
        """Add an entry to the history; queries see it at once, the disk gets it from a worker."""
        self._history.enqueue(entry)
        self._worker_pool.submit(jobs.FlushHistory())

    def _make_refused_entry(self, appid: str, key: str, refusal: Refusal, endpoint: str) -> HistoryEntry:
        entry = HistoryEntry(self._clock(), appid, key, Trigger.USER, AttemptResult.REFUSED, endpoint=endpoint)
        return replace(entry, errcode=refusal.errcode, errmsg=refusal.errmsg, rid=refusal.rid, ip=refusal.ip)


class HistoryQueries:
    """Questions that windows ask the history. The counts follow WeChat's limits: they begin in Beijing.

    `on_loaded` gets the answer in the main thread: at once, or when the history answers. It is not called if the
    same question has been asked again meanwhile.
    """

    def __init__(self, worker_pool: WorkerPool, history: HistoryStore, clock: Clock, calls: BoundedCalls) -> None:
        self._worker_pool = worker_pool
        self._history = history
        self._clock = clock
        self._calls = calls

    def load_timeline(self, appids: tuple[str, ...], since: float, until: float, columns: int) -> JobHandle[Timeline]:
        return self._worker_pool.submit(jobs.TimelineQuery(appids, since, until, columns))

    def load_page(self, query: jobs.HistoryPageQuery) -> JobHandle[tuple[HistoryRow, ...]]:
        return self._worker_pool.submit(query)

    def load_calls_today(
        self, appids: Sequence[str], on_loaded: Callable[[tuple[tuple[str, CallCount], ...]], None]
    ) -> None:
        """Count today's calls of these accounts."""
        since, wanted = beijing_day_start(self._clock()), tuple(appids)

        def count() -> tuple[tuple[str, CallCount], ...]:
            return tuple((appid, self._history.count_calls(appid, since)) for appid in wanted)

        self._calls.ask(_CALLS_LANE, count, on_loaded)

    def load_quota_clears_this_month(self, appid: str, on_loaded: Callable[[int], None]) -> None:
        """Count how often the quota of this account was cleared."""
        attempts = HistoryFilter(appid=appid, key=CLEAR_QUOTA_KEY, since=beijing_month_start(self._clock()))

        def count() -> int:
            return self._history.count(attempts) - self._history.count(replace(attempts, only_failures=True))

        self._calls.ask(_CLEARS_LANE, count, on_loaded)

    def load_force_allowance(self, appid: str, on_loaded: Callable[[policy.ForceAllowance], None]) -> None:
        """Find out whether a new token may be forced now."""
        now = self._clock()

        def find() -> policy.ForceAllowance:
            return policy.force_allowance(self._history.count_calls(appid, beijing_day_start(now)), now)

        self._calls.ask(_FORCE_LANE, find, on_loaded)
