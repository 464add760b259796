"""Dialog that adds or edits an account and verifies its credentials before it saves them."""

import os
from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QWidget

from guarddog_gui.domain.accounts.account import Account, secret_problem, validate_account
from guarddog_gui.domain.accounts.existing_files import FolderContents
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.reports import ExportStatus, export_statuses
from guarddog_gui.domain.exports.targets import validate_targets
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.status import KeyState, Overview
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import InspectFolder, JobCrashed, JobFailure, JobHandle
from guarddog_gui.services.account_verification import VerificationResult
from guarddog_gui.services.accounts import AccountNotSaved, AccountSaved, SaveMode
from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.accounts.form import AccountForm
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.auto_height_dialog import AutoHeightDialog, FormScrollArea
from guarddog_gui.ui.widgets.confirm_dialog import ConfirmDialog
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row
from guarddog_gui.ui.widgets.message_view import MessageView
from guarddog_gui.ui.widgets.plain_text import button_box_without_icons


class AccountDialog(AutoHeightDialog):
    """Dialog that stays open until the account is in the file and the keyring, or the user cancels.

    `_on_save_accepted` decides what has to happen before the account is saved, and in which order.
    """

    def __init__(
        self,
        controller: Controller,
        formatter: Formatter,
        account: Account | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._formatter = formatter
        self._original_account = account
        self._form = AccountForm(formatter, account, self._export_statuses(account))
        # the values with which the form started, to tell the user's edits from those made elsewhere
        self._initial_form_account = self._form.entered_account() if account is not None else None
        self._is_save_pending = False  # Save was pressed and waits for the inspection or the verification
        self._inspection_job: JobHandle[FolderContents] | None = None  # for the folder selected last
        self._inspected_folder: str | None = None  # the folder that `_folder_contents` is about
        self._folder_contents: FolderContents | None = None
        self._verification_job: JobHandle[VerificationResult] | None = None
        self.verification_result: VerificationResult | None = None  # for the current values
        self._save_job: JobHandle[AccountSaved | AccountNotSaved] | None = None
        self._message_view = MessageView()
        self._test_button = QPushButton(autoDefault=False)  # so that Enter saves
        self._button_box = button_box_without_icons(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._save_button = self._button_box.button(QDialogButtonBox.StandardButton.Save)
        self._cancel_button = self._button_box.button(QDialogButtonBox.StandardButton.Cancel)
        self._test_button.setObjectName("test-button")
        self._save_button.setObjectName("save-button")
        self._cancel_button.setAutoDefault(False)
        self.scroll_area = self._form_area = FormScrollArea(self._form)
        foot = make_row(self._test_button, STRETCH, self._button_box, spacing=16)
        self.setLayout(make_column((self._form_area, 1), self._message_view, foot, spacing=16, margin=16))
        self.setMinimumWidth(520)
        self._connect()
        self.retranslate()

    def _export_statuses(self, account: Account | None) -> tuple[ExportStatus, ...]:
        if account is None:
            return ()
        status = self._controller.overview().account(account.appid)
        return export_statuses(account.exports, status.exports if status is not None else ())

    def _connect(self) -> None:
        self._form.credentials_edited.connect(self._reset_verification)
        self._form.folder_edited.connect(self._on_folder_edited)
        self._form.folder_selected.connect(self._on_folder_selected)
        self._form.exports_edited.connect(self._on_exports_edited)
        self._form.details_edited.connect(self._on_details_edited)
        self._test_button.clicked.connect(self._on_test_clicked)
        self._button_box.accepted.connect(self._on_save_accepted)
        self._button_box.rejected.connect(self.reject)
        self._controller.overview_changed.connect(self._on_overview_changed)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Edit account") if self._original_account else self.tr("Add account"))
        self._form.retranslate()
        self._test_button.setText(self.tr("Test"))
        self._save_button.setText(self.tr("Save"))
        self._cancel_button.setText(self.tr("Cancel"))
        self._show_existing_files()
        self._message_view.retranslate()

    # -- edits by the user ------------------------------------------------------------------------

    @Slot()
    def _reset_verification(self) -> None:
        """Discard a verification, which is no longer about the entered credentials."""
        self.verification_result = None
        if self._verification_job is not None:
            self._verification_job.disconnect(self)
            self._verification_job = None
        self._is_save_pending = False
        self._clear_message()

    @Slot()
    def _on_details_edited(self) -> None:
        """Replace an error, which may be corrected, by the verification result, which is still valid."""
        self._show_existing_files()
        if self._is_busy():
            return  # the message says so
        if self.verification_result is not None:
            self._show_verification_result(self.verification_result)
        else:
            self._clear_message()

    @Slot()
    def _on_exports_edited(self) -> None:
        self._on_details_edited()
        self.should_keep_height = False  # the list may have become smaller
        refusal = validate_targets(self._form.entered_account().exports)
        if refusal is not None:
            self._show_input_error(refusal)

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        status = overview.account(self._original_account.appid) if self._original_account is not None else None
        if status is not None:
            self._form.export_list.update_statuses(status.exports)

    @Slot()
    def _on_folder_edited(self) -> None:
        """Discard a verification, which also covered the token in the previous folder."""
        self._reset_verification()
        if self._inspection_job is not None:
            self._inspection_job.disconnect(self)
            self._inspection_job = None
        self._show_existing_files()

    # -- files in the selected folder -------------------------------------------------------------

    @Slot()
    def _on_folder_selected(self) -> None:
        """Inspect the selected folder, to show its files before the account uses them."""
        self._form.expand_folder()
        if self._inspection_job is None and self._should_inspect_folder():
            self._inspection_job = self._controller.account_jobs.inspect_folder(self._form.entered_account())
            self._inspection_job.notify(self._on_folder_inspected, self._on_inspection_failed)

    def _should_inspect_folder(self) -> bool:
        folder = self._form.entered_account().dog_dir
        is_absolute = folder is not None and os.path.isabs(folder)  # noqa: PTH117 - a string
        return is_absolute and folder != self._inspected_folder and self._is_folder_new()

    def _is_folder_new(self) -> bool:
        initial = self._initial_form_account
        return initial is None or self._form.entered_account().dog_dir != initial.dog_dir

    @Slot(object, object)
    def _on_inspection_failed(self, failure: JobFailure, job: InspectFolder) -> None:
        if isinstance(failure, JobCrashed):  # saving checks the folder again
            self._on_folder_inspected(None, job)
            return
        self._inspection_job = None
        self._is_save_pending = False
        self._show_job_error(failure)  # for example: the folder of another account

    @Slot(object, object)
    def _on_folder_inspected(self, contents: FolderContents | None, job: InspectFolder) -> None:
        self._inspection_job = None
        is_to_save, self._is_save_pending = self._is_save_pending, False
        self._update_buttons()
        self._inspected_folder = job.account.dog_dir
        self._folder_contents = contents
        self._show_existing_files()
        if is_to_save and self._existing_files_text():
            self._show_message(lambda: Message(self.tr("See what is in the folder, then save once more.")))
            self._form_area.scroll_to(self._form.existing_files_label)
            self._save_button.setFocus()
        elif is_to_save:
            self._on_save_accepted()

    def _existing_files_text(self) -> str:
        """Return the text about the files in the folder, which depends on the token kinds of the account."""
        account = self._form.entered_account()
        if self._folder_contents is None or account.dog_dir != self._inspected_folder:
            return ""
        if self.verification_result is not None and self.verification_result.existing_token_rejected:
            return ""  # the verification message covers it
        return self._formatter.messages.for_existing_files(
            self._folder_contents, account.token_kinds, self._formatter.clock()
        ).text

    def _show_existing_files(self) -> None:
        text = self._existing_files_text()
        self._form.existing_files_label.setText(text)
        self._form.existing_files_label.setVisible(bool(text))

    # -- testing and saving -----------------------------------------------------------------------

    @Slot()
    def _on_test_clicked(self) -> None:
        if self._check_input():
            self._verify_credentials()

    @Slot()
    def _on_save_accepted(self) -> None:
        """Save the account, or first do a missing step, whose result calls this method again."""
        if not self._check_input():
            return
        if self._should_inspect_folder():
            self._is_save_pending = True
            self._on_folder_selected()  # starts the inspection unless it is already running
            self._show_message(lambda: Message(self.tr("Looking into the folder…")), KeyState.REFRESHING)
        elif self.verification_result is None and self._should_verify_credentials():
            self._is_save_pending = True
            self._verify_credentials()
        elif (
            self.verification_result is None
            or self.verification_result.is_valid
            or self._confirm_save_anyway(self.verification_result)
        ):
            self._save_account()

    def _check_input(self) -> bool:
        account, secret = self._form.entered_account(), self._form.entered_secret()
        error = validate_account(account)
        if self._original_account is None and self._controller.overview().account(account.appid) is not None:
            error = BadInput(InputProblem.ACCOUNT_EXISTS)
        elif error is None and secret is not None and (problem := secret_problem(secret.reveal())) is not None:
            error = BadInput(problem)
        if error is not None:
            self._show_input_error(error)
        return error is None

    def _should_verify_credentials(self) -> bool:
        """Return whether the secret or the folder is new.

        A new folder may contain a token that has not expired but that WeChat rejects.
        """
        return self._is_folder_new() or self._form.entered_secret() is not None

    def _confirm_save_anyway(self, result: VerificationResult) -> bool:
        message = self._formatter.messages.for_verification(result)
        return ConfirmDialog(self, message, self.tr("Back"), self.tr("Save anyway")).ask()

    def _verify_credentials(self) -> None:
        self._verification_job = self._controller.account_jobs.verify_credentials(
            self._form.entered_account(), self._form.entered_secret()
        )
        self._verification_job.notify(self._on_credentials_verified, self._on_job_failed)
        self._show_message(lambda: Message(self.tr("Asking WeChat…")), KeyState.REFRESHING)

    def _save_account(self) -> None:
        self._save_job = self._controller.account_jobs.save_account(
            self._form.entered_account(),
            self._form.entered_secret(),
            self.verification_result,
            mode=SaveMode.ADD if self._original_account is None else SaveMode.CHANGE,
            edited_from=self._initial_form_account,
        )
        self._save_job.notify(self._on_save_finished, self._on_job_failed)
        self._show_message(lambda: Message(self.tr("Saving…")), KeyState.REFRESHING)

    def _is_busy(self) -> bool:
        return self._is_save_pending or self._verification_job is not None or self._save_job is not None

    def _update_buttons(self) -> None:
        for button in (self._test_button, self._save_button):
            button.setEnabled(not self._is_busy())

    @Slot(object)
    def _on_job_failed(self, failure: JobFailure) -> None:
        """Show why the verification or the saving failed; only one of them runs at a time."""
        self._verification_job = self._save_job = None
        self._is_save_pending = False
        self._show_job_error(failure)

    @Slot(object)
    def _on_credentials_verified(self, result: VerificationResult) -> None:
        self._verification_job = None
        is_to_save, self._is_save_pending = self._is_save_pending, False
        self.verification_result = result
        self._show_existing_files()
        self._show_verification_result(result)
        # Disabling the buttons has moved the focus to Cancel; move it to where the user continues.
        if result.is_valid:
            self._save_button.setFocus()
        else:
            self._form.secret_field.setFocus()
        if is_to_save:
            self._on_save_accepted()

    @Slot(object)
    def _on_save_finished(self, result: AccountSaved | AccountNotSaved) -> None:
        self._save_job = None
        self._update_buttons()
        if isinstance(result, AccountSaved):
            self._form.secret_field.clear()
            self.accept()
        else:
            self._show_message(lambda: self._formatter.messages.for_save(result), KeyState.FAILED)

    # -- messages ---------------------------------------------------------------------------------

    def _show_message(self, make_message: Callable[[], Message], state: KeyState | None = None) -> None:
        self._update_buttons()
        self.should_keep_height = False
        self._message_view.show_message(make_message, state)

    def _clear_message(self) -> None:
        """Clear the message without moving the buttons, which the user is about to press."""
        self._update_buttons()
        self.should_keep_height = True
        self._message_view.clear()

    def _show_input_error(self, error: BadInput) -> None:
        self._show_message(lambda: self._formatter.messages.for_bad_input(error), KeyState.FAILED)

    def _show_verification_result(self, result: VerificationResult) -> None:
        state = KeyState.FRESH if result.is_valid else KeyState.FAILED
        self._show_message(lambda: self._formatter.messages.for_verification(result), state)

    def _show_job_error(self, failure: JobFailure) -> None:
        self._show_message(lambda: self._formatter.job_failure_message(failure), KeyState.FAILED)
