"""Actions on an account that the pages of the main window request: dialogs, queries to WeChat, the export."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from guarddog_gui.domain.accounts.account import STABLE_AHEAD_MAX_S, Account, Endpoint
from guarddog_gui.domain.refresh.history import HistoryEntry, HistoryFilter
from guarddog_gui.domain.wechat.account_queries import TokenValid
from guarddog_gui.domain.wechat.protocol import Refusal, TransportFailure
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import (
    JobFailed,
    JobResult,
    QueryKind,
    QueryResult,
    QueryWeChat,
    RememberUrl,
    RemoveAccount,
    SaveAccount,
)
from guarddog_gui.runtime.signing import SigningController
from guarddog_gui.services.account_queries import NoLiveToken
from guarddog_gui.services.accounts import AccountNotSaved, AccountRemoved, SaveMode
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.accounts.force_dialog import confirm_and_force
from guarddog_gui.ui.accounts.quota_dialog import QuotaDialog
from guarddog_gui.ui.accounts.rid_dialog import RidDialog
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.export import HistoryExporter
from guarddog_gui.ui.signing.card_dialog import CardDialog


class AccountActions(QObject):
    """Carry out the actions that need a dialog or an answer, and report each outcome as a text.

    Dialogs report the outcome of their own jobs; only jobs that were started here are reported from here.
    """

    status_reported = Signal(str)  # text for the status bar
    account_status_reported = Signal(str, str)  # appid, text for the status bar
    text_copy_requested = Signal(str, str)  # text that is no secret, its name for the status bar

    def __init__(
        self, controller: Controller, signing: SigningController, formatter: Formatter, window: QWidget
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._signing = signing
        self._formatter = formatter
        self._window = window
        self._token_check_job: QueryWeChat | None = None
        self._endpoint_change_job: SaveAccount | None = None
        controller.job_done.connect(self._on_job_done)

    @Slot()
    def add_account(self) -> None:
        """Open the dialog for a new account."""
        self._open_dialog(AccountDialog(self._controller, self._formatter, None, self._window))

    @Slot(object)
    def edit_account(self, account: Account) -> None:
        """Open the dialog for an existing account."""
        self._open_dialog(AccountDialog(self._controller, self._formatter, account, self._window))

    def _open_dialog(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot(object)
    def remove_account(self, account: Account) -> None:
        """Remove an account after the user has confirmed it."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(QCoreApplication.translate("MainWindow", "Remove account"))
        box.setText(QCoreApplication.translate("MainWindow", "Remove {name}?").format(name=account.name))
        box.setInformativeText(
            QCoreApplication.translate(
                "MainWindow",
                "Its AppSecret is deleted from the keyring. The .dog files stay where they are.",
            )
        )
        remove = box.addButton(
            QCoreApplication.translate("MainWindow", "Remove"), QMessageBox.ButtonRole.DestructiveRole
        )
        cancel = box.addButton(
            QCoreApplication.translate("MainWindow", "Cancel"), QMessageBox.ButtonRole.RejectRole
        )
        box.setDefaultButton(cancel)
        box.exec()
        if box.clickedButton() is remove:
            self._controller.remove_account(account, purge=False)

    @Slot(str)
    def force_new_token(self, appid: str) -> None:
        """Force a new token after the user has confirmed it; ignore an account that does not exist."""
        status = self._controller.overview().account(appid)
        if status is not None:
            confirm_and_force(self._window, self._controller, self._formatter, status.account)

    @Slot(object)
    def check_token(self, account: Account) -> None:
        """Ask WeChat whether it accepts the current token."""
        self._token_check_job = self._controller.query_wechat(account, QueryKind.TOKEN_VALID)
        self.status_reported.emit(QCoreApplication.translate("MainWindow", "Asking WeChat…"))

    @Slot(object)
    def use_stable_token(self, account: Account) -> None:
        """Switch an account from the classic endpoint, where programs invalidate each other's tokens."""
        ahead = min(account.ahead, STABLE_AHEAD_MAX_S)
        self._controller.dismiss_superseded(account.appid)
        stable = replace(account, endpoint=Endpoint.STABLE, ahead=ahead)
        self._endpoint_change_job = self._controller.save_account(
            stable, None, mode=SaveMode.CHANGE, edited_from=account
        )

    @Slot(object)
    def query_rid(self, entry: HistoryEntry) -> None:
        """Ask WeChat about the failed request that this entry records, in a dialog."""
        account = self._find_account(entry.appid)
        if account is not None:
            self._open_dialog(
                RidDialog(self._controller, self._formatter, account, entry.rid or "", self._window)
            )

    @Slot(object)
    def query_quota(self, appid: str | None) -> None:
        """Ask WeChat for the quota of an account, in a dialog."""
        account = self._find_account(appid)
        if account is not None:
            self._open_dialog(QuotaDialog(self._controller, self._formatter, account, self._window))

    def _find_account(self, appid: str | None) -> Account | None:
        status = self._controller.overview().account(appid) if appid is not None else None
        return status.account if status is not None else None

    @Slot(object)
    def sign_card(self, account: Account) -> None:
        """Open the dialog that signs for addCard and chooseCard."""
        dialog = CardDialog(self._signing, self._formatter, account, self._window)
        dialog.copy_requested.connect(self.text_copy_requested)
        self._open_dialog(dialog)

    @Slot(object)
    def export_history(self, history_filter: HistoryFilter) -> None:
        """Write the matching history to a file that the user chooses."""
        path, _ = QFileDialog.getSaveFileName(
            self._window,
            QCoreApplication.translate("MainWindow", "Export the history"),
            "guarddog-history.csv",
            "CSV (*.csv);;JSON (*.json)",
        )
        if path:
            export = HistoryExporter(history_filter, Path(path), self)
            export.page_requested.connect(self._controller.load_history_page)
            self._controller.job_done.connect(export.on_job_done)
            export.finished.connect(self._on_export_finished)
            export.start()

    @Slot(int, str)
    def _on_export_finished(self, row_count: int, error: str) -> None:
        if error:
            text = QCoreApplication.translate("MainWindow", "The history could not be exported: {reason}")
            self.status_reported.emit(text.format(reason=error))
        else:
            text = QCoreApplication.translate("MainWindow", "{count} lines exported")
            self.status_reported.emit(text.format(count=row_count))

    @Slot(object, object)
    def _on_job_done(self, job: object, job_result: JobResult) -> None:
        messages = self._formatter.messages
        if isinstance(job, QueryWeChat) and job is self._token_check_job:
            self._token_check_job = None
            match job_result:
                case QueryResult(TokenValid()):
                    text = messages.text("WeChat takes this token.")
                    self.account_status_reported.emit(job.account.appid, text)
                case QueryResult((Refusal() | TransportFailure() | NoLiveToken()) as failure):
                    text = messages.for_failed_query(failure).text
                    self.account_status_reported.emit(job.account.appid, text)
                case _:
                    self.status_reported.emit(messages.for_crash().text)
            return
        if job is self._endpoint_change_job:
            self._endpoint_change_job = None
            match job_result:
                case AccountNotSaved():
                    self.status_reported.emit(messages.for_save(job_result).text)
                case JobFailed(reason):
                    self.status_reported.emit(messages.for_error(reason).text)
            return
        match job, job_result:
            case RemoveAccount(), AccountRemoved():
                self.status_reported.emit(messages.for_removal(job_result).text)
            case ((RemoveAccount() | RememberUrl(_, None)), JobFailed(reason)):
                self.status_reported.emit(messages.for_error(reason).text)
            case RemoveAccount(), _:
                self.status_reported.emit(messages.for_crash().text)
