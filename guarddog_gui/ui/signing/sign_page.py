"""The page that signs an address: what goes into the signature at the left, what comes out at the right."""

from secrets import token_hex

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.signing.js_apis import JS_APIS, OPEN_TAGS, USUAL_APIS
from guarddog_gui.domain.signing.page_url import url_problem
from guarddog_gui.domain.signing.recent_urls import with_url
from guarddog_gui.domain.signing.wx_config import WxConfig
from guarddog_gui.domain.tokens.record import TokenKind, mask
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import NoteUrl
from guarddog_gui.runtime.signing import SigningDesk
from guarddog_gui.services.messages.signing import not_signed, url_warning
from guarddog_gui.services.refresh import Outcome
from guarddog_gui.services.signing import BadField, Field, NoTicket, SignedPage, Wish
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.signing.api_list import NameList
from guarddog_gui.ui.signing.sign_result import SignResult
from guarddog_gui.ui.signing.url_warnings import UrlNotes
from guarddog_gui.ui.widgets.account_combo import AccountBox
from guarddog_gui.ui.widgets.check_box import TickBox
from guarddog_gui.ui.widgets.form_grid import FormRows
from guarddog_gui.ui.widgets.page import Page

TYPING_MS = 150


class _Line(QLineEdit):
    """WORKAROUND: QComboBox hands an Enter that its line has seen, and let go, to the line once more."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


class SignPage(Page):
    """Signs while somebody types; nothing is signed of what must not be."""

    copy_wanted = Signal(str, str)  # text and its name; no secret: visitors of a page read its wx.config
    secret_copy_wanted = Signal(str)  # the signed string, which has the ticket in it
    test_page_wanted = Signal(object, str, object)  # Account, the page's URL, WxConfig
    card_wanted = Signal(object)  # Account

    def __init__(
        self, controller: Controller, desk: SigningDesk, voice: Voice, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._voice = voice
        self._page: SignedPage | None = None
        self._config: WxConfig | None = None
        self._made_nonce, self._made_for = "", ""  # and the address that it was made for
        self._trouble = ""  # why nothing can be signed for this account
        self._lacks_ticket = False
        self._asked = ""  # the appid whose ticket was asked for
        self._outcome: Outcome | None = None  # what came of that
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.sign)
        self._make_fields()
        self._result = SignResult()
        self._lay_out()
        self._connect()
        controller.changed.connect(self._on_changed)
        controller.job_done.connect(self._on_job_done)
        desk.ticket_came.connect(self._on_ticket)
        self.lead(self._url, None)
        self.retranslate()
        self._on_changed(controller.overview())

    def _make_fields(self) -> None:
        self._account_label, self._account = QLabel(), AccountBox()
        self._url_label, self._recent = QLabel(), QComboBox()
        self._url = _Line()
        self._recent.setLineEdit(self._url)
        self._recent.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._recent.setCompleter(None)  # type: ignore[arg-type]  # Qt's way to have none; the stubs forget
        self._recent.setMinimumContentsLength(8)
        self._recent.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._notes = UrlNotes(self._voice.icons)
        self._nonce_label, self._nonce = QLabel(), QLineEdit()
        self._nonce_notes = UrlNotes(self._voice.icons)
        self._timestamp_label, self._timestamp = QLabel(), QLineEdit()
        self._timestamp_notes = UrlNotes(self._voice.icons)
        self._names_label = QLabel()
        self._names = NameList((*JS_APIS, *OPEN_TAGS), USUAL_APIS)
        self._debug = TickBox()
        self._forget = QPushButton()
        self._card = QPushButton()

    def _lay_out(self) -> None:
        rows = FormRows()
        rows.add(self._account_label, self._account)
        rows.add(self._url_label, self._recent)
        rows.add_across(self._notes)
        rows.add(self._nonce_label, self._nonce)
        rows.add_across(self._nonce_notes)
        rows.add(self._timestamp_label, self._timestamp)
        rows.add_across(self._timestamp_notes)
        rows.add_across(self._names_label)
        rows.add_across(self._names)
        rows.setRowStretch(rows.rowCount() - 1, 1)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addStretch()
        below.addWidget(self._card)
        below.addWidget(self._forget)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(rows, 1)
        left.addWidget(self._debug)
        left.addLayout(below)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(left, 1)
        layout.addWidget(self._result, 1)

    def _connect(self) -> None:
        self._account.currentIndexChanged.connect(self._on_account)
        self._url.textChanged.connect(self._typing.start)
        self._url.returnPressed.connect(self._on_copy)
        self._nonce.textChanged.connect(self._typing.start)
        self._timestamp.textChanged.connect(self._typing.start)
        self._names.changed.connect(self._show_config)
        self._debug.toggled.connect(self._show_config)
        self._notes.corrected.connect(self._on_corrected)
        self._timestamp_notes.corrected.connect(self._on_timestamp_corrected)
        self._forget.clicked.connect(self._on_forget)
        self._card.clicked.connect(self._on_card)
        self._result.copy_pressed.connect(self._on_copy)
        self._result.signature_pressed.connect(self._on_copy_signature)
        self._result.string_pressed.connect(self._on_copy_string)
        self._result.test_page_pressed.connect(self._on_open)
        again = QAction(self)
        again.setShortcut(QKeySequence(Qt.Key.Key_F5))
        again.triggered.connect(self._on_again)
        self.addAction(again)

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        texts = {
            self._account_label: self.tr("Account"),
            self._url_label: self.tr("Page's URL"),
            self._nonce_label: self.tr("Nonce"),
            self._timestamp_label: self.tr("Timestamp"),
            self._names_label: self.tr("APIs and open tags"),
        }
        for label, text in texts.items():
            label.setText(text)
        names: dict[QWidget, str] = {
            self._account: self.tr("Account"),
            self._recent: self.tr("Page's URL"),
            self._url: self.tr("Page's URL"),
            self._nonce: self.tr("Nonce"),
            self._timestamp: self.tr("Timestamp"),
            self._names.search: self.tr("Search the names"),
            self._names.list: self.tr("APIs and open tags"),
        }
        for widget, name in names.items():
            widget.setAccessibleName(name)
        self._url.setPlaceholderText(self.tr("https://… as the browser shows it"))
        self._nonce.setPlaceholderText(self.tr("made anew for each address"))
        self._timestamp.setPlaceholderText(self.tr("the moment of signing"))
        self._names.search.setPlaceholderText(self.tr("Search the names"))
        self._debug.setText(self.tr("debug: let the page show what it gets"))
        self._forget.setText(self.tr("Forget recent URLs"))
        self._card.setText(self.tr("Sign a card…"))
        self._result.retranslate()
        self.sign()

    # -- what there is ----------------------------------------------------------------------------

    def take_url(self, text: str) -> None:
        """Begin with this address, if it is one."""
        if url_problem(text) in (None, "encoded-url"):
            self._url.setText(text.strip())
            self._url.setCursorPosition(0)

    def begin(self) -> None:
        super().begin()
        self._url.selectAll()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_again()

    def hideEvent(self, event: QHideEvent) -> None:
        self._result.hide_ticket()
        super().hideEvent(event)

    @property
    def account(self) -> Account | None:
        """The one that is chosen."""
        return self._account.account

    def choose_account(self, appid: str) -> None:
        """Sign for this account."""
        self._account.choose(appid)

    @Slot(object)
    def _on_changed(self, overview: Overview) -> None:
        before = self.account
        self._account.show_accounts(overview)
        if self.account != before:
            self._fill_recent()
            self.sign()
        elif self.isVisible():
            if self._is_about_another_ticket(overview):
                self.sign()
            else:
                self._show_ticket()

    def _is_about_another_ticket(self, overview: Overview) -> bool:
        """Whether the ticket has been replaced, has died, or has come, since the page was signed."""
        account = self.account
        status = overview.account(account.appid) if account is not None else None
        key = status.key(TokenKind.JSAPI_TICKET) if status is not None else None
        live = key.usable(self._voice.clock()) if key is not None else None
        if self._page is None:
            return self._lacks_ticket and live is not None
        return live is None or live.value != self._page.ticket.value

    @Slot(int)
    def _on_account(self, _row: int) -> None:
        self._fill_recent()
        self._on_again()

    def _fill_recent(self) -> None:
        account = self.account
        self._list_urls(self._desk.recent(account.appid) if account is not None else ())
        self._card.setVisible(account is not None and account.card_ticket)

    def _list_urls(self, urls: tuple[str, ...]) -> None:
        """Offer these below the field; what is typed stays."""
        typed = self._url.text()
        with QSignalBlocker(self._recent), QSignalBlocker(self._url):
            self._recent.clear()
            self._recent.addItems(urls)
            self._recent.setCurrentIndex(-1)  # the Down key begins with the newest
            self._url.setText(typed)
        self._forget.setEnabled(bool(urls))

    # -- signing ----------------------------------------------------------------------------------

    @Slot()
    def _on_again(self) -> None:
        """With a new nonce, and another try to get a ticket if there is none."""
        self._made_for, self._asked, self._outcome = "", "", None
        self.sign()

    @Slot()
    def sign(self) -> None:
        """Sign what the fields say now, or say what is in the way."""
        self._typing.stop()
        account, url = self.account, self._url.text()
        self._page, self._trouble, self._lacks_ticket = None, "", False
        notes: tuple[tuple[str, str | None], ...] = ()
        bad: BadField | None = None
        if account is not None and (url or TokenKind.JSAPI_TICKET not in account.kinds):
            nonce = self._nonce.text() or self._nonce_for(url)
            signed = self._desk.sign(account, Wish(url, nonce, self._timestamp.text() or None))
            if isinstance(signed, SignedPage):
                self._page = signed
                notes = tuple(
                    (url_warning(warning, self._voice.sentences).what, warning.corrected)
                    for warning in signed.warnings
                )
            elif isinstance(signed, BadField):
                bad = signed
            else:
                self._trouble = not_signed(signed, account, self._voice.sentences).text
                if isinstance(signed, NoTicket):
                    self._want_ticket(account)
        self._say(notes, bad, account)
        self._show_config()
        self._show_ticket()

    def _nonce_for(self, url: str) -> str:
        if not self._made_for or url != self._made_for:
            self._made_nonce, self._made_for = token_hex(8), url
        return self._made_nonce

    def _want_ticket(self, account: Account) -> None:
        """Ask for a ticket once, not with every letter: each try may be a call of the day's budget."""
        self._lacks_ticket = True
        if self._asked != account.appid and self.isVisible():
            self._asked, self._outcome = account.appid, None
            self._desk.want_ticket(account.appid)
        if self._outcome is not None:
            self._trouble = self._voice.sentences.outcome(self._outcome).text

    def _say(
        self, notes: tuple[tuple[str, str | None], ...], bad: BadField | None, account: Account | None
    ) -> None:
        fields = {
            Field.URL: self._notes,
            Field.NONCE: self._nonce_notes,
            Field.TIMESTAMP: self._timestamp_notes,
        }
        for field, shown in fields.items():
            if bad is not None and account is not None and bad.field is field:
                said = not_signed(bad, account, self._voice.sentences).text
                shown.show_notes(((said, bad.corrected),), refused=True)
            else:
                shown.show_notes(notes if field is Field.URL else ())

    @Slot()
    def _show_config(self) -> None:
        page = self._page
        self._config = None
        if page is not None:
            ticked = self._names.ticked()
            self._config = WxConfig(
                page.appid,
                page.signable.timestamp,
                page.signable.nonce,
                page.signable.signature,
                tuple(name for name in ticked if name not in OPEN_TAGS),
                tuple(name for name in ticked if name in OPEN_TAGS),
                self._debug.isChecked(),
            )
        self._result.show_signed(page.signable if page is not None else None, self._config)

    def _show_ticket(self) -> None:
        """How old the ticket is: an old one is the commonest cause of a signature that WeChat refuses."""
        if self._page is None:
            typed = self._url.text() != ""  # what is wrong with it stands beside it
            nothing = "" if typed else self.tr("Type the address of a page.")
            self._result.say(self._trouble or nothing, faint=False)
            return
        ticket = self._page.ticket
        minutes = max(0, round((self._voice.clock() - ticket.generated_at) / 60))
        text = self.tr("Signed with the ticket {value}, {minutes} min old, good until {time}")
        until = self._voice.when(ticket.expires_at)
        self._result.say(text.format(value=mask(ticket.value), minutes=minutes, time=until), faint=True)

    @Slot(str, object)
    def _on_ticket(self, appid: str, outcome: Outcome) -> None:
        account = self.account
        if account is not None and account.appid == appid:
            self._outcome = outcome
            self.sign()

    @Slot(str)
    def _on_corrected(self, url: str) -> None:
        # the button goes away with its note: the keyboard goes on in the field, where Enter copies
        self._url.setFocus(Qt.FocusReason.OtherFocusReason)
        self._url.setText(url)
        self.sign()

    @Slot(str)
    def _on_timestamp_corrected(self, timestamp: str) -> None:
        self._timestamp.setFocus(Qt.FocusReason.OtherFocusReason)
        self._timestamp.setText(timestamp)
        self.sign()

    # -- using it ---------------------------------------------------------------------------------

    def _signed_now(self) -> SignedPage | None:
        """What comes of the fields as they are this moment, though somebody may just have typed."""
        if self._typing.isActive():
            self.sign()
        return self._page

    @Slot()
    def _on_copy(self) -> None:
        """The text of the tab that is open; Enter in the address does this, too."""
        if self._signed_now() is not None:
            self.copy_wanted.emit(self._result.tab_text, self._result.tab_name)
            self._remember()

    @Slot()
    def _on_copy_signature(self) -> None:
        page = self._signed_now()
        if page is not None:
            self.copy_wanted.emit(page.signable.signature, self.tr("the signature"))
            self._remember()

    @Slot()
    def _on_copy_string(self) -> None:
        page = self._signed_now()
        if page is not None:
            self.secret_copy_wanted.emit(page.signable.text)
            self._remember()

    @Slot()
    def _on_open(self) -> None:
        page, account = self._signed_now(), self.account
        if page is not None and self._config is not None and account is not None:
            self.test_page_wanted.emit(account, page.signable.url, self._config)
            self._remember()

    def _remember(self) -> None:
        account = self.account
        if account is not None and self._page is not None:
            url = self._page.signable.url
            self._desk.remember(account.appid, url)
            known = tuple(self._recent.itemText(row) for row in range(self._recent.count()))
            self._list_urls(with_url(known, url))

    @Slot()
    def _on_card(self) -> None:
        account = self.account
        if account is not None:
            self.card_wanted.emit(account)

    @Slot()
    def _on_forget(self) -> None:
        account = self.account
        if account is not None:
            self._desk.forget(account.appid)
            self._list_urls(())

    @Slot(object, object)
    def _on_job_done(self, job: object, _done: object) -> None:
        account = self.account
        if account is not None and job == NoteUrl(account.appid, None):
            self._fill_recent()  # what could not be forgotten is still there
