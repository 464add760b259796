"""What a lane can be asked to do, and what comes back."""

from dataclasses import dataclass
from enum import StrEnum
from threading import Event
from typing import TYPE_CHECKING

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.existing_files import FolderContents
from guarddog_gui.domain.errors import BadInput, FileError, LockBusy, NoSuchAccount
from guarddog_gui.domain.exports.reports import ExportStatus
from guarddog_gui.domain.refresh.history import HistoryFilter, HistoryRow
from guarddog_gui.domain.refresh.timeline import Timeline
from guarddog_gui.services.account_queries import AccountQueries, QueryAnswer
from guarddog_gui.services.accounts import (
    AccountNotSaved,
    AccountRemoved,
    AccountSaved,
    AccountService,
    SaveMode,
    VerificationResult,
)
from guarddog_gui.services.refresh import RefreshRequest, RefreshResult
from guarddog_gui.services.worker_context import WorkerContext

if TYPE_CHECKING:  # a start does without the diagnosis
    from guarddog_gui.domain.diagnosis.diagnosis_input import InvalidDiagnosisInput
    from guarddog_gui.domain.diagnosis.search import DiagnosisCancelled, NoMatch, SignatureMatch
    from guarddog_gui.services.diagnosis import DiagnosisRequest


class DiagnosisProgress:
    """The lane tells `progress` and asks `is_cancelled`; the window reads and cancels."""

    def __init__(self) -> None:
        self._cancelled = Event()
        self.tried = 0
        self.total = 0

    def update(self, tried: int, total: int) -> None:
        """So many variants of so many have been tried."""
        self.tried, self.total = tried, total

    def cancel(self) -> None:
        """End soon."""
        self._cancelled.set()

    def is_cancelled(self) -> bool:
        """Whether somebody has cancelled it."""
        return self._cancelled.is_set()


@dataclass(frozen=True, slots=True)
class WriteExports:
    """Write what this account's outlets do not have yet."""

    account: Account


@dataclass(frozen=True, slots=True)
class ExportsWritten:
    """How they stand now."""

    statuses: tuple[ExportStatus, ...]


@dataclass(frozen=True, slots=True)
class VerifyCredentials:
    """Try these credentials; `secret` None means the stored one."""

    account: Account
    secret: Secret | None


@dataclass(frozen=True, slots=True)
class SaveAccount:
    """Add or change this account; `secret` None keeps the stored one. For the rest see `AccountBook.save`."""

    account: Account
    secret: Secret | None
    verdict: VerificationResult | None = None
    mode: SaveMode = SaveMode.ADD_OR_CHANGE
    edited_from: Account | None = None


@dataclass(frozen=True, slots=True)
class RemoveAccount:
    """Forget this account."""

    account: Account
    purge: bool = False


class QueryKind(StrEnum):
    """What can be asked of WeChat about an account."""

    TOKEN_VALID = "alive"  # noqa: S105 - does our token live
    RID = "rid"  # what is this request about
    QUOTAS = "quotas"
    CLEAR_QUOTA = "clear quota"  # ten times a month


@dataclass(frozen=True, slots=True)
class QueryWeChat:
    """Ask WeChat about an account; `rid` is for that question only."""

    account: Account
    kind: QueryKind
    rid: str = ""


@dataclass(frozen=True, slots=True)
class QueryResult:
    """What WeChat said."""

    answer: QueryAnswer


@dataclass(frozen=True, slots=True)
class TimelineQuery:
    """Read the timeline of these accounts between two moments (Unix seconds)."""

    appids: tuple[str, ...]
    since: float
    until: float
    columns: int


@dataclass(frozen=True, slots=True)
class HistoryPageQuery:
    """Read a page of the history: at most `limit` rows after the row `before_id`, or from the newest."""

    history_filter: HistoryFilter
    before_id: int | None
    limit: int


@dataclass(frozen=True, slots=True)
class HistoryPageResult:
    """A page of the history, newest first."""

    rows: tuple[HistoryRow, ...]


@dataclass(frozen=True, slots=True)
class Diagnose:
    """Find the mistake in a signature that was made for this account, with all tickets that are known."""

    account: Account
    request: "DiagnosisRequest"
    progress: DiagnosisProgress


@dataclass(frozen=True, slots=True)
class DiagnosisResult:
    """What came of it."""

    result: "SignatureMatch | NoMatch | DiagnosisCancelled | InvalidDiagnosisInput"


@dataclass(frozen=True, slots=True)
class RememberUrl:
    """Remember an address that was signed for this account; without one, forget all of them."""

    appid: str
    url: str | None


