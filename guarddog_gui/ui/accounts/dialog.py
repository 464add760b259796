"""Dialog that adds or edits an account and verifies its credentials before it saves them."""

from msgspec.structs import replace
from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QPalette
from PySide6.QtWidgets import QLabel, QWidget

from guarddog_gui.domain.accounts.account import Account, needs_check
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.exports.reports import ExportStatus, export_statuses
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import JobFailed, JobFailure, JobHandle
from guarddog_gui.services.accounts.account_service import AccountNotSaved, AccountSaved, SaveMode
from guarddog_gui.services.accounts.account_verification import VerificationResult
from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.accounts.credential_check import CredentialCheck
from guarddog_gui.ui.accounts.dialog_foot import DialogFoot
from guarddog_gui.ui.accounts.field_problems import FIELD_OF_PROBLEM
from guarddog_gui.ui.accounts.folder_inspection import FolderInspection
from guarddog_gui.ui.accounts.form import AccountForm
from guarddog_gui.ui.accounts.project_import import ProjectImport
from guarddog_gui.ui.dialogs.confirm_dialog import ConfirmDialog
from guarddog_gui.ui.dialogs.form_dialog import FormDialog
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.fonts import TITLE, scaled_font
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.strip import Severity
from guarddog_gui.ui.widgets.text.plain_text import WrappedLabel

CONSOLE_URL = "https://developers.weixin.qq.com/platform"
MARGIN = 24
WIDTH_MIN = 540


