"""The page that finds the mistake in an invalid signature, from a pasted `wx.config` and the page's URL."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

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
from guarddog_gui.domain.diagnosis.config_parser import PastedConfig, parse_pasted_config
from guarddog_gui.domain.diagnosis.search import (
    DiagnosisCancelled,
    DiagnosisField,
    InvalidDiagnosisInput,
    NoMatch,
    SignatureMatch,
    validate_diagnosis_input,
)
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.signing.page_url import URL_MAX
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import DiagnosisProgress, JobFailed, JobFailure, JobHandle
from guarddog_gui.runtime.signing import SigningController
from guarddog_gui.services.diagnosis import DiagnosisRequest
from guarddog_gui.services.messages.diagnosis import DiagnosisText, diagnosis_text, visible_text
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.signing import not_signed_message
from guarddog_gui.services.refresh import RefreshResult
from guarddog_gui.services.signing import TicketUnsupported
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.diagnosis_view import DiagnosisView
from guarddog_gui.ui.signing.paste_field import PasteField
from guarddog_gui.ui.widgets.account_combo import AccountComboBox
from guarddog_gui.ui.widgets.form_grid import FormGrid
from guarddog_gui.ui.widgets.page import Page

if TYPE_CHECKING:
    from guarddog_gui.runtime.jobs import DiagnosisOutcome

TYPING_DEBOUNCE_MS = 150
PROGRESS_INTERVAL_MS = 100  # between two looks at how far a search is
_VALUE_CHARS_MAX = 40  # characters of a value that is said to have been found: as long as a signature


class DiagnosePage(Page):
    """Everything is computed on this computer; only a ticket that has died is fetched anew."""

    def __init__(
        self,
        controller: Controller,
        signing_controller: SigningController,
        formatter: Formatter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._signing_controller = signing_controller
        self._formatter = formatter
        self._search: DiagnosisProgress | None = None
        self._diagnosis: JobHandle[DiagnosisOutcome] | None = None
        self._awaiting_ticket: tuple[Account, DiagnosisRequest] | None = (
            None  # for the ticket that is being fetched
        )
        self._outcome: DiagnosisOutcome | JobFailure | None = None
        self._refusal: Message | None = None
        self._pasted_appid = ""  # the one in the pasted text
        self._account_label, self._account_combo = QLabel(), AccountComboBox()
        self._url_label, self._url_field = QLabel(), QLineEdit()
        self._entry_url_label, self._entry_url_field = QLabel(), QLineEdit()
        for address in (self._url_field, self._entry_url_field):
            address.setMaxLength(URL_MAX + 1)  # one too many, so that it is refused and not cut
        self._paste_label, self._paste_field = QLabel(), PasteField()
        self._parsed_values_label = QLabel()
        self._parsed_values_label.setTextFormat(Qt.TextFormat.PlainText)
        self._parsed_values_label.setWordWrap(True)
        self._start_button = QPushButton()
        self._start_button.setDefault(True)
        self._cancel_button = QPushButton()
        self._progress_bar = QProgressBar()
        self._progress_bar.setTextVisible(False)
        self._diagnosis_view = DiagnosisView()
        self._typing_timer = QTimer(self)
        self._typing_timer.setSingleShot(True)
        self._typing_timer.setInterval(TYPING_DEBOUNCE_MS)
        self._progress_timer = QTimer(self)
        self._progress_timer.setInterval(PROGRESS_INTERVAL_MS)
        self._lay_out()
        self._connect()
        controller.overview_changed.connect(self._on_overview_changed)
        self.set_focus_widgets(self._paste_field)
        self.retranslate()
        self._on_overview_changed(controller.overview())
        self._update_buttons()

    def _lay_out(self) -> None:
        rows = FormGrid()
        rows.add_row(self._account_label, self._account_combo)
        rows.add_row(self._url_label, self._url_field)
        rows.add_row(self._entry_url_label, self._entry_url_field)
        rows.add_full_width(self._paste_label)
        rows.add_full_width(self._paste_field)
        rows.setRowStretch(rows.rowCount() - 1, 1)
        rows.add_full_width(self._parsed_values_label)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._start_button)
        buttons.addWidget(self._cancel_button)
        buttons.addWidget(self._progress_bar, 1)
        for shown_at_times in (self._cancel_button, self._progress_bar):
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
        layout.addWidget(self._diagnosis_view, 1)

    def _connect(self) -> None:
        self._paste_field.textChanged.connect(self._typing_timer.start)
        self._typing_timer.timeout.connect(self._show_parsed_values)
        self._url_field.returnPressed.connect(self.start)
        self._entry_url_field.returnPressed.connect(self.start)
        self._paste_field.submitted.connect(self.start)
        self._start_button.clicked.connect(self.start)
        self._cancel_button.clicked.connect(self._on_cancel_clicked)
        self._progress_timer.timeout.connect(self._update_progress)
        self._signing_controller.ticket_refreshed.connect(self._on_ticket_refreshed)

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._account_label.setText(self.tr("Account"))
        self._url_label.setText(self.tr("Page's URL"))
        self._entry_url_label.setText(self.tr("Entered at"))
        self._paste_label.setText(self.tr("wx.config, or single values"))
        self._account_combo.setAccessibleName(self.tr("Account"))
        self._url_field.setAccessibleName(self.tr("Page's URL"))
        self._entry_url_field.setAccessibleName(self.tr("Entered at"))
        self._entry_url_field.setPlaceholderText(self.tr("single-page app: the first URL, if it is another"))
        self._paste_field.setAccessibleName(self.tr("wx.config, or single values"))
        self._paste_field.setPlaceholderText(
            self.tr("Paste the block as it stands in the page, or as the console shows it.")
        )
        self._start_button.setText(self.tr("Diagnose"))
        self._cancel_button.setText(self.tr("Cancel"))
        self._progress_bar.setAccessibleName(self.tr("How far the search is"))
        self._diagnosis_view.setAccessibleName(self.tr("Verdict"))
        self._diagnosis_view.set_labels(self.tr("signed"), self.tr("page"), self.tr("Tried and ruled out:"))
        self._diagnosis_view.setPlaceholderText(
            self.tr("The verdict comes here: which mistake the signature contains, and what to do.")
        )
        self._show_parsed_values()
        self._show_diagnosis()

    # -- what there is ----------------------------------------------------------------------------

    @property
    def account(self) -> Account | None:
        """The one that is chosen."""
        return self._account_combo.account

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        self._account_combo.update_accounts(overview)
        if self._awaiting_ticket is not None and overview.account(self._awaiting_ticket[0].appid) is None:
            self._on_cancel_clicked()  # nobody fetches the ticket of an account that is gone

    def set_input(self, config_text: str, url: str) -> None:
        """Fill the fields in."""
        self._url_field.setText(url)
        self._url_field.setCursorPosition(0)
        self._paste_field.set_text(config_text)
        self._show_parsed_values()

    def _parse_config(self) -> PastedConfig:
        return parse_pasted_config(self._paste_field.toPlainText())

    @Slot()
    def _show_parsed_values(self) -> None:
        """What was found in the pasted text, before anybody starts."""
        self._typing_timer.stop()
        config = self._parse_config()
        if config.appid != self._pasted_appid:  # once: after that a person may choose another one
            self._pasted_appid = config.appid
            self._account_combo.select_account(config.appid)
        self._url_field.setPlaceholderText(config.url or self.tr("https://… as the browser shows it"))
        self._parsed_values_label.setText(
            "\n".join(self._parsed_value_lines(config)) if self._paste_field.toPlainText().strip() else ""
        )

    def _parsed_value_lines(self, config: PastedConfig) -> Iterator[str]:
        sentences = self._formatter.messages
        values = (
            ("appId", config.appid),
            ("nonceStr", config.nonce),
            ("timestamp", config.timestamp),
            ("signature", config.signature),
        )
        found = " · ".join(f"{name} {_shorten(value)}" for name, value in values if value)
        if found:
            yield found
        if config.problem is not None:
            yield sentences.for_bad_input(config.problem).text
        elif config.appid and self._account_combo.findData(config.appid) < 0:
            yield sentences.text("No account here has this appId: the chosen one is looked into.")

    # -- searching --------------------------------------------------------------------------------

    @Slot()
    def start(self) -> None:
        """Begin to look for the mistake; one that is under way ends."""
        self._stop_search()
        self._show_parsed_values()  # it may have been pasted a moment ago
        self._outcome = self._refusal = None
        account = self.account
        if account is not None:
            complaint = self._build_request()
            self._refusal = self._find_refusal(account, complaint)
            if self._refusal is None:
                self._start_search(account, complaint)
        self._show_diagnosis()
        self._update_buttons()

    def _build_request(self) -> DiagnosisRequest:
        config = self._parse_config()
        url = self._url_field.text().strip() or config.url  # which stands there in grey
        return DiagnosisRequest.from_config(config, url, self._entry_url_field.text().strip())

    def _find_refusal(self, account: Account, request: DiagnosisRequest) -> Message | None:
        """Why there is nothing to search, said before any ticket is fetched."""
        sentences = self._formatter.messages
        if TokenKind.JSAPI_TICKET not in account.token_kinds:
            return not_signed_message(TicketUnsupported(), account, sentences)
        problem = self._parse_config().problem
        if problem is None:
            bad = validate_diagnosis_input(request.to_input(()))
            problem = bad.problem if bad is not None and bad.field is not DiagnosisField.TICKETS else None
        return sentences.for_bad_input(problem) if problem is not None else None

    def _start_search(self, account: Account, request: DiagnosisRequest) -> None:
        if self._signing_controller.has_valid_ticket(account):
            self._diagnose(account, request)
        else:
            self._awaiting_ticket = account, request
            self._signing_controller.ensure_fresh_ticket(account.appid)

    @Slot(str, object)
    def _on_ticket_refreshed(self, appid: str, _result: RefreshResult) -> None:
        """Also after a failure: an earlier ticket, or another account's, may be what was signed with."""
        if self._awaiting_ticket is not None and self._awaiting_ticket[0].appid == appid:
            account, complaint = self._awaiting_ticket
            self._awaiting_ticket = None
            self._diagnose(account, complaint)
            self._update_buttons()

    def _diagnose(self, account: Account, request: DiagnosisRequest) -> None:
        self._search = DiagnosisProgress()
        self._diagnosis = self._signing_controller.diagnose(account, request, self._search)
        self._diagnosis.notify(self._on_diagnosis_ended, self._on_diagnosis_ended)

    @Slot()
    def _on_cancel_clicked(self) -> None:
        if self._is_running:
            self._stop_search()
            self._outcome = DiagnosisCancelled()
            self._show_diagnosis()
            self._update_buttons()

    def _stop_search(self) -> None:
        self._awaiting_ticket = None
        if self._search is not None:
            self._search.cancel()
            self._search = None
        if self._diagnosis is not None:
            self._diagnosis.disconnect(self)
            self._diagnosis = None

    @property
    def _is_running(self) -> bool:
        return self._search is not None or self._awaiting_ticket is not None

    def event(self, event: QEvent) -> bool:
        # Escape ends a search, and hides the window only when there is none
        if event.type() is QEvent.Type.ShortcutOverride and self._is_running and _is_escape_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_escape_key(event) and self._is_running:
            self._on_cancel_clicked()
        else:
            super().keyPressEvent(event)

    @Slot(object)
    def _on_diagnosis_ended(self, outcome: "DiagnosisOutcome | JobFailure") -> None:
        self._search = self._diagnosis = None
        self._outcome = outcome
        self._show_diagnosis()
        self._update_buttons()
        text = self._diagnosis_text(outcome)
        if text is not None and self.isVisible():  # read aloud although the keyboard focus is elsewhere
            announcement = QAccessibleAnnouncementEvent(
                self._diagnosis_view, text.summary.text.replace("`", "")
            )
            QAccessible.updateAccessibility(announcement)

    def _show_diagnosis(self) -> None:
        told = (
            DiagnosisText(self._refusal) if self._refusal is not None else self._diagnosis_text(self._outcome)
        )
        self._diagnosis_view.show_diagnosis(told)

    def _diagnosis_text(self, outcome: "DiagnosisOutcome | JobFailure | None") -> DiagnosisText | None:
        sentences = self._formatter.messages
        match outcome:
            case None:
                return None
            case InvalidDiagnosisInput(problem=problem):
                return DiagnosisText(sentences.for_bad_input(problem))
            case SignatureMatch() | NoMatch() | DiagnosisCancelled():
                return diagnosis_text(outcome, sentences)
            case JobFailed(reason):
                return DiagnosisText(sentences.for_error(reason))
            case _:
                return DiagnosisText(sentences.for_crash())

    def _update_buttons(self) -> None:
        working = self._is_running
        # in this order the keyboard goes from Diagnose to Cancel, and from there to the verdict
        self._cancel_button.setVisible(working)
        self._start_button.setEnabled(not working)
        self._progress_bar.setVisible(working)
        if working:
            self._update_progress()
            self._progress_timer.start()
        else:
            self._progress_timer.stop()

    @Slot()
    def _update_progress(self) -> None:
        search = self._search
        self._progress_bar.setMaximum(
            search.total if search is not None else 0
        )  # 0: busy, nobody knows how long
        self._progress_bar.setValue(search.tried if search is not None else 0)


def _is_escape_key(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape


def _shorten(value: str) -> str:
    """In one line and not endless: a word too long to be broken would widen the window."""
    half = _VALUE_CHARS_MAX // 2
    return visible_text(value if len(value) <= _VALUE_CHARS_MAX else f"{value[: half - 1]}…{value[-half:]}")