@dataclass(frozen=True, slots=True)
class InspectFolder:
    """Look into the folder that somebody has chosen for the `.dog` files of this account."""

    account: Account


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Do what has to be done now and then."""


@dataclass(frozen=True, slots=True)
class MaintenanceDone:
    """It is done."""


@dataclass(frozen=True, slots=True)
class JobFailed:
    """The job could not be done for a reason that a person can read."""

    error: BadInput | FileError | LockBusy | NoSuchAccount


@dataclass(frozen=True, slots=True)
class JobCrashed:
    """An exception that nobody expected; the log has it."""

    exception_name: str


Job = (
    RefreshRequest
    | WriteExports
    | VerifyCredentials
    | SaveAccount
    | RemoveAccount
    | QueryWeChat
    | TimelineQuery
    | HistoryPageQuery
    | Diagnose
    | RememberUrl
    | InspectFolder
    | Maintenance
)
JobResult = (
    tuple[RefreshResult, ...]
    | ExportsWritten
    | VerificationResult
    | AccountSaved
    | AccountNotSaved
    | AccountRemoved
    | QueryResult
    | Timeline
    | HistoryPageResult
    | DiagnosisResult
    | FolderContents
    | MaintenanceDone
    | JobFailed
    | JobCrashed
)


def run_job(job: Job, context: WorkerContext) -> JobResult:
    """Do it, in the thread of the engine. Expected exceptions come back as Trouble."""
    try:
        match job:
            case RefreshRequest():
                return context.refresher.refresh_without_exports(
                    job
                )  # a slow command is no part of a refresh: see HandOn
            case WriteExports(account):
                return ExportsWritten(context.exporter.export(account))
            case VerifyCredentials() | SaveAccount() | RemoveAccount():
                return _run_account_job(job, context.account_service)
            case QueryWeChat():
                return QueryResult(_run_query(job, context.account_queries))
            case TimelineQuery() | HistoryPageQuery() | InspectFolder():
                return _run_read_job(job, context)
            case Diagnose():
                return DiagnosisResult(_run_diagnosis(job, context))
            case RememberUrl() | Maintenance():
                _run_maintenance(job, context)
                return MaintenanceDone()
    except (BadInput, FileError, LockBusy, NoSuchAccount) as reason:
        return JobFailed(reason)


def _run_account_job(
    job: VerifyCredentials | SaveAccount | RemoveAccount, accounts: AccountService
) -> VerificationResult | AccountSaved | AccountNotSaved | AccountRemoved:
    match job:
        case VerifyCredentials(account, secret):
            return accounts.verify_credentials(account, secret)
        case SaveAccount(account, secret, verdict, draft, seen):
            return accounts.save(account, secret, verdict, mode=draft, edited_from=seen)
        case RemoveAccount(account, purge):
            return accounts.remove(account.appid, purge=purge)


def _run_read_job(
    job: TimelineQuery | HistoryPageQuery | InspectFolder, context: WorkerContext
) -> Timeline | HistoryPageResult | FolderContents:
    match job:
        case TimelineQuery(appids, since, until, columns):
            return context.read_timeline(appids, since, until, columns)
        case HistoryPageQuery(wanted, before_id, limit):
            return HistoryPageResult(context.read_history_page(wanted, before_id, limit))
        case InspectFolder(account):
            return context.account_service.inspect_folder(account)


def _run_diagnosis(
    job: Diagnose, context: WorkerContext
) -> "SignatureMatch | NoMatch | DiagnosisCancelled | InvalidDiagnosisInput":
    from guarddog_gui.domain.diagnosis.diagnosis_input import validate_diagnosis_input
    from guarddog_gui.domain.diagnosis.search import diagnose

    evidence = job.request.to_input(context.tickets.collect(job.account))
    search = job.progress
    return validate_diagnosis_input(evidence) or diagnose(evidence, search.update, search.is_cancelled)


def _run_maintenance(job: RememberUrl | Maintenance, context: WorkerContext) -> None:
    match job:
        case Maintenance():
            context.run_maintenance()
        case RememberUrl(appid, None):
            context.recent_urls.clear(appid)
        case RememberUrl(appid, url):
            context.recent_urls.add(appid, url or "")


def _run_query(job: QueryWeChat, queries: AccountQueries) -> QueryAnswer:
    match job.kind:
        case QueryKind.TOKEN_VALID:
            return queries.check_token(job.account)
        case QueryKind.RID:
            return queries.get_rid_report(job.account, job.rid)
        case QueryKind.QUOTAS:
            return queries.get_quotas(job.account)
        case QueryKind.CLEAR_QUOTA:
            return queries.clear_quota(job.account)
