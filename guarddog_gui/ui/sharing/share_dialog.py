"""Dialog that shares an account through Redis, changes how it is shared, and ends that."""

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.errors import BadInput, FileError
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.sharing.settings import Sharing
from guarddog_gui.domain.sharing.values import SharingFailure
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import JobFailed, JobFailure, JobHandle
from guarddog_gui.services.accounts.sharing_service import AccountShared, NotShared, SharingPreview
from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.dialogs.confirm_dialog import ConfirmDialog
from guarddog_gui.ui.dialogs.form_dialog import FormDialog
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.sharing.connection_test import ConnectionTest
from guarddog_gui.ui.sharing.problem_fields import (
    FIELD_OF_FAILURE,
    FIELD_OF_INPUT,
    window_input_message,
    window_message,
)
from guarddog_gui.ui.sharing.share_form import ShareForm
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.fonts import TITLE, scaled_font
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row
from guarddog_gui.ui.widgets.strip import Severity
from guarddog_gui.ui.widgets.text.plain_text import WrappedLabel

MARGIN = 24
WIDTH_MIN = 640
_Outcome = AccountShared | NotShared


class ShareDialog(FormDialog):
    """Dialog that stays open until the account is shared, or is not any more, or the user cancels."""

    shared = Signal(object)  # AccountShared

    def __init__(
        self,
        controller: Controller,
        formatter: Formatter,
        account: Account | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Take an account of the list; None adds one that follows, without an AppSecret."""
        super().__init__(parent)
        self._controller = controller
        self._formatter = formatter
        self._account = account
        self._is_shared = account is not None and account.sharing is not None
        self._job: JobHandle[_Outcome] | None = None
        self.form = ShareForm(formatter, account)
        self._test = ConnectionTest(controller.account_jobs, self)
        self._title_label, self._status_label = QLabel(), WrappedLabel("sharing-status")
        self._test_button, self._stop_button = _link_button("test-button"), _link_button("stop-button")
        self._cancel_button, self._share_button = QPushButton(), QPushButton()
        self._share_button.setObjectName("share-button")
        self.set_form(self.form, self.form.message_view)
        self._lay_out()
        self._connect()
        self.retranslate()
        self._share_button.setDefault(True)  # Enter in a field shares; Qt knows it only once it is in the dialog
        (self.form.appid_field if account is None else self.form.url_field).setFocus()

    def _lay_out(self) -> None:
        self._title_label.setFont(scaled_font(self.font(), TITLE, self.font().Weight.DemiBold))
        self._title_label.setMinimumWidth(WIDTH_MIN - 2 * MARGIN)
        self._status_label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._stop_button.setVisible(self._is_shared)
        head = make_column(self._title_label, self._status_label, spacing=6)
        foot = make_row(self._test_button, self._stop_button, STRETCH, self._cancel_button, self._share_button)
        self.setLayout(make_column(head, (self.form_area, 1), foot, spacing=14, margin=MARGIN))

    def _connect(self) -> None:
        self.form.connection_edited.connect(self._on_connection_edited)
        self.form.keys_edited.connect(self._on_keys_edited)
        self._test.started.connect(self._on_test_started)
        self._test.finished.connect(self.show_preview)
        self._test.failed.connect(self._on_job_failed)
        self._test_button.clicked.connect(self._on_test_clicked)
        self._stop_button.clicked.connect(self._on_stop_clicked)
        self._cancel_button.clicked.connect(self.reject)
        self._share_button.clicked.connect(self._on_share_clicked)
        self._controller.overview_changed.connect(self._on_overview_changed)

    def retranslate(self) -> None:
        account = self._account
        if account is None:
            title, done = self.tr("Follow an account without its AppSecret"), self.tr("Follow")
        elif self._is_shared:
            title, done = self.tr("Sharing of {name}").format(name=account.name), self.tr("Save")
        else:
            title, done = self.tr("Share {name}").format(name=account.name), self.tr("Share")
        self.setWindowTitle(title)
        self._title_label.setText(title)
        self._share_button.setText(done)
        self._cancel_button.setText(self.tr("Cancel"))
        self._test_button.setText(self.tr("Test connection"))
        self._stop_button.setText(self.tr("Stop sharing…"))
        self.form.retranslate()
        self._show_status(self._controller.overview())

    def _show_status(self, overview: Overview) -> None:
        """Show what sharing is for, or role, address, leader and age of an account that is shared."""
        status = overview.account(self._account.appid) if self._account is not None else None
        if status is not None and self._is_shared:
            text = self._formatter.messages.sharing_line(status.account, status.sharing, overview.at)
        elif self._account is None:
            text = self.tr("Another computer, or a program of yours, keeps its values in a Redis.")
        else:
            text = self.tr("Several computers use one account: each value is fetched once for all.")
        self._status_label.setText(text)

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        self._show_status(overview)

    # -- edits and tests --------------------------------------------------------------------------

    @Slot()
    def _on_connection_edited(self) -> None:
        self._test.drop()
        self.form.preview_view.show_values(())
        self.clear_message()

    @Slot()
    def _on_keys_edited(self) -> None:
        self.clear_message()
        self._test.plan(*self._entered())

    def _entered(self) -> tuple[Account, Sharing, Secret | None]:
        return self.form.entered_account(), self.form.entered_sharing(), self.form.entered_password()

    @Slot()
    def _on_test_clicked(self) -> None:
        if self._test.is_running:
            return  # the button is not disabled meanwhile: that would move the focus to Cancel
        self.form.clear_errors()
        self._test.start(*self._entered())

    @Slot()
    def _on_test_started(self) -> None:
        self.show_message(lambda: Message(self.tr("Connecting to Redis…")))

    @Slot(object)
    def show_preview(self, preview: SharingPreview) -> None:
        """Show what is in Redis, or why that could not be found out."""
        self.clear_message()
        self.form.preview_view.show_values(preview.values)
        if preview.failure is not None:
            self._show_failure(preview.failure)
        else:
            self.show_message(lambda: Message(self.tr("Redis answers.")), Severity.OK)
            self.form_area.scroll_to(self.form.preview_view)

    # -- sharing ----------------------------------------------------------------------------------

    @Slot()
    def _on_share_clicked(self) -> None:
        self._share(checks=True)

    def _share(self, *, checks: bool) -> None:
        if self._job is not None:
            return
        self.form.clear_errors()
        self._start(self._controller.account_jobs.share_account(*self._entered(), checks=checks))

    @Slot()
    def _on_stop_clicked(self) -> None:
        account = self._account
        if account is None or self._job is not None:
            return
        text = (
            self.tr(
                "This computer has no AppSecret of it: its values are no longer renewed here until you enter one "
                "under Edit account, or follow again. The password of Redis leaves the keyring."
            )
            if account.is_follower
            else self.tr(
                "This computer asks WeChat for itself alone. Values in Redis stay until they end; other computers go "
                "on. The password of Redis leaves the keyring."
            )
        )
        question = Message(self.tr("Stop sharing {name}?").format(name=account.name), text)
        if ConfirmDialog(self, question, self.tr("Back"), self.tr("Stop sharing"), is_destructive=True).ask():
            self._start(self._controller.account_jobs.unshare_account(account))

    def _start(self, job: JobHandle[_Outcome]) -> None:
        self._test.drop()
        self._job = job
        job.notify(self._on_shared, self._on_job_failed)
        self.show_message(lambda: Message(self.tr("Saving…")))

    @Slot(object)
    def _on_shared(self, outcome: _Outcome) -> None:
        self._job = None
        if isinstance(outcome, AccountShared):
            self.form.password_field.clear()
            self.shared.emit(outcome)
            self.accept()
            return
        self.clear_message()
        self._share_button.setFocus()  # disabling it has moved the focus to Cancel
        error = outcome.storage_error
        if error is not None:
            messages = self._formatter.messages
            self.show_message(
                lambda: (
                    messages.for_file_error(error)
                    if isinstance(error, FileError)
                    else messages.for_keyring_result(error)
                ),
                Severity.BAD,
            )
        elif outcome.failures:
            self._show_failure(outcome.failures[0])
            self._ask_to_share_anyway(outcome)

    def _ask_to_share_anyway(self, outcome: NotShared) -> None:
        """Offer to save without a check: Redis may be down just now."""
        failure = window_message(outcome.failures[0], self._formatter.messages)
        question = self.tr("Save {name} although the check has failed?").format(name=outcome.account.name)
        if ConfirmDialog(self, Message(question, failure.text), self.tr("Back"), self.tr("Save anyway")).ask():
            self._share(checks=False)

    @Slot(object)
    def _on_job_failed(self, failure: JobFailure) -> None:
        was_saving, self._job = self._job is not None, None
        self.clear_message()
        if was_saving:
            self._share_button.setFocus()
        if isinstance(failure, JobFailed) and isinstance(failure.error, BadInput):
            self._show_input_error(failure.error)
        else:
            self.show_message(lambda: self._formatter.job_failure_message(failure), Severity.BAD)

    # -- messages ---------------------------------------------------------------------------------

    def _show_failure(self, failure: SharingFailure) -> None:
        """Show what is wrong at its field, or below the fields."""
        name = FIELD_OF_FAILURE.get(failure.problem)
        self._show_trouble(name, lambda: window_message(failure, self._formatter.messages))

    def _show_input_error(self, error: BadInput) -> None:
        name = FIELD_OF_INPUT.get(error.problem)
        self._show_trouble(name, lambda: window_input_message(error, self._formatter.messages))
        if error.problem is InputProblem.KEY_NAME_MISSING:
            self.form.keys_field.focus_missing_name()

    def _show_trouble(self, name: str | None, make_message: Callable[[], Message]) -> None:
        """Show a message at the field of this name and take the user there; below the fields if it is hidden."""
        if name is None or not self.form.fields[name].isVisible():
            self.show_message(make_message, Severity.BAD)
            return
        self.should_keep_height = False
        self.form.show_error(name, lambda: make_message().text)
        self.form.fields[name].field.setFocus()
        self.form_area.scroll_to(self.form.fields[name])

    def update_buttons(self) -> None:
        is_saving = self._job is not None
        self._share_button.setEnabled(not is_saving)
        self._stop_button.setEnabled(not is_saving)
        self._test_button.setEnabled(not is_saving)


def _link_button(name: str) -> QPushButton:
    button = QPushButton()
    button.setObjectName(name)
    set_kind(button, ButtonKind.LINK)
    return button
