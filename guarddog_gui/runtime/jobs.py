"""Jobs for the worker threads: each is a value that knows how to run itself in a `WorkerContext`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import StrEnum
from threading import Event
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.existing_files import FolderContents
from guarddog_gui.domain.accounts.removal import PendingRemoval
from guarddog_gui.domain.errors import BadInput, FileError, LockBusy, NoSuchAccount
from guarddog_gui.domain.exports.reports import ExportStatus
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryFilter, HistoryRow
from guarddog_gui.domain.refresh.timeline import Timeline
from guarddog_gui.domain.wechat.protocol import Refusal
from guarddog_gui.runtime.disk.readings import AccountReading, DiskReader, KnownAccount
from guarddog_gui.runtime.qt_core import QObject, Signal
from guarddog_gui.services.calls.refresh_request import RefreshRequest, RefreshResult

if TYPE_CHECKING:  # what does the work is imported by the worker thread: the tray icon does not wait for it
    from guarddog_gui.domain.accounts.project import FoundProject
    from guarddog_gui.domain.diagnosis.diagnosis_input import InvalidDiagnosisInput
    from guarddog_gui.domain.diagnosis.search import DiagnosisCancelled, NoMatch, SignatureMatch
    from guarddog_gui.domain.readiness.target import CheckTarget
    from guarddog_gui.domain.releases import Release
    from guarddog_gui.domain.signing.web_authorisation import AuthorisationCode, WebAuthorisation
    from guarddog_gui.domain.wechat.protocol import TransportFailure
    from guarddog_gui.services.account_queries import NoSecret, QueryAnswer
    from guarddog_gui.services.accounts.account_removals import AccountRemoved
    from guarddog_gui.services.accounts.account_service import AccountNotSaved, AccountSaved, SaveMode
    from guarddog_gui.services.accounts.account_verification import VerificationResult
    from guarddog_gui.services.diagnosis import DiagnosisRequest
    from guarddog_gui.services.own_address import AddressReport
    from guarddog_gui.services.page_check import CheckStopped, PageReport
    from guarddog_gui.services.worker_context import WorkerContext

    CodeAnswer = WebAuthorisation | Refusal | TransportFailure | NoSecret
    DiagnosisOutcome = SignatureMatch | NoMatch | DiagnosisCancelled | InvalidDiagnosisInput

log = logging.getLogger(__name__)

ResultT = TypeVar("ResultT")
ResultT_co = TypeVar("ResultT_co", covariant=True)


class Job(Protocol[ResultT_co]):
    """Work that may wait for the network, the keyring or the disk."""

    def run(self, context: WorkerContext) -> ResultT_co:
        """Do the work in a worker thread. `EXPECTED_ERRORS` become a `JobFailed`, others a `JobCrashed`."""


EXPECTED_ERRORS = (BadInput, FileError, LockBusy, NoSuchAccount)


class JobFailed(Struct, frozen=True):
    """Refusal of a job for a reason that can be explained to the user."""

    error: BadInput | FileError | LockBusy | NoSuchAccount


class JobCrashed(Struct, frozen=True):
    """Unexpected exception in a job; the log has its traceback."""

    exception_name: str


JobFailure = JobFailed | JobCrashed


class JobHandle(QObject, Generic[ResultT]):
    """One submitted job. Exactly one of its two signals is emitted, once, in the main thread.

    `handle.disconnect(receiver)` is for receivers that are no longer interested. After the worker pool has
    been stopped, nothing is emitted.
    """

    finished = Signal(object, object)  # the result of `Job.run`, the job
    failed = Signal(object, object)  # JobFailed or JobCrashed, the job

    def __init__(self, job: Job[ResultT]) -> None:
        super().__init__()
        self.job = job

    def notify(
        self,
        on_finished: Callable[[ResultT], None] | Callable[[ResultT, Any], None],
        on_failed: Callable[[JobFailure], None] | Callable[[JobFailure, Any], None],
    ) -> None:
        """Connect both signals to bound methods, which may leave out the second argument, the job."""
        self.finished.connect(on_finished)
        self.failed.connect(on_failed)


class DiagnosisProgress:
    """Progress of a diagnosis, written by its worker thread, and the request to cancel it."""

    def __init__(self) -> None:
        self._cancelled = Event()
        self.tried = 0
        self.total = 0

    def update(self, tried: int, total: int) -> None:
        self.tried, self.total = tried, total

    def cancel(self) -> None:
        """Request the end of the diagnosis; it stops at its next check."""
        self._cancelled.set()

    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()


class RefreshOutcome(Struct, frozen=True):
    """Results of a request, and what is on disk after it."""

    results: tuple[RefreshResult, ...]
    reading: AccountReading | None = None


class RefreshTokens(Struct, frozen=True):
    """Refresh the keys of one account, without the exports: a slow command must not delay the refresh."""

    request: RefreshRequest
    reader: DiskReader

    def run(self, context: WorkerContext) -> RefreshOutcome:
        return self.with_reading(context.refresher.refresh_without_exports(self.request))

    def with_reading(self, results: tuple[RefreshResult, ...]) -> RefreshOutcome:
        """Read the disk once more; the history only if attempts of another process may be in it."""
        may_be_of_others = (AttemptResult.ADOPTED, AttemptResult.SHARED, AttemptResult.STILL_FRESH)
        needs_history = any(result.entry.result in may_be_of_others for result in results)
        known = KnownAccount(self.request.account, needs_history=needs_history)
        return RefreshOutcome(results, self.reader.read_account(known))


class WriteExports(Struct, frozen=True):
    """Write the values that the export targets of an account do not have yet."""

    account: Account

    def run(self, context: WorkerContext) -> tuple[ExportStatus, ...]:
        return context.exporter.export(self.account)


class VerifyCredentials(Struct, frozen=True):
    """Try credentials at WeChat; None stands for what the keyring has."""

    account: Account
    secret: Secret | None
    proxy_password: Secret | None = None

    def run(self, context: WorkerContext) -> VerificationResult:
        return context.account_service.verify_credentials(self.account, self.secret, proxy_password=self.proxy_password)


class SaveAccount(Struct, frozen=True):
    """Add or change an account, see `AccountService.save`; `secret` None keeps the one in the keyring."""

    account: Account
    secret: Secret | None
    verdict: VerificationResult | None = None
    mode: SaveMode | None = None
    edited_from: Account | None = None
    proxy_password: Secret | None = None

    def run(self, context: WorkerContext) -> AccountSaved | AccountNotSaved:
        from guarddog_gui.services.accounts.account_service import SaveMode

        mode = self.mode or SaveMode.ADD_OR_CHANGE
        return context.account_service.save(
            self.account,
            self.secret,
            self.verdict,
            mode=mode,
            edited_from=self.edited_from,
            proxy_password=self.proxy_password,
        )


class RemoveAccount(Struct, frozen=True):
    """Remove an account; `purge` deletes its files too."""

    account: Account
    purge: bool = False

    def run(self, context: WorkerContext) -> AccountRemoved:
        return context.account_removals.remove(self.account.appid, purge=self.purge)


class RemoveAccountLater(Struct, frozen=True):
    """Take an account out of the list in a way that can be undone, see `AccountRemovals.remove_later`."""

    account: Account

    def run(self, context: WorkerContext) -> PendingRemoval:
        return context.account_removals.remove_later(self.account.appid)


class UndoRemoval(Struct, frozen=True):
    """Put a removed account back into the list."""

    appid: str

    def run(self, context: WorkerContext) -> Account:
        return context.account_removals.undo(self.appid)


class FinishRemovals(Struct, frozen=True):
    """Finish the removals that can no longer be undone, and return the others."""

    def run(self, context: WorkerContext) -> tuple[PendingRemoval, ...]:
        for removed in context.account_removals.finish_pending():
            error = removed.secret_error or removed.file_error
            log.warning("%s is not removed completely: %s", removed.account.appid, type(error).__name__)
        return context.account_removals.recent()


class QueryKind(StrEnum):
    """Questions about an account that WeChat answers without issuing a token."""

    TOKEN_VALID = "alive"  # noqa: S105 - whether WeChat accepts the current token
    RID = "rid"  # details of one request
    QUOTAS = "quotas"
    CLEAR_QUOTA = "clear quota"  # ten times a month


class QueryWeChat(Struct, frozen=True):
    """Ask WeChat about an account; `rid` belongs to `QueryKind.RID`."""

    account: Account
    kind: QueryKind
    rid: str = ""

    def run(self, context: WorkerContext) -> QueryAnswer:
        queries = context.account_queries
        match self.kind:
            case QueryKind.TOKEN_VALID:
                answer = queries.check_token(self.account)
                if isinstance(answer, Refusal):
                    context.refresher.token_checks.forget_refused(self.account, answer)
                return answer
            case QueryKind.RID:
                return queries.get_rid_report(self.account, self.rid)
            case QueryKind.QUOTAS:
                return queries.get_quotas(self.account)
            case QueryKind.CLEAR_QUOTA:
                return queries.clear_quota(self.account)


class ExchangeCode(HiddenFields, Struct, frozen=True):
    """Exchange the code of a web authorisation for the user's openid."""

    hidden_fields = ("code",)

    account: Account
    code: AuthorisationCode

    def run(self, context: WorkerContext) -> CodeAnswer:
        return context.account_queries.exchange_code(self.account, self.code)


