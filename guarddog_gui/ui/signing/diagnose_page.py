"""Page that finds the mistake in an invalid signature, from a pasted `wx.config` and the page's URL."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QProgressBar, QPushButton

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
from guarddog_gui.services.diagnosis import DiagnosisRequest
from guarddog_gui.services.messages.diagnosis import DiagnosisText, diagnosis_text
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.signing import not_signed_message
from guarddog_gui.services.refresh_request import RefreshResult
from guarddog_gui.services.signing import TicketUnsupported
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.signing.diagnose_form import DiagnoseForm
from guarddog_gui.ui.signing.diagnosis_view import DiagnosisView
from guarddog_gui.ui.widgets.layouts import make_column, make_row
from guarddog_gui.ui.widgets.page import Page

if TYPE_CHECKING:
    from guarddog_gui.runtime.jobs import DiagnosisOutcome

PROGRESS_INTERVAL_MS = 100  # between two updates of the progress bar


class DiagnosePage(Page):
    """Page that starts and cancels a diagnosis, shows its progress and its result.

    The search runs on this computer. WeChat is called only to replace an expired ticket.
    """

    def __init__(self, controller: Controller, signing_controller: SigningController, formatter: Formatter) -> None:
        super().__init__()
        self._signing_controller = signing_controller
        self._formatter = formatter
        self._search: DiagnosisProgress | None = None
        self._diagnosis: JobHandle[DiagnosisOutcome] | None = None
        # the diagnosis that starts as soon as the ticket of its account has been fetched
        self._awaiting_ticket: tuple[Account, DiagnosisRequest] | None = None
        self._outcome: DiagnosisOutcome | JobFailure | Message | None = None  # the message refuses the input
        self._form = DiagnoseForm(formatter)
        self._start_button = QPushButton(default=True)
        self._cancel_button = QPushButton()
        self._progress_bar = QProgressBar(textVisible=False)
        self._diagnosis_view = DiagnosisView()
        self._progress_timer = QTimer(self, interval=PROGRESS_INTERVAL_MS)
        self._progress_timer.setObjectName("progress-timer")
        self._lay_out()
        self._form.submitted.connect(self.start)
        self._start_button.clicked.connect(self.start)
        self._cancel_button.clicked.connect(self._on_cancel_clicked)
        self._progress_timer.timeout.connect(self._update_progress)
        signing_controller.ticket_refreshed.connect(self._on_ticket_refreshed)
        controller.overview_changed.connect(self._on_overview_changed)
        self.set_focus_widgets(self._form.paste_field)
        self.retranslate()
        self._on_overview_changed(controller.overview())
        self._update_buttons()

    def _lay_out(self) -> None:
        for widget in (self._cancel_button, self._progress_bar):  # hidden unless a search is running
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(policy)
        buttons = make_row(self._start_button, self._cancel_button, (self._progress_bar, 1))
        left = make_column((self._form, 1), buttons)
        self.setLayout(make_row((left, 1), (self._diagnosis_view, 1), spacing=16, margin=16))

    def retranslate(self) -> None:
        self._form.retranslate()
        self._start_button.setText(self.tr("Diagnose"))
        self._cancel_button.setText(self.tr("Cancel"))
        self._progress_bar.setAccessibleName(self.tr("How far the search is"))
        self._diagnosis_view.setAccessibleName(self.tr("Verdict"))
        self._diagnosis_view.set_labels(self.tr("signed"), self.tr("page"), self.tr("Tried and ruled out:"))
        self._diagnosis_view.setPlaceholderText(
            self.tr("The verdict comes here: which mistake the signature contains, and what to do.")
        )
        self._show_diagnosis()

    @property
    def account(self) -> Account | None:
        return self._form.account_combo.account

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        self._form.account_combo.update_accounts(overview)
        if self._awaiting_ticket is not None and overview.account(self._awaiting_ticket[0].appid) is None:
            self._on_cancel_clicked()  # the account was removed, so its ticket will not arrive

    def set_input(self, config_text: str, url: str) -> None:
        self._form.set_input(config_text, url)

    # -- searching --------------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Return whether a search is running or waiting for a ticket."""
        return self._search is not None or self._awaiting_ticket is not None

    @Slot()
    def start(self) -> None:
        """Start a diagnosis of the current values, cancelling a running one."""
        self._stop_search()
        self._form.update_parsed_values()  # the typing timer may still be running
        self._outcome = None
        account = self.account
        if account is not None:
            request = self._form.build_request()
            self._outcome = self._find_refusal(account, request)
            if self._outcome is None:
                self._start_search(account, request)
        self._show_diagnosis()
        self._update_buttons()

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
        if self._signing_controller.has_valid_ticket(account):
            self._diagnose(account, request)
        else:
            self._awaiting_ticket = account, request
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
            self._update_buttons()

    def _diagnose(self, account: Account, request: DiagnosisRequest) -> None:
        self._search = DiagnosisProgress()
        self._diagnosis = self._signing_controller.diagnose(account, request, self._search)
        self._diagnosis.notify(self._on_diagnosis_ended, self._on_diagnosis_ended)

    @Slot()
    def _on_cancel_clicked(self) -> None:
        if self.is_running:
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
        self._show_diagnosis()
        self._update_buttons()
        self._announce_diagnosis()

    # -- result and progress ----------------------------------------------------------------------

    def _announce_diagnosis(self) -> None:
        """Let a screen reader read the result aloud although the focus is elsewhere."""
        diagnosis = self._diagnosis_text()
        if diagnosis is not None and self.isVisible():
            QAccessible.updateAccessibility(
                QAccessibleAnnouncementEvent(self._diagnosis_view, diagnosis.summary.text.replace("`", ""))
            )

    def _show_diagnosis(self) -> None:
        self._diagnosis_view.show_diagnosis(self._diagnosis_text())

    def _diagnosis_text(self) -> DiagnosisText | None:
        messages = self._formatter.messages
        match self._outcome:
            case None:
                return None
            case Message():
                return DiagnosisText(self._outcome)
            case InvalidDiagnosisInput(problem=problem):
                return DiagnosisText(messages.for_bad_input(problem))
            case SignatureMatch() | NoMatch() | DiagnosisCancelled():
                return diagnosis_text(self._outcome, messages)
            case failure:
                return DiagnosisText(self._formatter.job_failure_message(failure))

    def _update_buttons(self) -> None:
        is_running = self.is_running
        # Showing Cancel before Diagnose is disabled moves the focus from Diagnose to Cancel, and hiding
        # Cancel later moves it on to the result.
        self._cancel_button.setVisible(is_running)
        self._start_button.setEnabled(not is_running)
        self._progress_bar.setVisible(is_running)
        if is_running:
            self._update_progress()
            self._progress_timer.start()
        else:
            self._progress_timer.stop()

    @Slot()
    def _update_progress(self) -> None:
        search = self._search
        # A maximum of 0 shows a busy indicator: the total is unknown while the ticket is fetched.
        self._progress_bar.setMaximum(search.total if search is not None else 0)
        self._progress_bar.setValue(search.tried if search is not None else 0)


def _is_escape_key(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
