"""What a lane can be asked to do, and what comes back."""

from dataclasses import dataclass
from enum import StrEnum
from threading import Event
from typing import TYPE_CHECKING

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.existing_files import FoundFolder
from guarddog_gui.domain.errors import BadInput, FileTrouble, LockBusy, NoSuchAccount
from guarddog_gui.domain.exports.reports import OutletReport
from guarddog_gui.domain.refresh.history import HistoryFilter, HistoryRow
from guarddog_gui.domain.refresh.timeline import Timeline
from guarddog_gui.services.account_queries import Heard, Inquirer
from guarddog_gui.services.accounts import AccountBook, Draft, NotSaved, Removed, Saved, Verdict
from guarddog_gui.services.refresh import Order, Outcome
from guarddog_gui.services.worker_context import Engine

if TYPE_CHECKING:  # a start does without the diagnosis
    from guarddog_gui.domain.diagnosis.search import BadEvidence, Cancelled, Match, NoMatch
    from guarddog_gui.services.diagnosis import Complaint


class Search:
    """The lane tells `progress` and asks `is_cancelled`; the window reads and cancels."""

    def __init__(self) -> None:
        self._cancelled = Event()
        self.done = 0
        self.all = 0

    def progress(self, done: int, every: int) -> None:
        """So many variants of so many have been tried."""
        self.done, self.all = done, every

    def cancel(self) -> None:
        """End soon."""
        self._cancelled.set()

    def is_cancelled(self) -> bool:
        """Whether somebody has cancelled it."""
        return self._cancelled.is_set()


@dataclass(frozen=True, slots=True)
class HandOn:
    """Write what this account's outlets do not have yet."""

    account: Account


@dataclass(frozen=True, slots=True)
class HandedOn:
    """How they stand now."""

    reports: tuple[OutletReport, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """Try these credentials; `secret` None means the stored one."""

    account: Account
    secret: Secret | None


@dataclass(frozen=True, slots=True)
class Save:
    """Add or change this account; `secret` None keeps the stored one. For the rest see `AccountBook.save`."""

    account: Account
    secret: Secret | None
    verdict: Verdict | None = None
    draft: Draft = Draft.ANY
    seen: Account | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Forget this account."""

    account: Account
    purge: bool = False


class Question(StrEnum):
    """What can be asked of WeChat about an account."""

    ALIVE = "alive"  # does our token live
    RID = "rid"  # what is this request about
    QUOTAS = "quotas"
    CLEAR_QUOTA = "clear quota"  # ten times a month


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask WeChat about an account; `rid` is for that question only."""

    account: Account
    question: Question
    rid: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What WeChat said."""

    heard: Heard


@dataclass(frozen=True, slots=True)
class Draw:
    """Read the timeline of these accounts between two moments (Unix seconds)."""

    appids: tuple[str, ...]
    since: float
    until: float
    columns: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """Read a page of the history: at most `limit` rows after the row `before_id`, or from the newest."""

    wanted: HistoryFilter
    before_id: int | None
    limit: int


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of the history, newest first."""

    rows: tuple[HistoryRow, ...]


@dataclass(frozen=True, slots=True)
class Diagnose:
    """Find the mistake in a signature that was made for this account, with all tickets that are known."""

    account: Account
    complaint: "Complaint"
    search: Search


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What came of it."""

    result: "Match | NoMatch | Cancelled | BadEvidence"


@dataclass(frozen=True, slots=True)
class NoteUrl:
    """Remember an address that was signed for this account; without one, forget all of them."""

    appid: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Survey:
    """Look into the folder that somebody has chosen for the `.dog` files of this account."""

    account: Account


@dataclass(frozen=True, slots=True)
class Tidy:
    """Do what has to be done now and then."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """It is done."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """The job could not be done for a reason that a person can read."""

    reason: BadInput | FileTrouble | LockBusy | NoSuchAccount


@dataclass(frozen=True, slots=True)
class Crash:
    """An exception that nobody expected; the log has it."""

    text: str


Job = Order | HandOn | Check | Save | Remove | Ask | Draw | Leaf | Diagnose | NoteUrl | Survey | Tidy
Done = (
    tuple[Outcome, ...]
    | HandedOn
    | Verdict
    | Saved
    | NotSaved
    | Removed
    | Answered
    | Timeline
    | Rows
    | Diagnosis
    | FoundFolder
    | Tidied
    | Trouble
    | Crash
)


def carry_out(job: Job, engine: Engine) -> Done:
    """Do it, in the thread of the engine. Expected exceptions come back as Trouble."""
    try:
        match job:
            case Order():
                return engine.refresher.attempt(job)  # a slow command is no part of a refresh: see HandOn
            case HandOn(account):
                return HandedOn(engine.outlets.hand_on(account))
            case Check() | Save() | Remove():
                return _in_book(job, engine.book)
            case Ask():
                return Answered(_ask(job, engine.inquirer))
            case Draw() | Leaf() | Survey():
                return _read(job, engine)
            case Diagnose():
                return Diagnosis(_diagnosed(job, engine))
            case NoteUrl() | Tidy():
                _tidy(job, engine)
                return Tidied()
    except (BadInput, FileTrouble, LockBusy, NoSuchAccount) as reason:
        return Trouble(reason)


def _in_book(job: Check | Save | Remove, book: AccountBook) -> Verdict | Saved | NotSaved | Removed:
    match job:
        case Check(account, secret):
            return book.check(account, secret)
        case Save(account, secret, verdict, draft, seen):
            return book.save(account, secret, verdict, draft=draft, seen=seen)
        case Remove(account, purge):
            return book.remove(account.appid, purge=purge)


def _read(job: Draw | Leaf | Survey, engine: Engine) -> Timeline | Rows | FoundFolder:
    match job:
        case Draw(appids, since, until, columns):
            return engine.timeline(appids, since, until, columns)
        case Leaf(wanted, before_id, limit):
            return Rows(engine.page(wanted, before_id, limit))
        case Survey(account):
            return engine.book.survey(account)


def _diagnosed(job: Diagnose, engine: Engine) -> "Match | NoMatch | Cancelled | BadEvidence":
    from guarddog_gui.domain.diagnosis.search import bad_evidence, diagnose

    evidence = job.complaint.evidence(engine.shelf.tickets(job.account))
    search = job.search
    return bad_evidence(evidence) or diagnose(evidence, search.progress, search.is_cancelled)


def _tidy(job: NoteUrl | Tidy, engine: Engine) -> None:
    match job:
        case Tidy():
            engine.tidy()
        case NoteUrl(appid, None):
            engine.recent_urls.clear(appid)
        case NoteUrl(appid, url):
            engine.recent_urls.remember(appid, url or "")


def _ask(job: Ask, inquirer: Inquirer) -> Heard:
    match job.question:
        case Question.ALIVE:
            return inquirer.is_alive(job.account)
        case Question.RID:
            return inquirer.about_rid(job.account, job.rid)
        case Question.QUOTAS:
            return inquirer.quotas(job.account)
        case Question.CLEAR_QUOTA:
            return inquirer.clear_quota(job.account)