class TimelineQuery(Struct, frozen=True):
    """Read the timeline of these accounts between two moments (Unix seconds)."""

    appids: tuple[str, ...]
    since: float
    until: float
    columns: int

    def run(self, context: WorkerContext) -> Timeline:
        return context.read_timeline(self.appids, self.since, self.until, self.columns)


class HistoryPageQuery(Struct, frozen=True):
    """Read at most `limit` history rows, newest first, from before the row `before_id` (None: the newest)."""

    history_filter: HistoryFilter
    before_id: int | None
    limit: int

    def run(self, context: WorkerContext) -> tuple[HistoryRow, ...]:
        return context.read_history_page(self.history_filter, self.before_id, self.limit)


class IncidentPageQuery(HistoryPageQuery, frozen=True):
    """Read a page of history rows with the outcomes of their failures."""

    def run(self, context: WorkerContext) -> tuple[HistoryRow, ...]:
        return context.add_outcomes(super().run(context))


class RememberUrl(Struct, frozen=True):
    """Add a page URL to the recently signed ones of an account; `url` None removes all of them."""

    appid: str
    url: str | None

    def run(self, context: WorkerContext) -> None:
        if self.url is None:
            context.recent_urls.clear(self.appid)
        else:
            context.recent_urls.add(self.appid, self.url)


