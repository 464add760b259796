"""What the pages about signatures talk to: signs, gets a ticket where there is none, keeps addresses."""

from PySide6.QtCore import QObject, Signal, Slot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import Diagnose, DiagnosisProgress, JobResult, RememberUrl
from guarddog_gui.runtime.worker_pool import WorkerPool
from guarddog_gui.services.card_signing import (
    CardChoiceRequest,
    CardExtRequest,
    CardSigner,
    CardTicketDisabled,
    SignedCard,
)
from guarddog_gui.services.diagnosis import DiagnosisRequest
from guarddog_gui.services.ports import Clock, DogFileStore, RecentUrlStore
from guarddog_gui.services.refresh import RefreshResult
from guarddog_gui.services.signing import NotSigned, PageSigner, SignedPage, SignRequest

TICKET = TokenKind.JSAPI_TICKET


class SigningController(QObject):
    """Lives in the main thread. Small local files are read here; what may wait goes to a lane."""

    ticket_refreshed = Signal(str, object)  # appid, and the Outcome of the refresh that a page had wished for
    diagnosed = Signal(object, object)  # Search, and what came of it: Diagnosis, Trouble or Crash

    def __init__(
        self,
        *,
        controller: Controller,
        worker_pool: WorkerPool,
        dog_files: DogFileStore,
        recent_urls: RecentUrlStore,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._worker_pool = worker_pool
        self._dog_files = dog_files
        self._clock = clock
        self._signer = PageSigner(dog_files=dog_files, clock=clock)
        self._card_signer = CardSigner(dog_files=dog_files, clock=clock)
        self._recent_urls = recent_urls
        self._pending_tickets: set[tuple[str, TokenKind]] = set()  # tickets that somebody waits for
        self._running_diagnoses: list[DiagnosisProgress] = []
        controller.refresh_attempted.connect(self._on_refresh_attempted)
        worker_pool.job_done.connect(self._on_job_done)

    def sign(self, account: Account, request: SignRequest) -> SignedPage | NotSigned:
        """The signature, or what is in the way; after NoTicket `want_ticket` may help."""
        return self._signer.sign(account, request)

    def sign_card(
        self, account: Account, request: CardExtRequest | CardChoiceRequest
    ) -> SignedCard | NotSigned | CardTicketDisabled:
        """The same for a card; its ticket is another one."""
        return self._card_signer.sign(account, request)

    def has_valid_ticket(self, account: Account) -> bool:
        """Whether a live ticket is on disk."""
        record = self._dog_files.read(account, TICKET)
        return record is not None and record.remaining_s(self._clock()) > 0

    def ensure_fresh_ticket(self, appid: str, kind: TokenKind = TICKET) -> None:
        """Have a live ticket; `ticket_came` says when, or why not. Asking twice does nothing."""
        if (appid, kind) not in self._pending_tickets:
            self._pending_tickets.add((appid, kind))
            self._controller.ensure_fresh(appid, kind)

    @Slot(object)
    def _on_refresh_attempted(self, result: RefreshResult) -> None:
        # without a live access token there is no attempt for a ticket: its failure is the answer
        failed_token = result.kind is TokenKind.ACCESS_TOKEN and not result.is_success
        answered = {
            (appid, kind)
            for appid, kind in self._pending_tickets
            if appid == result.appid and (kind is result.kind or failed_token)
        }
        if answered:
            self._pending_tickets -= answered
            self.ticket_refreshed.emit(result.appid, result)

    def diagnose(self, account: Account, request: DiagnosisRequest) -> DiagnosisProgress:
        """Look for the mistake; `diagnosed` comes with the returned search, which can be cancelled."""
        search = DiagnosisProgress()
        self._running_diagnoses.append(search)
        self._worker_pool.submit(Diagnose(account, request, search))
        return search

    @Slot(object, object)
    def _on_job_done(self, job: object, job_result: JobResult) -> None:
        if isinstance(job, Diagnose):
            self._running_diagnoses.remove(job.progress)
            self.diagnosed.emit(job.progress, job_result)

    def stop(self) -> None:
        """No search goes on."""
        for search in self._running_diagnoses:
            search.cancel()

    def recent_urls(self, appid: str) -> tuple[str, ...]:
        """The addresses that were signed for this account lately, newest first."""
        return self._recent_urls.recent(appid)

    def remember_url(self, appid: str, url: str) -> None:
        """Keep an address that was used."""
        self._worker_pool.submit(RememberUrl(appid, url))

    def forget_urls(self, appid: str) -> None:
        """Drop the addresses of this account."""
        self._worker_pool.submit(RememberUrl(appid, None))
