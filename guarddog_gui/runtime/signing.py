"""What the pages about signatures talk to: signs, gets a ticket where there is none, keeps addresses."""

from PySide6.QtCore import QObject, Signal, Slot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import Diagnose, Done, NoteUrl, Search
from guarddog_gui.runtime.worker_pool import Lanes
from guarddog_gui.services.card_signing import (
    CardChoiceWish,
    CardExtWish,
    CardSigner,
    NoCardTicket,
    SignedCard,
)
from guarddog_gui.services.diagnosis import Complaint
from guarddog_gui.services.ports import Clock, DogStore, RecentUrls
from guarddog_gui.services.refresh import Outcome
from guarddog_gui.services.signing import NotSigned, SignedPage, Signer, Wish

TICKET = TokenKind.JSAPI_TICKET


class SigningDesk(QObject):
    """Lives in the main thread. Small local files are read here; what may wait goes to a lane."""

    ticket_came = Signal(str, object)  # appid, and the Outcome of the refresh that a page had wished for
    diagnosed = Signal(object, object)  # Search, and what came of it: Diagnosis, Trouble or Crash

    def __init__(
        self,
        *,
        controller: Controller,
        lanes: Lanes,
        dogs: DogStore,
        recent_urls: RecentUrls,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._lanes = lanes
        self._dogs = dogs
        self._clock = clock
        self._signer = Signer(dogs=dogs, clock=clock)
        self._card_signer = CardSigner(dogs=dogs, clock=clock)
        self._recent_urls = recent_urls
        self._wanted: set[tuple[str, TokenKind]] = set()  # tickets that somebody waits for
        self._searches: list[Search] = []
        controller.attempted.connect(self._on_attempted)
        lanes.finished.connect(self._on_finished)

    def sign(self, account: Account, wish: Wish) -> SignedPage | NotSigned:
        """The signature, or what is in the way; after NoTicket `want_ticket` may help."""
        return self._signer.sign(account, wish)

    def sign_card(
        self, account: Account, wish: CardExtWish | CardChoiceWish
    ) -> SignedCard | NotSigned | NoCardTicket:
        """The same for a card; its ticket is another one."""
        return self._card_signer.sign(account, wish)

    def has_ticket(self, account: Account) -> bool:
        """Whether a live ticket is on disk."""
        record = self._dogs.read(account, TICKET)
        return record is not None and record.left(self._clock()) > 0

    def want_ticket(self, appid: str, kind: TokenKind = TICKET) -> None:
        """Have a live ticket; `ticket_came` says when, or why not. Asking twice does nothing."""
        if (appid, kind) not in self._wanted:
            self._wanted.add((appid, kind))
            self._controller.want(appid, kind)

    @Slot(object)
    def _on_attempted(self, outcome: Outcome) -> None:
        # without a live access token there is no attempt for a ticket: its failure is the answer
        failed_token = outcome.kind is TokenKind.ACCESS_TOKEN and not outcome.is_good
        answered = {
            (appid, kind)
            for appid, kind in self._wanted
            if appid == outcome.appid and (kind is outcome.kind or failed_token)
        }
        if answered:
            self._wanted -= answered
            self.ticket_came.emit(outcome.appid, outcome)

    def diagnose(self, account: Account, complaint: Complaint) -> Search:
        """Look for the mistake; `diagnosed` comes with the returned search, which can be cancelled."""
        search = Search()
        self._searches.append(search)
        self._lanes.submit(Diagnose(account, complaint, search))
        return search

    @Slot(object, object)
    def _on_finished(self, job: object, done: Done) -> None:
        if isinstance(job, Diagnose):
            self._searches.remove(job.search)
            self.diagnosed.emit(job.search, done)

    def stop(self) -> None:
        """No search goes on."""
        for search in self._searches:
            search.cancel()

    def recent(self, appid: str) -> tuple[str, ...]:
        """The addresses that were signed for this account lately, newest first."""
        return self._recent_urls.recent(appid)

    def remember(self, appid: str, url: str) -> None:
        """Keep an address that was used."""
        self._lanes.submit(NoteUrl(appid, url))

    def forget(self, appid: str) -> None:
        """Drop the addresses of this account."""
        self._lanes.submit(NoteUrl(appid, None))