class FlushHistory(Struct, frozen=True):
    """Write the history entries that are in memory only."""

    def run(self, context: WorkerContext) -> None:
        context.refresher.history.flush()


# these have threads to themselves, see `WorkerPool`
HISTORY_JOBS: tuple[type, ...] = (TimelineQuery, HistoryPageQuery, IncidentPageQuery, RememberUrl, FlushHistory)
EXPORT_JOBS: tuple[type, ...] = (WriteExports,)


class Diagnose(Struct, frozen=True):
    """Find the mistake in a signature that was made for this account, with all known tickets."""

    account: Account
    request: DiagnosisRequest
    progress: DiagnosisProgress

    def run(self, context: WorkerContext) -> DiagnosisOutcome:
        from guarddog_gui.domain.diagnosis.diagnosis_input import validate_diagnosis_input
        from guarddog_gui.domain.diagnosis.search import diagnose

        diagnosis_input = self.request.to_input(context.tickets.collect(self.account))
        return validate_diagnosis_input(diagnosis_input) or diagnose(
            diagnosis_input, self.progress.update, self.progress.is_cancelled
        )


class FindAddress(Struct, frozen=True):
    """Find out which address WeChat sees for an account: from the history, or by asking WeChat (`asks`)."""

    account: Account
    asks: bool = False

    def run(self, context: WorkerContext) -> AddressReport:
        return context.make_address_query().report(self.account, asks=self.asks)


class CheckPage(Struct, frozen=True):
    """Ask the host of a page if the page is ready for the JS-SDK; `cancelled` ends it before the next request."""

    target: CheckTarget
    account: Account | None
    cancelled: Event

    def run(self, context: WorkerContext) -> PageReport | CheckStopped:
        return context.make_page_checker().check(self.target, self.account, self.cancelled.is_set)


class InspectFolder(Struct, frozen=True):
    """Look for existing `.dog` files in the folder that the user has chosen for an account."""

    account: Account

    def run(self, context: WorkerContext) -> FolderContents:
        return context.account_service.inspect_folder(self.account)


class ReadProjectFolder(Struct, frozen=True):
    """Look for AppIDs, secrets and live values in the folder of a project."""

    folder: str

    def run(self, context: WorkerContext) -> FoundProject:
        return context.read_project_folder(self.folder)


class FindRelease(Struct, frozen=True):
    """Ask for the newest version of Guard Dog."""

    def run(self, context: WorkerContext) -> Release | None:
        return context.find_release()


class Maintenance(Struct, frozen=True):
    """Finish pending removals, trim the history and remove temporary files of processes that were killed."""

    def run(self, context: WorkerContext) -> tuple[Exception, ...]:
        """Return the errors, also logged; what one file prevents does not keep the rest from being done."""
        errors: list[Exception] = []
        try:
            FinishRemovals().run(context)
        except (FileError, OSError) as error:
            log.warning("removals cannot be finished: %s", error)
            errors.append(error)
        return (*errors, *context.run_maintenance())
