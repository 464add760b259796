"""The page that finds the mistake in an invalid signature, from a pasted `wx.config` and the page's URL."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.diagnosis.config_parser import PastedConfig, pasted_config
from guarddog_gui.domain.diagnosis.search import (
    BadEvidence,
    Cancelled,
    EvidenceField,
    Match,
    NoMatch,
    bad_evidence,
)
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.signing.page_url import URL_MAX
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import Diagnosis, Done, Search, Trouble
from guarddog_gui.runtime.signing import SigningDesk
from guarddog_gui.services.diagnosis import Complaint
from guarddog_gui.services.messages.diagnosis import Diagnosed, diagnosed, shown
from guarddog_gui.services.messages.message import Sentence
from guarddog_gui.services.messages.signing import not_signed
from guarddog_gui.services.refresh import Outcome
from guarddog_gui.services.signing import NeverATicket
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.signing.diagnosis_view import VerdictView
from guarddog_gui.ui.signing.paste_field import PasteField
from guarddog_gui.ui.widgets.account_combo import AccountBox
from guarddog_gui.ui.widgets.form_grid import FormRows
from guarddog_gui.ui.widgets.page import Page

TYPING_MS = 150
LOOK_MS = 100  # between two looks at how far a search is
_VALUE_MAX = 40  # characters of a value that is said to have been found: as long as a signature


class DiagnosePage(Page):
    """Everything is computed on this computer; only a ticket that has died is fetched anew."""

    def __init__(
        self, controller: Controller, desk: SigningDesk, voice: Voice, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._voice = voice
        self._search: Search | None = None
        self._waiting: tuple[Account, Complaint] | None = None  # for the ticket that is being fetched
        self._done: Done | None = None
        self._refused: Sentence | None = None
        self._appid = ""  # the one in the pasted text
        self._account_label, self._account = QLabel(), AccountBox()
        self._url_label, self._url = QLabel(), QLineEdit()
        self._entry_label, self._entry = QLabel(), QLineEdit()
        for address in (self._url, self._entry):
            address.setMaxLength(URL_MAX + 1)  # one too many, so that it is refused and not cut
        self._paste_label, self._paste = QLabel(), PasteField()
        self._read = QLabel()
        self._read.setTextFormat(Qt.TextFormat.PlainText)
        self._read.setWordWrap(True)
        self._start = QPushButton()
        self._start.setDefault(True)
        self._cancel = QPushButton()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._verdict = VerdictView()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._lay_out()
        self._connect()
        controller.changed.connect(self._on_changed)
        self.lead(self._paste)
        self.retranslate()
        self._on_changed(controller.overview())
        self._show_state()

    def _lay_out(self) -> None:
        rows = FormRows()
        rows.add(self._account_label, self._account)
        rows.add(self._url_label, self._url)
        rows.add(self._entry_label, self._entry)
        rows.add_across(self._paste_label)
        rows.add_across(self._paste)
        rows.setRowStretch(rows.rowCount() - 1, 1)
        rows.add_across(self._read)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._start)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._bar, 1)
        for shown_at_times in (self._cancel, self._bar):
            policy = shown_at_times.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            shown_at_times.setSizePolicy(policy)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(rows, 1)
        left.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(left, 1)
        layout.addWidget(self._verdict, 1)

    def _connect(self) -> None:
        self._paste.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._show_read)
        self._url.returnPressed.connect(self.start)
        self._entry.returnPressed.connect(self.start)
        self._paste.entered.connect(self.start)
        self._start.clicked.connect(self.start)
        self._cancel.clicked.connect(self._on_cancel)
        self._looking.timeout.connect(self._on_look)
        self._desk.ticket_came.connect(self._on_ticket)
        self._desk.diagnosed.connect(self._on_diagnosed)

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._account_label.setText(self.tr("Account"))
        self._url_label.setText(self.tr("Page's URL"))
        self._entry_label.setText(self.tr("Entered at"))
        self._paste_label.setText(self.tr("wx.config, or single values"))
        self._account.setAccessibleName(self.tr("Account"))
        self._url.setAccessibleName(self.tr("Page's URL"))
        self._entry.setAccessibleName(self.tr("Entered at"))
        self._entry.setPlaceholderText(self.tr("single-page app: the first URL, if it is another"))
        self._paste.setAccessibleName(self.tr("wx.config, or single values"))
        self._paste.setPlaceholderText(
            self.tr("Paste the block as it stands in the page, or as the console shows it.")
        )
        self._start.setText(self.tr("Diagnose"))
        self._cancel.setText(self.tr("Cancel"))
        self._bar.setAccessibleName(self.tr("How far the search is"))
        self._verdict.setAccessibleName(self.tr("Verdict"))
        self._verdict.name_parts(self.tr("signed"), self.tr("page"), self.tr("Tried and ruled out:"))
        self._verdict.setPlaceholderText(
            self.tr("The verdict comes here: which mistake the signature contains, and what to do.")
        )
        self._show_read()
        self._show_done()

    # -- what there is ----------------------------------------------------------------------------

    @property
    def account(self) -> Account | None:
        """The one that is chosen."""
        return self._account.account

    @Slot(object)
    def _on_changed(self, overview: Overview) -> None:
        self._account.show_accounts(overview)
        if self._waiting is not None and overview.account(self._waiting[0].appid) is None:
            self._on_cancel()  # nobody fetches the ticket of an account that is gone

    def take(self, pasted: str, url: str) -> None:
        """Fill the fields in."""
        self._url.setText(url)
        self._url.setCursorPosition(0)
        self._paste.put(pasted)
        self._show_read()

    def _config(self) -> PastedConfig:
        return pasted_config(self._paste.toPlainText())

    @Slot()
    def _show_read(self) -> None:
        """What was found in the pasted text, before anybody starts."""
        self._typing.stop()
        config = self._config()
        if config.appid != self._appid:  # once: after that a person may choose another one
            self._appid = config.appid
            self._account.choose(config.appid)
        self._url.setPlaceholderText(config.url or self.tr("https://… as the browser shows it"))
        self._read.setText("\n".join(self._found(config)) if self._paste.toPlainText().strip() else "")

    def _found(self, config: PastedConfig) -> Iterator[str]:
        sentences = self._voice.sentences
        values = (
            ("appId", config.appid),
            ("nonceStr", config.nonce),
            ("timestamp", config.timestamp),
            ("signature", config.signature),
        )
        found = " · ".join(f"{name} {_short(value)}" for name, value in values if value)
        if found:
            yield found
        if config.problem is not None:
            yield sentences.bad_input(config.problem).text
        elif config.appid and self._account.findData(config.appid) < 0:
            yield sentences.say("config-unknown-appid")

    # -- searching --------------------------------------------------------------------------------

    @Slot()
    def start(self) -> None:
        """Begin to look for the mistake; one that is under way ends."""
        self._end()
        self._show_read()  # it may have been pasted a moment ago
        self._done = self._refused = None
        account = self.account
        if account is not None:
            complaint = self._complaint()
            self._refused = self._problem(account, complaint)
            if self._refused is None:
                self._begin(account, complaint)
        self._show_done()
        self._show_state()

    def _complaint(self) -> Complaint:
        config = self._config()
        url = self._url.text().strip() or config.url  # which stands there in grey
        return Complaint.about(config, url, self._entry.text().strip())

    def _problem(self, account: Account, complaint: Complaint) -> Sentence | None:
        """Why there is nothing to search, said before any ticket is fetched."""
        sentences = self._voice.sentences
        if TokenKind.JSAPI_TICKET not in account.kinds:
            return not_signed(NeverATicket(), account, sentences)
        problem = self._config().problem
        if problem is None:
            bad = bad_evidence(complaint.evidence(()))
            problem = bad.problem if bad is not None and bad.field is not EvidenceField.TICKETS else None
        return sentences.bad_input(problem) if problem is not None else None

    def _begin(self, account: Account, complaint: Complaint) -> None:
        if self._desk.has_ticket(account):
            self._search = self._desk.diagnose(account, complaint)
        else:
            self._waiting = account, complaint
            self._desk.want_ticket(account.appid)

    @Slot(str, object)
    def _on_ticket(self, appid: str, _outcome: Outcome) -> None:
        """Also after a failure: an earlier ticket, or another account's, may be what was signed with."""
        if self._waiting is not None and self._waiting[0].appid == appid:
            account, complaint = self._waiting
            self._waiting = None
            self._search = self._desk.diagnose(account, complaint)
            self._show_state()

    @Slot()
    def _on_cancel(self) -> None:
        if self._is_working:
            self._end()
            self._done = Diagnosis(Cancelled())
            self._show_done()
            self._show_state()

    def _end(self) -> None:
        self._waiting = None
        if self._search is not None:
            self._search.cancel()
            self._search = None

    @property
    def _is_working(self) -> bool:
        return self._search is not None or self._waiting is not None

    def event(self, event: QEvent) -> bool:
        # Escape ends a search, and hides the window only when there is none
        if event.type() is QEvent.Type.ShortcutOverride and self._is_working and _is_escape(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_escape(event) and self._is_working:
            self._on_cancel()
        else:
            super().keyPressEvent(event)

    @Slot(object, object)
    def _on_diagnosed(self, search: object, done: Done) -> None:
        if search is self._search:
            self._search = None
            self._done = done
            self._show_done()
            self._show_state()
            told = self._told(done)
            if told is not None and self.isVisible():  # read aloud although the keyboard is elsewhere
                spoken = QAccessibleAnnouncementEvent(self._verdict, told.verdict.text.replace("`", ""))
                QAccessible.updateAccessibility(spoken)

    def _show_done(self) -> None:
        told = Diagnosed(self._refused) if self._refused is not None else self._told(self._done)
        self._verdict.show_diagnosed(told)

    def _told(self, done: Done | None) -> Diagnosed | None:
        sentences = self._voice.sentences
        match done:
            case None:
                return None
            case Diagnosis(BadEvidence() as bad):
                return Diagnosed(sentences.bad_input(bad.problem))
            case Diagnosis(Match() | NoMatch() | Cancelled() as result):
                return diagnosed(result, sentences)
            case Trouble(reason):
                return Diagnosed(sentences.expected(reason))
            case _:
                return Diagnosed(sentences.crash())

    def _show_state(self) -> None:
        working = self._is_working
        # in this order the keyboard goes from Diagnose to Cancel, and from there to the verdict
        self._cancel.setVisible(working)
        self._start.setEnabled(not working)
        self._bar.setVisible(working)
        if working:
            self._on_look()
            self._looking.start()
        else:
            self._looking.stop()

    @Slot()
    def _on_look(self) -> None:
        search = self._search
        self._bar.setMaximum(search.all if search is not None else 0)  # 0: busy, nobody knows how long
        self._bar.setValue(search.done if search is not None else 0)


def _is_escape(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape


def _short(value: str) -> str:
    """In one line and not endless: a word too long to be broken would widen the window."""
    half = _VALUE_MAX // 2
    return shown(value if len(value) <= _VALUE_MAX else f"{value[: half - 1]}…{value[-half:]}")
