"""Page that finds the mistake in an invalid signature, from a pasted `wx.config` and the page's URL."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.diagnosis.diagnosis_input import (
    DiagnosisField,
    InvalidDiagnosisInput,
    validate_diagnosis_input,
)
from guarddog_gui.domain.diagnosis.search import DiagnosisCancelled, NoMatch, SignatureMatch
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import DiagnosisProgress, JobFailure, JobHandle
from guarddog_gui.runtime.signing import SigningController
from guarddog_gui.services.calls.refresh_request import RefreshResult
from guarddog_gui.services.diagnosis import DiagnosisRequest
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.signing.diagnosis import DiagnosisText, diagnosis_text, fix_text
from guarddog_gui.services.messages.signing.signatures import not_signed_message
from guarddog_gui.services.signing import TicketUnsupported
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.current_account import CurrentAccount
from guarddog_gui.ui.signing.diagnose_form import DiagnoseForm
from guarddog_gui.ui.signing.verdict_card import Verdict, VerdictCard
from guarddog_gui.ui.widgets.controls.buttons import LinkButton
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column
from guarddog_gui.ui.widgets.page import CARD_GAP, MARGIN, Page, PageScrollArea
from guarddog_gui.ui.widgets.page_head import PageHead
from guarddog_gui.ui.widgets.strip import Severity

if TYPE_CHECKING:
    from guarddog_gui.runtime.jobs import DiagnosisOutcome

PROGRESS_INTERVAL_MS = 100  # between two updates of the progress bar
SEARCH_SHOWN_AFTER_MS = 250  # a shorter search leaves the last verdict where it is


class DiagnosePage(Page):
    """Page that answers while the user types, and fills itself from the clipboard when it is opened.

    The search runs on this computer. WeChat is called only to replace an expired ticket, once for each account
    until the page is opened again.
    """

    sign_requested = Signal(str)  # the URL that should have been signed, for the current account
    copy_requested = Signal(str, str)  # text and its name

    def __init__(
        self,
        controller: Controller,
        signing_controller: SigningController,
        formatter: Formatter,
        current_account: CurrentAccount | None = None,
    ) -> None:
        super().__init__()
        self._signing_controller = signing_controller
        self._formatter = formatter
        self._search: DiagnosisProgress | None = None
        self._diagnosis: JobHandle[DiagnosisOutcome] | None = None
        # the diagnosis that starts as soon as the ticket of its account has been fetched
        self._awaiting_ticket: tuple[Account, DiagnosisRequest] | None = None
        self._ticket_requested_for = ""  # appid whose ticket was requested since the page was opened
        self._searched_for: tuple[Account, DiagnosisRequest] | None = None  # by the last search
        self._outcome: DiagnosisOutcome | JobFailure | Message | None = None  # the message refuses the input
        self._head = PageHead()
        self._form = DiagnoseForm(controller, current_account or CurrentAccount(parent=self), formatter)
        self._cancel_button = LinkButton()
        self._progress_bar = QProgressBar(textVisible=False)
        self._verdict_card = VerdictCard(formatter.icons)
        self._progress_timer = QTimer(self, interval=PROGRESS_INTERVAL_MS)
        self._progress_timer.setObjectName("progress-timer")
        self._search_shown_timer = QTimer(self, singleShot=True, interval=SEARCH_SHOWN_AFTER_MS)
        self._lay_out()
        self._connect()
        signing_controller.ticket_refreshed.connect(self._on_ticket_refreshed)
        controller.overview_changed.connect(self._on_overview_changed)
        self.set_focus_widgets(self._form.paste_field)
        self.retranslate()
        self._update_progress_row()

    def _lay_out(self) -> None:
        self._progress_bar.setFixedSize(120, 6)
        for widget in (self._progress_bar, self._cancel_button):
            self._form.progress_row.addWidget(widget)
        content = QWidget()
        column = make_column(self._head, self._form, self._verdict_card, STRETCH, spacing=CARD_GAP, margin=MARGIN)
        content.setLayout(column)
        self.setLayout(make_column(PageScrollArea(content)))

    def _connect(self) -> None:
        self._form.submitted.connect(self.start)
        self._form.edited.connect(self._on_input_changed)
        self._form.account_chooser.account_changed.connect(self._on_input_changed)
        self._cancel_button.clicked.connect(self._on_cancel_clicked)
        self._verdict_card.again_button.clicked.connect(self.start)
        self._verdict_card.sign_button.clicked.connect(self._on_sign_clicked)
        self._verdict_card.copy_button.clicked.connect(self._on_copy_clicked)
        self._progress_timer.timeout.connect(self._update_progress)
        self._search_shown_timer.timeout.connect(self._show_verdict)

    def retranslate(self) -> None:
        self._head.set_texts(
            self.tr("Diagnose"), self.tr("Finds the mistake behind “invalid signature”, here on this computer.")
        )
        self._form.retranslate()
        self._cancel_button.setText(self.tr("Cancel"))
        self._progress_bar.setAccessibleName(self.tr("How far the search is"))
        self._verdict_card.retranslate()
        if isinstance(self._outcome, Message) and self.account is not None:
            self._outcome = self._find_refusal(self.account, self._form.build_request())
        self._show_verdict()

    @property
    def account(self) -> Account | None:
        return self._form.account_chooser.account

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        if self._awaiting_ticket is not None and overview.account(self._awaiting_ticket[0].appid) is None:
            self._on_cancel_clicked()  # the account was removed, so its ticket will not arrive

    def set_input(self, config_text: str, url: str) -> None:
        self._form.set_input(config_text, url)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ticket_requested_for = ""
        self._form.take_from_clipboard()
        self._on_input_changed()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isVisible() and self.isActiveWindow():
            self._form.take_from_clipboard()

    # -- searching --------------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Return whether a search is running or waiting for a ticket."""
        return self._search is not None or self._awaiting_ticket is not None

    @Slot()
    def start(self) -> None:
        """Start a diagnosis of the current values, even if they are those of the last one."""
        self._searched_for, self._ticket_requested_for = None, ""
        self._form.update_parsed_values()  # the typing timer may still be running
        self._diagnose_input()

    @Slot()
    def _on_input_changed(self) -> None:
        if self.isVisible():
            self._diagnose_input()

    def _diagnose_input(self) -> None:
        """Search for the mistake in the current values, unless it is known; cancel the search for older ones."""
        account, request = self.account, self._form.build_request()
        if account is None or (account, request) == self._searched_for:
            return
        self._stop_search()
        self._searched_for = self._outcome = None
        if not self._form.is_empty:
            self._outcome = self._find_refusal(account, request)
            if self._outcome is None:
                self._searched_for = account, request
                self._start_search(account, request)
        if not self.is_running:
            self._show_verdict()
        self._update_progress_row()

    def _find_refusal(self, account: Account, request: DiagnosisRequest) -> Message | None:
        """Return why `request` cannot be searched, or None. Checked before a ticket is fetched."""
        messages = self._formatter.messages
        if TokenKind.JSAPI_TICKET not in account.token_kinds:
            return not_signed_message(TicketUnsupported(), account, messages)
        problem = self._form.parse_config().problem
        if problem is None:
            bad = validate_diagnosis_input(request.to_input(()))
            problem = bad.problem if bad is not None and bad.field is not DiagnosisField.TICKETS else None
        return messages.for_bad_input(problem) if problem is not None else None

    def _start_search(self, account: Account, request: DiagnosisRequest) -> None:
        is_ticket_requested = self._ticket_requested_for == account.appid  # in vain, else there was a valid one
        if is_ticket_requested or self._signing_controller.has_valid_ticket(account):
            self._diagnose(account, request)
        else:
            self._awaiting_ticket, self._ticket_requested_for = (account, request), account.appid
            self._signing_controller.ensure_fresh_ticket(account.appid)

    @Slot(str, object)
    def _on_ticket_refreshed(self, appid: str, _result: RefreshResult) -> None:
        """Start the pending search, even if the ticket could not be fetched.

        The page may have been signed with an earlier ticket or with that of another account.
        """
        if self._awaiting_ticket is not None and self._awaiting_ticket[0].appid == appid:
            account, request = self._awaiting_ticket
            self._awaiting_ticket = None
            self._diagnose(account, request)
            self._update_progress_row()

    def _diagnose(self, account: Account, request: DiagnosisRequest) -> None:
        self._search = DiagnosisProgress()
        self._diagnosis = self._signing_controller.diagnose(account, request, self._search)
        self._diagnosis.notify(self._on_diagnosis_ended, self._on_diagnosis_ended)

    @Slot()
    def _on_cancel_clicked(self) -> None:
        if self.is_running:
            self._stop_search()
            self._outcome = DiagnosisCancelled()
            self._show_verdict()
            self._update_progress_row()

    def _stop_search(self) -> None:
        self._awaiting_ticket = None
        if self._search is not None:
            self._search.cancel()
            self._search = None
        if self._diagnosis is not None:
            self._diagnosis.disconnect(self)
            self._diagnosis = None

    def event(self, event: QEvent) -> bool:
        # While a search is running, Escape cancels it. Accepting the override keeps the key from the
        # window's shortcut, which would hide the window.
        if event.type() is QEvent.Type.ShortcutOverride and self.is_running and _is_escape_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_escape_key(event) and self.is_running:
            self._on_cancel_clicked()
        else:
            super().keyPressEvent(event)

    @Slot(object)
    def _on_diagnosis_ended(self, outcome: "DiagnosisOutcome | JobFailure") -> None:
        self._search = self._diagnosis = None
        self._outcome = outcome
        self._show_verdict()
        self._update_progress_row()
        self._announce_verdict()

    # -- verdict -----------------------------------------------------------------------------------

    def _announce_verdict(self) -> None:
        """Let a screen reader read the result aloud although the focus is elsewhere."""
        if self.isVisible():
            announcement = QAccessibleAnnouncementEvent(self._verdict_card, self._verdict_card.accessibleName())
            QAccessible.updateAccessibility(announcement)

    @Slot()
    def _show_verdict(self) -> None:
        self._verdict_card.show_verdict(self._make_verdict())

    def _make_verdict(self) -> Verdict:
        messages, outcome = self._formatter.messages, self._outcome
        match outcome:
            case None if self.is_running:
                return Verdict(Severity.INFO, DiagnosisText(Message(self.tr("Searching for the mistake…"))))
            case None:
                return Verdict(Severity.INFO, DiagnosisText(self._hint()))
            case Message():
                return self._verdict_of_refusal(outcome)
            case InvalidDiagnosisInput(problem=problem):
                return self._verdict_of_refusal(messages.for_bad_input(problem))
            case SignatureMatch(mistakes=mistakes):
                severity = Severity.BAD if mistakes else Severity.OK
                return Verdict(severity, diagnosis_text(outcome, messages), is_signable=bool(mistakes))
            case NoMatch():
                return Verdict(Severity.WARN, diagnosis_text(outcome, messages))
            case DiagnosisCancelled():
                return Verdict(Severity.INFO, diagnosis_text(outcome, messages), is_repeatable=True)
            case failure:
                text = DiagnosisText(self._formatter.job_failure_message(failure))
                return Verdict(Severity.BAD, text, is_repeatable=True)

    def _hint(self) -> Message:
        return Message(
            self.tr("Copy the wx.config of the page and its URL: both are taken from the clipboard."),
            self.tr("Which mistake the signature contains, and what to do about it, then stands here."),
        )

    def _verdict_of_refusal(self, refusal: Message) -> Verdict:
        """Return what a pasted message of the JS-SDK means, or else why there is nothing to search for."""
        error = self._formatter.jssdk_errors.find(self._form.pasted_text())
        if error is None:
            return Verdict(Severity.INFO, DiagnosisText(refusal))
        language = self._formatter.messages.language
        message = Message(f"{error.message}: {error.meaning(language)}", error.fix(language))
        return Verdict(Severity.WARN, DiagnosisText(message, tuple(map(Message, error.causes(language)))))

    # -- actions -----------------------------------------------------------------------------------

    @Slot()
    def _on_sign_clicked(self) -> None:
        if isinstance(self._outcome, SignatureMatch):
            self.sign_requested.emit(self._outcome.page_url)

    @Slot()
    def _on_copy_clicked(self) -> None:
        if isinstance(self._outcome, SignatureMatch):
            messages = self._formatter.messages
            self.copy_requested.emit(fix_text(diagnosis_text(self._outcome, messages), messages), self.tr("the fix"))

    # -- progress ----------------------------------------------------------------------------------

    def _update_progress_row(self) -> None:
        is_running = self.is_running
        self._cancel_button.setVisible(is_running)
        self._progress_bar.setVisible(is_running)
        if is_running:
            self._update_progress()
            self._progress_timer.start()
            self._search_shown_timer.start()
        else:
            self._progress_timer.stop()
            self._search_shown_timer.stop()

    @Slot()
    def _update_progress(self) -> None:
        search = self._search
        # A maximum of 0 shows a busy indicator: the total is unknown while the ticket is fetched.
        self._progress_bar.setMaximum(search.total if search is not None else 0)
        self._progress_bar.setValue(search.tried if search is not None else 0)


def _is_escape_key(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
