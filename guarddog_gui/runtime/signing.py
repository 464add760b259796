"""Signing, diagnosis and recent URLs for the pages about signatures."""

from functools import cached_property, partial
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.disk.bounded_calls import WINDOW_LANE, BoundedCalls
from guarddog_gui.runtime.jobs import (
    CheckPage,
    Diagnose,
    DiagnosisProgress,
    JobFailed,
    JobFailure,
    JobHandle,
    RememberUrl,
)
from guarddog_gui.runtime.worker_pool import WorkerPool
from guarddog_gui.services.calls.refresh_request import RefreshResult
from guarddog_gui.services.ports import Clock, DogFileReader, RecentUrlStore

if TYPE_CHECKING:
    from guarddog_gui.domain.readiness.target import CheckTarget
    from guarddog_gui.runtime.jobs import DiagnosisOutcome
    from guarddog_gui.services.diagnosis import DiagnosisRequest
    from guarddog_gui.services.page_check import CheckStopped, PageReport
    from guarddog_gui.services.signing import (
        CardChoiceRequest,
        CardExtRequest,
        CardTicketDisabled,
        NotSigned,
        SignedCard,
        SignedPage,
        Signer,
        SignRequest,
    )

TICKET = TokenKind.JSAPI_TICKET
PAGE_CHECKS_MAX = 8


class SigningController(QObject):
    """Lives in the main thread and waits for no disk: `BoundedCalls` read the files, everything else is a job.

    `ensure_fresh_ticket` may help after `sign` or `sign_card` has returned NoLiveTicket.
    """

    ticket_refreshed = Signal(str, object)  # appid, RefreshResult: answers `ensure_fresh_ticket`
    forget_urls_failed = Signal(object)  # JobFailed

    def __init__(
        self,
        controller: Controller,
        worker_pool: WorkerPool,
        dog_files: DogFileReader,
        recent_urls: RecentUrlStore,
        clock: Clock,
        calls: BoundedCalls,
        parent: QObject | None = None,
        *,
        api_base: str = "",
    ) -> None:
        super().__init__(parent)
        self.api_base = api_base  # as it was at the start
        self._controller = controller
        self._worker_pool = worker_pool
        self._dog_files = controller.quick_reader(dog_files)
        self._recent_urls = recent_urls
        self._clock = clock
        self._calls = calls
        self._pending_tickets: set[tuple[str, TokenKind]] = set()  # asked for by a page
        self._running_diagnoses: list[DiagnosisProgress] = []
        self._page_checks: list[Event] = []  # the last ones, which may still run
        controller.refresh_attempted.connect(self._on_refresh_attempted)

    @cached_property
    def _signer(self) -> "Signer":
        from guarddog_gui.services.signing import Signer  # with the URLs and the hashes: the window opens without it

        return Signer(dog_files=self._dog_files, clock=self._clock)

    def sign(self, account: Account, request: "SignRequest") -> "SignedPage | NotSigned":
        return self._signer.sign_page(account, request)

    def sign_card(
        self, account: Account, request: "CardExtRequest | CardChoiceRequest"
    ) -> "SignedCard | NotSigned | CardTicketDisabled":
        return self._signer.sign_card(account, request)

    def recent_urls(self, appid: str) -> tuple[str, ...]:
        """Return the recently signed URLs, newest first; none if the disk takes long."""
        return self._calls.call(WINDOW_LANE, partial(self._recent_urls.recent, appid), fallback=tuple[str, ...])

    def has_valid_ticket(self, account: Account) -> bool:
        record = self._dog_files.read(account, TICKET)
        return record is not None and record.remaining_s(self._clock()) > 0

    def ensure_fresh_ticket(self, appid: str, kind: TokenKind = TICKET) -> None:
        """Refresh a ticket unless it is usable, once however often it is called; see `ticket_refreshed`."""
        if (appid, kind) not in self._pending_tickets:
            self._pending_tickets.add((appid, kind))
            self._controller.ensure_fresh(appid, kind)

    @Slot(object)
    def _on_refresh_attempted(self, result: RefreshResult) -> None:
        # without a valid access token no ticket is fetched: the failure of the token is the answer
        is_token_failure = result.kind is TokenKind.ACCESS_TOKEN and not result.is_success
        answered = {
            (appid, kind)
            for appid, kind in self._pending_tickets
            if appid == result.appid and (kind is result.kind or is_token_failure)
        }
        if answered:
            self._pending_tickets -= answered
            self.ticket_refreshed.emit(result.appid, result)

    def diagnose(
        self, account: Account, request: "DiagnosisRequest", progress: DiagnosisProgress
    ) -> "JobHandle[DiagnosisOutcome]":
        """Search for the mistake in a signature; `progress` can be shown, and cancels the search."""
        handle = self._worker_pool.submit(Diagnose(account, request, progress))
        self._running_diagnoses.append(progress)
        handle.notify(self._on_diagnosis_ended, self._on_diagnosis_ended)
        return handle

    def check_page(self, target: "CheckTarget", account: Account | None) -> "JobHandle[PageReport | CheckStopped]":
        """Ask the host of a page, and no other one, if the page is ready; the job can be cancelled."""
        cancelled = Event()
        self._page_checks = [other for other in self._page_checks if not other.is_set()][-PAGE_CHECKS_MAX:]
        self._page_checks.append(cancelled)
        return self._worker_pool.submit(CheckPage(target, account, cancelled))

    @Slot(object, object)
    def _on_diagnosis_ended(self, _result: object, job: Diagnose) -> None:
        self._running_diagnoses.remove(job.progress)

    def stop(self) -> None:
        for progress in self._running_diagnoses:
            progress.cancel()
        for cancelled in self._page_checks:
            cancelled.set()

    def remember_url(self, appid: str, url: str) -> None:
        self._worker_pool.submit(RememberUrl(appid, url))

    def forget_urls(self, appid: str) -> JobHandle[None]:
        """Remove all recent URLs of this account; `forget_urls_failed` is emitted if it is impossible."""
        handle = self._worker_pool.submit(RememberUrl(appid, None))
        handle.failed.connect(self._on_forget_urls_failed)
        return handle

    @Slot(object)
    def _on_forget_urls_failed(self, failure: JobFailure) -> None:
        if isinstance(failure, JobFailed):
            self.forget_urls_failed.emit(failure)