class AccountDialog(FormDialog):
    """Dialog that stays open until the account is in the file and the keyring, or the user cancels.

    `_on_save_accepted` decides what has to happen before the account is saved, and in which order.
    """

    follow_requested = Signal()

    def __init__(
        self,
        controller: Controller,
        formatter: Formatter,
        account: Account | None = None,
        parent: QWidget | None = None,
        removed_accounts: QWidget | None = None,
    ) -> None:
        """Take a list of the accounts that were removed a short time ago, to be shown above the fields."""
        super().__init__(parent)
        self._controller = controller
        self._formatter = formatter
        self._original_account = account
        groups = tuple(dict.fromkeys(status.account.group for status in controller.overview().accounts))
        self.form = AccountForm(formatter, account, self._export_statuses(account), tuple(filter(None, groups)))
        # the values with which the form started, to tell the user's edits from those made elsewhere
        self._initial_form_account = self.form.entered_account() if account is not None else None
        self._is_save_pending = False  # Save was pressed and waits for the inspection or the verification
        self._should_move_focus = False  # the user has asked for the check that is running
        self._inspection = FolderInspection(controller.account_jobs, formatter, self._initial_form_account, self)
        self._check = CredentialCheck(controller.account_jobs, self)
        self._save_job: JobHandle[AccountSaved | AccountNotSaved] | None = None
        self._title_label = QLabel()
        self._hint_label = WrappedLabel("hint")
        self._foot = DialogFoot(is_new=account is None, has_secret=account is None or not account.is_follower)
        self._project_import = ProjectImport(controller.account_jobs, self.form, formatter, self)
        self.set_form(self.form, self.form.message_view)
        self._lay_out(removed_accounts)
        self._connect()
        self.retranslate()

    def _lay_out(self, removed_accounts: QWidget | None) -> None:
        self._title_label.setFont(scaled_font(self.font(), TITLE, self.font().Weight.DemiBold))
        self._hint_label.setVisible(self._original_account is None)
        self._hint_label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        head = make_column(
            self._title_label, self._hint_label, *((removed_accounts,) if removed_accounts else ()), spacing=6
        )
        self.setLayout(make_column(head, (self.form_area, 1), self._foot, spacing=14, margin=MARGIN))
        self._foot.save_button.setDefault(True)  # only once it is in the dialog
        # not of the dialog: it would then become narrower than its fields in a large font
        self._title_label.setMinimumWidth(WIDTH_MIN - 2 * MARGIN)
        (self.form.appid_field if self._original_account is None else self.form.secret_field).setFocus()

    def _export_statuses(self, account: Account | None) -> tuple[ExportStatus, ...]:
        if account is None:
            return ()
        status = self._controller.overview().account(account.appid)
        return export_statuses(account.exports, status.exports if status is not None else ())

    def _connect(self) -> None:
        form, advanced = self.form, self.form.advanced
        form.credentials_edited.connect(self._on_credentials_edited)
        form.other_value_pasted.connect(form.show_error)
        form.details_edited.connect(self._on_details_edited)
        advanced.folder_edited.connect(self._on_folder_edited)
        advanced.folder_selected.connect(self._on_folder_selected)
        advanced.exports_edited.connect(self._on_exports_edited)
        advanced.edited.connect(self._on_details_edited)
        advanced.field_left.connect(self._show_field_error)
        advanced.route_edited.connect(self._on_route_edited)
        self._check.started.connect(self._on_check_started)
        self._check.finished.connect(self._on_credentials_verified)
        self._check.failed.connect(self._on_job_failed)
        self._inspection.finished.connect(self._on_folder_inspected)
        self._inspection.failed.connect(self._on_inspection_failed)
        self._project_import.failed.connect(self._on_job_failed)
        self._foot.help_button.clicked.connect(self._on_help_clicked)
        self._foot.project_button.clicked.connect(self._project_import.ask)
        self._foot.follow_button.clicked.connect(self.follow_requested)
        self._foot.test_button.clicked.connect(self._on_test_clicked)
        self._foot.save_button.clicked.connect(self._on_save_accepted)
        self._foot.cancel_button.clicked.connect(self.reject)
        self._controller.overview_changed.connect(self._on_overview_changed)

    def retranslate(self) -> None:
        title = self.tr("Edit account") if self._original_account else self.tr("Add an account")
        self.setWindowTitle(title)
        self._title_label.setText(title)
        self._hint_label.setText(self.tr("Paste AppID and AppSecret together: the fields fill themselves."))
        self.form.show_default_folder(self._controller.default_dog_folder)
        self.form.retranslate()
        self._foot.retranslate()
        self._show_existing_files()

    @property
    def verification_result(self) -> VerificationResult | None:
        return self._check.result

    # -- edits by the user ------------------------------------------------------------------------

    @Slot()
    def _on_credentials_edited(self) -> None:
        """Discard a verification, which is about other credentials, and check these once they are complete."""
        self._reset_verification()
        has_errors = [self._show_field_error(name) for name in ("appid", "secret")]
        self.form.show_default_folder(self._controller.default_dog_folder)
        account, secret, proxy_password = self.form.entered_credentials()
        if not any(has_errors) and secret is not None:
            self._check.plan_if_complete(account, secret, proxy_password)

    def _reset_verification(self) -> None:
        self._check.drop()
        self._is_save_pending = self._should_move_focus = False
        self.clear_message()
        self._foot.offer_check(has_failed=self._check.result is not None and not self._check.result.is_valid)

    @Slot(str)
    def _on_details_edited(self, name: str) -> None:
        """Replace an error, which may be corrected, by the verification result, which is still valid."""
        self._show_existing_files()
        if name == "js-domains" and not self.form.fields[name].error.text():
            pass  # half a domain is no mistake: it is looked at when the field is left
        elif name in self.form.fields:
            self._show_field_error(name)
        if name == "platform":
            self.form.show_platform(is_accepted=self._is_accepted())
        if not self._is_busy():
            self._show_result_or_nothing()

    @Slot()
    def _on_route_edited(self) -> None:
        """Discard a verification, which went another way."""
        self._reset_verification()

    @Slot()
    def _on_exports_edited(self) -> None:
        self._on_details_edited("export-targets")
        self.should_keep_height = False  # the list may have become smaller

    @Slot(str)
    def _show_field_error(self, name: str) -> bool:
        """Show what is wrong with a field, or nothing; return whether there is something."""
        error = self.form.field_error(name, is_known=self._is_known_account())
        self.form.show_error(name, error)
        return error is not None

    def _is_known_account(self) -> bool:
        appid = self.form.entered_account().appid
        return self._original_account is None and self._controller.overview().account(appid) is not None

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        status = overview.account(self._original_account.appid) if self._original_account is not None else None
        if status is not None:
            self.form.advanced.export_list.update_statuses(status.exports)

    @Slot()
    def _on_folder_edited(self) -> None:
        """Discard a verification, which also covered the token in the previous folder."""
        self._reset_verification()
        self.form.show_error("folder", None)
        self._inspection.drop()
        self._show_existing_files()

    # -- files in the selected folder -------------------------------------------------------------

    @Slot()
    def _on_folder_selected(self) -> None:
        """Inspect the selected folder, to show its files before the account uses them."""
        self.form.advanced.expand_folder()
        account = self.form.entered_account()
        if self._inspection.is_needed(account):
            self._inspection.start(account)
        elif self._inspection.is_new(account):
            self._show_field_error("folder")

    @Slot(object)
    def _on_inspection_failed(self, failure: JobFailure) -> None:
        self._is_save_pending = False
        self.clear_message()
        self._show_job_error(failure)

    @Slot()
    def _on_folder_inspected(self) -> None:
        is_to_save, self._is_save_pending = self._is_save_pending, False
        if is_to_save:
            self._show_result_or_nothing()
        account, result = self.form.entered_account(), self._check.result
        self._inspection.has_to_save_again = is_to_save and bool(self._inspection.text(account, result))
        self._show_existing_files()
        if self._inspection.has_to_save_again:
            self.form.set_advanced_visible(visible=True)
            self.form_area.scroll_to(self.form.advanced.existing_files_label)
            self._foot.save_button.setFocus()
        elif is_to_save:
            self._on_save_accepted()

    def _show_existing_files(self) -> None:
        label = self.form.advanced.existing_files_label
        self._inspection.show(label, self.form.entered_account(), self._check.result)

    # -- testing and saving -----------------------------------------------------------------------

    @Slot()
    def _on_test_clicked(self) -> None:
        if self._check_input():
            self._verify_credentials()

    @Slot()
    def _on_save_accepted(self) -> None:
        """Save the account, or first do a missing step, whose result calls this method again."""
        if self._is_busy() or not self._check_input():
            return
        result = self._check.result
        if self._inspection.is_needed(self.form.entered_account()):
            self._is_save_pending = True
            self._on_folder_selected()  # starts the inspection unless it is already running
            self.show_message(lambda: Message(self.tr("Looking into the folder…")))
        elif result is None and self._should_verify_credentials():
            self._is_save_pending = True
            if self._check.is_running:
                self._should_move_focus = True
                self.update_buttons()
            else:
                self._verify_credentials()
        elif result is None or result.is_valid or self._confirm_save_anyway(result):
            self._save_account()

    def _check_input(self) -> bool:
        error = self.form.first_error(is_known=self._is_known_account())
        if error is not None:
            self._show_input_error(error)
        return error is None

    def _should_verify_credentials(self) -> bool:
        account, secret, proxy_password = self.form.entered_credentials()
        return proxy_password is not None or needs_check(account, self._initial_form_account, secret)

    def _confirm_save_anyway(self, result: VerificationResult) -> bool:
        failure = self._formatter.messages.for_verification(result)
        question = self.tr("Save {name} although the check has failed?").format(name=result.account.name)
        message = Message(question, replace(failure, code="").text, failure.code)
        return ConfirmDialog(self, message, self.tr("Back"), self.tr("Save anyway")).ask()

    def _verify_credentials(self) -> None:
        self._should_move_focus = True
        self._check.start(*self.form.entered_credentials())

    @Slot()
    def _on_check_started(self) -> None:
        self.show_message(lambda: Message(self.tr("Asking WeChat…")))

    def _save_account(self) -> None:
        self._save_job = self._controller.account_jobs.save_account(
            *self.form.entered_credentials()[:2],
            self._check.result,
            mode=SaveMode.ADD if self._original_account is None else SaveMode.CHANGE,
            edited_from=self._initial_form_account,
            proxy_password=self.form.entered_proxy_password(),
        )
        self._save_job.notify(self._on_save_finished, self._on_job_failed)
        self.show_message(lambda: Message(self.tr("Saving…")))

    def _is_busy(self) -> bool:
        return self._is_save_pending or self._save_job is not None

    def _is_accepted(self) -> bool:
        return self._check.result is not None and self._check.result.is_valid

    def update_buttons(self) -> None:
        is_busy = self._is_busy()
        self._foot.set_enabled(can_save=not is_busy, can_check=not is_busy and not self._check.is_running)

    @Slot(object)
    def _on_job_failed(self, failure: JobFailure) -> None:
        """Show why the verification or the saving failed; only one of them runs at a time."""
        self._save_job = None
        self._is_save_pending = self._should_move_focus = False
        self.clear_message()
        self._show_job_error(failure)

    @Slot(object)
    def _on_credentials_verified(self, result: VerificationResult) -> None:
        is_to_save, self._is_save_pending = self._is_save_pending, False
        moves_focus, self._should_move_focus = self._should_move_focus, False
        self._show_existing_files()
        self._show_result_or_nothing()
        self._foot.offer_check(has_failed=self._check.result is not None and not self._check.result.is_valid)
        self.form.show_platform(is_accepted=result.is_valid)
        if moves_focus:  # disabling the buttons has moved it to Cancel; a check by itself leaves it alone
            (self._foot.save_button if result.is_valid else self.form.secret_field).setFocus()
        if is_to_save:
            self._on_save_accepted()

    @Slot(object)
    def _on_save_finished(self, result: AccountSaved | AccountNotSaved) -> None:
        self._save_job = None
        self.update_buttons()
        if isinstance(result, AccountSaved):
            self.form.clear_secrets()
            self.accept()
        else:
            self.show_message(lambda: self._formatter.messages.for_save(result), Severity.BAD)

    @Slot()
    def _on_help_clicked(self) -> None:
        text = self.tr(
            "In the WeChat Developer Platform under My business, choose the account: the AppID stands under Basic "
            "info, the AppSecret under Development key. A forgotten AppSecret can only be reset there."
        )
        self.show_message(lambda: Message(text))
        QDesktopServices.openUrl(QUrl(CONSOLE_URL))

    # -- messages ---------------------------------------------------------------------------------

    def _show_result_or_nothing(self) -> None:
        result = self._check.result
        if result is None:
            if not self._check.is_running:
                self.clear_message()
            return
        severity = Severity.OK if result.is_valid else Severity.BAD
        self.show_message(lambda: self._formatter.messages.for_verification(result), severity)

    def _show_input_error(self, error: BadInput) -> None:
        """Show an error at its field and take the user there."""
        name = FIELD_OF_PROBLEM.get(error.problem)
        if name is None:
            self.show_message(lambda: self._formatter.messages.for_bad_input(error), Severity.BAD)
            return
        self.update_buttons()
        self.should_keep_height = False
        self.form.show_error(name, error)
        self.form_area.scroll_to(self.form.expand_to(name))

    def _show_job_error(self, failure: JobFailure) -> None:
        if isinstance(failure, JobFailed) and isinstance(failure.error, BadInput):
            self._show_input_error(failure.error)
        else:
            self.show_message(lambda: self._formatter.job_failure_message(failure), Severity.BAD)
