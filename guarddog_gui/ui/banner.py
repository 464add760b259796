"""One line below the headline, only while a person can mend something: what it is, and the click for it."""

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from guarddog_gui.domain.accounts.account import Account, Endpoint
from guarddog_gui.domain.refresh.history import Entry
from guarddog_gui.domain.refresh.status import Overview, State, worst_accounts_first
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.icons import state_colour
from guarddog_gui.ui.widgets.themed import OwnColours

TEXT_WIDTH_MIN = 160
NEEDS_SOMEBODY = (State.FAILED, State.KEYRING_LOCKED)


class Banner(OwnColours, QFrame):
    """About the account that is worst off; hidden while none needs anybody."""

    copy_wanted = Signal(str)
    explain_wanted = Signal(int)  # errcode
    retry_wanted = Signal(str)  # appid
    stable_wanted = Signal(object)  # Account that is to use stable_token
    known = Signal(str)  # appid: the person knows that somebody took the token
    loader_wanted = Signal(object, object)  # Account, TokenKind that another program is to follow
    second_writer_known = Signal(str)  # appid: the person knows that another program refreshes

    def __init__(self, voice: Voice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._voice = voice
        self._account: Account | None = None
        self._entry: Entry | None = None
        self._state = State.DUE_SOON  # in whose colour it speaks
        self._foreign: TokenKind | None = None  # the key that another program refreshes
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setMinimumWidth(TEXT_WIDTH_MIN)  # else a name without a space widens the window
        self._ip = QPushButton()
        self._ip.clicked.connect(self._on_ip)
        self._explain = QPushButton()
        self._explain.clicked.connect(self._on_explain)
        self._page = QPushButton()
        self._page.clicked.connect(self._on_page)
        self._retry = QPushButton()
        self._retry.clicked.connect(self._on_retry)
        self._stable = QPushButton()
        self._stable.clicked.connect(self._on_stable)
        self._fetch = QPushButton()
        self._fetch.clicked.connect(self._on_fetch)
        self._known = QPushButton()
        self._known.clicked.connect(self._on_known)
        self._loader = QPushButton()
        self._loader.clicked.connect(self._on_loader)
        self._buttons = (
            self._ip,
            self._explain,
            self._page,
            self._retry,
            self._stable,
            self._fetch,
            self._loader,
            self._known,
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        for button in self._buttons:
            layout.addWidget(button)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._ip.setText(self.tr("Copy IP"))
        self._explain.setText(self.tr("How to fix"))
        self._page.setText(self.tr("Open the page"))
        self._retry.setText(self.tr("Try again"))
        self._stable.setText(self.tr("Use stable_token"))
        self._fetch.setText(self.tr("Fetch a new one"))
        self._known.setText(self.tr("I know"))
        self._loader.setText(self.tr("Copy the loader for Node"))

    def show_overview(self, overview: Overview) -> None:
        """Follow the state of the app."""
        ranked = worst_accounts_first(overview)
        worst = next((s for s in ranked if s.trouble is not None and s.state in NEEDS_SOMEBODY), None)
        taken = next((s for s in ranked if s.taken is not None), None) if worst is None else None
        foreign = next((s for s in ranked if s.foreign is not None), None)
        shown = worst or taken or foreign
        self.setVisible(shown is not None or overview.skew_min != 0)
        if shown is None:
            self._account = self._entry = self._foreign = None
            for button in self._buttons:
                button.hide()
            if overview.skew_min:
                self._paint(self._voice.sentences.skew(overview.skew_min).text, State.DUE_SOON)
            return
        self._account, self._foreign = shown.account, None
        if worst is not None and worst.trouble is not None:
            self._entry = worst.trouble
            told = self._voice.trouble(worst.trouble)
            text = f"{told.what} ({told.code})" if told.code else told.text
            self._say(worst.account, text, worst.state)
        elif taken is not None and taken.taken is not None:
            self._entry = taken.taken
            told = self._voice.sentences.taken(taken.taken, taken.account)
            self._say(taken.account, told.text, State.DUE_SOON)
        elif shown.foreign is not None:
            self._entry, self._foreign = None, shown.foreign.kind
            told = self._voice.sentences.second_writer(shown.foreign.kind, shown.foreign.foreign)
            self._say(shown.account, told.text, State.DUE_SOON)
        self._loader.setVisible(self._foreign is not None)
        self._ip.setVisible(worst is not None and self._entry is not None and self._entry.ip is not None)
        self._page.setVisible(
            worst is not None and self._entry is not None and self._voice.page_for(self._entry) is not None
        )
        self._explain.setVisible(
            worst is not None and self._entry is not None and self._entry.errcode is not None
        )
        self._retry.setVisible(worst is not None)
        self._stable.setVisible(taken is not None and taken.account.endpoint is Endpoint.CLASSIC)
        self._fetch.setVisible(taken is not None)
        self._known.setVisible(worst is None)

    def _say(self, account: Account, text: str, state: State) -> None:
        self._paint(self._voice.about(account, text), state)

    def _paint(self, text: str, state: State) -> None:
        self._text.setText(text)
        self._state = state
        self.take_colours()

    def take_colours(self) -> None:
        """Icon and text in the colour of the state."""
        state = self._state
        dark = self.palette().window().color().lightness() < 128
        self._icon.setPixmap(self._voice.icons.state_icon(state, dark=dark, size=16).pixmap(16, 16))
        palette = self._text.palette()
        palette.setColor(palette.ColorRole.WindowText, state_colour(state, dark=dark))
        self._text.setPalette(palette)

    @Slot()
    def _on_ip(self) -> None:
        if self._entry is not None and self._entry.ip is not None:
            self.copy_wanted.emit(self._entry.ip)

    @Slot()
    def _on_explain(self) -> None:
        if self._entry is not None and self._entry.errcode is not None:
            self.explain_wanted.emit(self._entry.errcode)

    @Slot()
    def _on_page(self) -> None:
        page = self._voice.page_for(self._entry) if self._entry is not None else None
        if page is not None:
            QDesktopServices.openUrl(QUrl(page))

    @Slot()
    def _on_retry(self) -> None:
        if self._account is not None:
            self.retry_wanted.emit(self._account.appid)

    @Slot()
    def _on_stable(self) -> None:
        if self._account is not None:
            self.stable_wanted.emit(self._account)

    @Slot()
    def _on_fetch(self) -> None:
        if self._account is not None:
            self.known.emit(self._account.appid)
            self.retry_wanted.emit(self._account.appid)

    @Slot()
    def _on_loader(self) -> None:
        if self._account is not None and self._foreign is not None:
            self.loader_wanted.emit(self._account, self._foreign)

    @Slot()
    def _on_known(self) -> None:
        if self._account is not None:
            known = self.known if self._foreign is None else self.second_writer_known
            known.emit(self._account.appid)
