"""The dialog that adds or edits an account: it tries the credentials at once and says the verdict."""

import os
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QHBoxLayout,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.accounts.account import Account, secret_problem, validate_account
from guarddog_gui.domain.accounts.existing_files import FolderContents
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.reports import ExportStatus, export_statuses
from guarddog_gui.domain.exports.targets import validate_targets
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.refresh.status import KeyState, Overview
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import (
    InspectFolder,
    JobCrashed,
    JobFailed,
    JobResult,
    SaveAccount,
    VerifyCredentials,
)
from guarddog_gui.services.accounts import AccountNotSaved, AccountSaved, SaveMode, VerificationResult
from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.accounts.form import AccountForm
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.auto_height_dialog import AutoHeightDialog
from guarddog_gui.ui.widgets.form_scroll_area import FormScrollArea
from guarddog_gui.ui.widgets.message_view import MessageView
from guarddog_gui.ui.widgets.plain_text import button_box_without_icons


class AccountDialog(AutoHeightDialog):
    """Stays open until the account is in both stores, or the person gives up.

    What has to come before it is stored, and in which order, is in `_on_save`.
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
        self._initial_form_account = (
            self._form.entered_account() if account is not None else None
        )  # what the form began with
        self._is_save_pending = False  # Save was pressed and waits for the survey or the verdict
        self._inspection_job: InspectFolder | None = None  # of the folder that was chosen last
        self._inspected_folder: str | None = None  # the folder that `_finding` is about
        self._folder_contents: FolderContents | None = None
        self._verification_job: VerifyCredentials | None = None
        self._verification_result: VerificationResult | None = None  # about what the form says now
        self._save_job: SaveAccount | None = None
        self._message_view = MessageView()
        self._test_button = QPushButton()
        self._button_box = button_box_without_icons(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self._save_button = self._button_box.button(QDialogButtonBox.StandardButton.Save)
        self._cancel_button = self._button_box.button(QDialogButtonBox.StandardButton.Cancel)
        for button in (self._test_button, self._cancel_button):
            button.setAutoDefault(False)  # Enter saves, which tries first
        self._lay_out()
        self._connect()
        self.retranslate()

    def _export_statuses(self, account: Account | None) -> tuple[ExportStatus, ...]:
        if account is None:
            return ()
        status = self._controller.overview().account(account.appid)
        return export_statuses(account.exports, status.exports if status is not None else ())

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self._test_button)
        foot.addStretch()
        foot.addWidget(self._button_box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        self.scroll_area = self._form_area = FormScrollArea(self._form)
        layout.addWidget(self._form_area, 1)
        layout.addWidget(self._message_view)
        layout.addLayout(foot)
        self.setMinimumWidth(520)

    def _connect(self) -> None:
        self._form.credentials_edited.connect(self._reset_verification)
        self._form.folder_edited.connect(self._on_folder_edited)
        self._form.folder_selected.connect(self._on_folder_selected)
        self._form.exports_edited.connect(self._on_exports_edited)
        self._form.details_edited.connect(self._on_details_edited)
        self._test_button.clicked.connect(self._on_test_clicked)
        self._button_box.accepted.connect(self._on_save_accepted)
        self._button_box.rejected.connect(self.reject)
        self._controller.job_done.connect(self._on_job_done)
        self._controller.overview_changed.connect(self._on_overview_changed)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.setWindowTitle(self.tr("Edit account") if self._original_account else self.tr("Add account"))
        self._form.retranslate()
        self._test_button.setText(self.tr("Test"))
        self._save_button.setText(self.tr("Save"))
        self._cancel_button.setText(self.tr("Cancel"))
        self._show_existing_files()
        self._message_view.retranslate()

    # -- while the form is filled in --------------------------------------------------------------

    @Slot()
    def _reset_verification(self) -> None:
        """It is about what was tried, not about what is typed now."""
        self._verification_result = None
        self._verification_job = None
        self._is_save_pending = False
        self._update_buttons()
        self._clear_message()

    @Slot()
    def _on_details_edited(self) -> None:
        """What was wrong may be right now; a verdict is about the credentials and goes on."""
        self._show_existing_files()
        if self._is_busy():
            return  # which is said
        if self._verification_result is not None:
            self._show_verification_result(self._verification_result)
        else:
            self._clear_message()

    @Slot()
    def _on_exports_edited(self) -> None:
        self._on_details_edited()
        self.should_keep_height = False  # the list itself becomes smaller by that
        refusal = validate_targets(self._form.entered_account().exports)
        if refusal is not None:
            self._show_input_error(refusal)

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        status = (
            overview.account(self._original_account.appid) if self._original_account is not None else None
        )
        if status is not None:
            self._form.update_export_statuses(status.exports)

    @Slot()
    def _on_folder_edited(self) -> None:
        """The verdict was about the token in the folder, too."""
        self._reset_verification()
        self._inspection_job = None
        self._show_existing_files()

    # -- what the folder has ----------------------------------------------------------------------

    @Slot()
    def _on_folder_selected(self) -> None:
        """Say what the folder has before it is this account's."""
        self._form.expand_folder()
        if self._inspection_job is None and self._should_inspect_folder():
            self._inspection_job = self._controller.inspect_folder(self._form.entered_account())

    def _should_inspect_folder(self) -> bool:
        """Whether nobody has said yet what is in the folder, which the account did not have before."""
        folder = self._form.entered_account().dog_dir
        if folder is None or not os.path.isabs(folder):  # noqa: PTH117 - a text
            return False
        return folder != self._inspected_folder and (
            self._initial_form_account is None or folder != self._initial_form_account.dog_dir
        )

    def _on_folder_inspected(self, folder: str | None, job_result: JobResult) -> None:
        is_to_save, self._is_save_pending = self._is_save_pending, False
        self._update_buttons()
        if isinstance(job_result, JobFailed):  # above all: it is that of another account
            self._show_job_error(job_result)
            return
        self._inspected_folder = folder
        self._folder_contents = job_result if isinstance(job_result, FolderContents) else None
        self._show_existing_files()
        if is_to_save and self._existing_files_text():
            self._show_message(lambda: Message(self.tr("See what is in the folder, then save once more.")))
            self._form.scroll_to_existing_files(self._form_area)
            self._save_button.setFocus()
        elif is_to_save:
            self._on_save_accepted()

    def _existing_files_text(self) -> str:
        """It depends on the keys of the account which of the files are its own."""
        account = self._form.entered_account()
        if self._folder_contents is None or account.dog_dir != self._inspected_folder:
            return ""
        if self._verification_result is not None and self._verification_result.existing_token_rejected:
            return ""  # the verdict says what becomes of it
        return self._formatter.messages.for_existing_files(
            self._folder_contents, account.token_kinds, self._formatter.clock()
        ).text

    def _show_existing_files(self) -> None:
        self._form.show_existing_files(self._existing_files_text())

    # -- trying and saving ------------------------------------------------------------------------

    @Slot()
    def _on_test_clicked(self) -> None:
        refusal = self._input_error()
        if refusal is not None:
            self._show_input_error(refusal)
        else:
            self._verify_credentials()

    @Slot()
    def _on_save_accepted(self) -> None:
        """Store the account, or do what has to come first; whatever comes of that leads here again."""
        refusal = self._input_error()
        if refusal is not None:
            self._show_input_error(refusal)
        elif self._should_inspect_folder():
            self._is_save_pending = True
            self._inspect_folder()
        elif self._verification_result is None and self._should_verify_credentials():
            self._is_save_pending = True
            self._verify_credentials()
        elif (
            self._verification_result is None
            or self._verification_result.is_valid
            or self._confirm_save_anyway(self._verification_result)
        ):
            self._save_account()

    def _input_error(self) -> BadInput | None:
        account, secret = self._form.entered_account(), self._form.entered_secret()
        if self._original_account is None and self._controller.overview().account(account.appid) is not None:
            return BadInput(InputProblem.ACCOUNT_EXISTS)
        problem = secret_problem(secret.reveal()) if secret else None
        return validate_account(account) or (BadInput(problem) if problem else None)

    def _should_verify_credentials(self) -> bool:
        """New credentials, and a folder in which a dead token may lie that looks alive."""
        is_moved = (
            self._initial_form_account is not None
            and self._form.entered_account().dog_dir != self._initial_form_account.dog_dir
        )
        return is_moved or self._form.entered_secret() is not None

    def _confirm_save_anyway(self, result: VerificationResult) -> bool:
        """Saving is possible without a passing test, after saying what does not work."""
        told = self._formatter.messages.for_verification(result)
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(self.windowTitle())
        box.setText(told.summary)
        box.setInformativeText(told.advice)
        save = box.addButton(self.tr("Save anyway"), QMessageBox.ButtonRole.AcceptRole)
        back = box.addButton(self.tr("Back"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(back)
        box.exec()
        return box.clickedButton() is save

    def _inspect_folder(self) -> None:
        self._on_folder_selected()  # unless it is looked into already
        self._show_message(lambda: Message(self.tr("Looking into the folder…")), KeyState.REFRESHING)
        self._update_buttons()

    def _verify_credentials(self) -> None:
        self._verification_job = self._controller.verify_credentials(
            self._form.entered_account(), self._form.entered_secret()
        )
        self._show_message(lambda: Message(self.tr("Asking WeChat…")), KeyState.REFRESHING)
        self._update_buttons()

    def _save_account(self) -> None:
        draft = SaveMode.ADD if self._original_account is None else SaveMode.CHANGE
        self._save_job = self._controller.save_account(
            self._form.entered_account(),
            self._form.entered_secret(),
            self._verification_result,
            mode=draft,
            edited_from=self._initial_form_account,
        )
        self._show_message(lambda: Message(self.tr("Saving…")), KeyState.REFRESHING)
        self._update_buttons()

    def _is_busy(self) -> bool:
        return self._is_save_pending or self._verification_job is not None or self._save_job is not None

    def _update_buttons(self) -> None:
        """Neither can be pressed again while something is under way."""
        for button in (self._test_button, self._save_button):
            button.setEnabled(not self._is_busy())

    @Slot(object, object)
    def _on_job_done(self, job: object, job_result: JobResult) -> None:
        if isinstance(job, InspectFolder) and job is self._inspection_job:
            self._inspection_job = None
            self._on_folder_inspected(job.account.dog_dir, job_result)
        elif job is self._verification_job:
            self._verification_job = None
            self._on_credentials_verified(job_result)
        elif job is self._save_job:
            self._save_job = None
            self._on_account_saved(job_result)

    def _on_credentials_verified(self, job_result: JobResult) -> None:
        is_to_save, self._is_save_pending = self._is_save_pending, False
        self._update_buttons()
        if not isinstance(job_result, VerificationResult):
            self._show_job_error(job_result)
            return
        self._verification_result = job_result
        self._show_existing_files()
        self._show_verification_result(job_result)
        # Enter goes on from here; the buttons that were off have left the focus on Cancel
        if job_result.is_valid:
            self._save_button.setFocus()
        else:
            self._form.focus_secret_field()
        if is_to_save:
            self._on_save_accepted()

    def _on_account_saved(self, job_result: JobResult) -> None:
        self._update_buttons()
        match job_result:
            case AccountSaved():
                self._form.clear_secret_field()
                self.accept()
            case AccountNotSaved():
                self._show_message(lambda: self._formatter.messages.for_save(job_result), KeyState.FAILED)
            case _:
                self._show_job_error(job_result)

    # -- saying what came of it -------------------------------------------------------------------

    def _show_message(self, make_message: Callable[[], Message], state: KeyState | None = None) -> None:
        self.should_keep_height = False
        self._message_view.show_message(make_message, state)

    def _clear_message(self) -> None:
        """Whoever types is about to press a button, which stays where it is."""
        self.should_keep_height = True
        self._message_view.clear()

    def _show_input_error(self, error: BadInput) -> None:
        self._show_message(lambda: self._formatter.messages.for_bad_input(error), KeyState.FAILED)

    def _show_verification_result(self, result: VerificationResult) -> None:
        state = KeyState.FRESH if result.is_valid else KeyState.FAILED
        self._show_message(lambda: self._formatter.messages.for_verification(result), state)

    def _show_job_error(self, job_result: JobResult) -> None:
        match job_result:
            case JobFailed(reason):
                self._show_message(lambda: self._formatter.messages.for_error(reason), KeyState.FAILED)
            case JobCrashed():  # in the words of now: another language has other sentences
                self._show_message(lambda: self._formatter.messages.for_crash(), KeyState.FAILED)  # noqa: PLW0108
            case _:
                pass
