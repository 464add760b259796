"""What the pages about signatures talk to: signs, gets a ticket where there is none, keeps addresses."""

from PySide6.QtCore import QObject, Signal, Slot

from guarddog_gui.domain.accounts import Account
from guarddog_gui.domain.tokens import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import NoteUrl
from guarddog_gui.runtime.lanes import Lanes
from guarddog_gui.services.ports import Clock, DogStore, RecentUrls
from guarddog_gui.services.refresh import Outcome
from guarddog_gui.services.signing import NotSigned, SignedPage, Signer, Wish

TICKET = TokenKind.JSAPI_TICKET


class SigningDesk(QObject):
    """Lives in the main thread. Small local files are read here; what may wait goes to a lane."""

    ticket_came = Signal(str, object)  # appid, and the Outcome of the refresh that a page had wished for

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
        self._signer = Signer(dogs=dogs, clock=clock)
        self._recent_urls = recent_urls
        self._wanted: set[str] = set()  # appids whose ticket somebody waits for
        controller.attempted.connect(self._on_attempted)

    def sign(self, account: Account, wish: Wish) -> SignedPage | NotSigned:
        """The signature, or what is in the way; after NoTicket `want_ticket` may help."""
        return self._signer.sign(account, wish)

    def want_ticket(self, appid: str) -> None:
        """Have a live ticket; `ticket_came` says when, or why not. Asking twice does nothing."""
        if appid not in self._wanted:
            self._wanted.add(appid)
            self._controller.want(appid, TICKET)

    @Slot(object)
    def _on_attempted(self, outcome: Outcome) -> None:
        # without a live access token there is no attempt for the ticket: its failure is the answer
        if outcome.appid in self._wanted and (outcome.kind is TICKET or not outcome.is_good):
            self._wanted.discard(outcome.appid)
            self.ticket_came.emit(outcome.appid, outcome)

    def recent(self, appid: str) -> tuple[str, ...]:
        """The addresses that were signed for this account lately, newest first."""
        return self._recent_urls.recent(appid)

    def remember(self, appid: str, url: str) -> None:
        """Keep an address that was used."""
        self._lanes.submit(NoteUrl(appid, url))

    def forget(self, appid: str) -> None:
        """Drop the addresses of this account."""
        self._lanes.submit(NoteUrl(appid, None))
