"""Actions on an account that the pages of the main window request: dialogs, queries to WeChat, the export."""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from guarddog_gui.domain.accounts.account import STABLE_AHEAD_MAX_S, Account, Endpoint
from guarddog_gui.domain.accounts.removal import PendingRemoval
from guarddog_gui.domain.errors import NoSuchAccount
from guarddog_gui.domain.refresh.history import HistoryEntry, HistoryFilter
from guarddog_gui.domain.wechat.account_queries import TokenValid
from guarddog_gui.domain.wechat.protocol import Refusal, TransportFailure
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import JobFailed, JobFailure, JobHandle, QueryKind, QueryWeChat
from guarddog_gui.runtime.signing import SigningController
from guarddog_gui.services.account_queries import NoLiveToken, QueryAnswer
from guarddog_gui.services.accounts.account_removals import AccountRemoved
from guarddog_gui.services.accounts.account_service import AccountNotSaved, AccountSaved, SaveMode
from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.formatter import Formatter

if TYPE_CHECKING:
    from guarddog_gui.services.accounts.sharing_service import AccountShared
    from guarddog_gui.ui.accounts.recent_removals import RecentRemovals


class AccountActions(QObject):
    """Carry out the actions that need a dialog or an answer, and report each outcome as a text.

    Dialogs report the outcome of their own jobs; only jobs that were started here are reported from here. They are
    imported when they are opened: the window opens without them.
    """

    status_reported = Signal(str)  # text for the status bar
    account_status_reported = Signal(str, str)  # appid, text for the status bar
    undo_offered = Signal(str, str)  # text for the toast, appid of the account that was removed
    settings_imported = Signal()
    text_copy_requested = Signal(str, str)  # text that is no secret, its name for the status bar

    def __init__(
        self, controller: Controller, signing: SigningController, formatter: Formatter, window: QWidget
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._signing = signing
        self._formatter = formatter
        self._window = window
        self._token_check: JobHandle[QueryAnswer] | None = None
        signing.forget_urls_failed.connect(self._on_job_failed)

    @Slot()
    def add_account(self) -> None:
        from guarddog_gui.ui.accounts.dialog import AccountDialog

        removed = self.make_removed_accounts()
        dialog = AccountDialog(self._controller, self._formatter, None, self._window, removed)
        removed.undo_requested.connect(dialog.reject)
        dialog.follow_requested.connect(dialog.reject)
        dialog.follow_requested.connect(self.follow_account)
        self._open_dialog(dialog)

    @Slot(object)
    def edit_account(self, account: Account) -> None:
        from guarddog_gui.ui.accounts.dialog import AccountDialog

        self._open_dialog(AccountDialog(self._controller, self._formatter, account, self._window))

    @Slot(object)
    def share_account(self, account: Account) -> None:
        self._open_share_dialog(account)

    @Slot()
    def follow_account(self) -> None:
        """Add an account that follows, without its AppSecret."""
        self._open_share_dialog(None)

    def _open_share_dialog(self, account: Account | None) -> None:
        from guarddog_gui.ui.sharing.share_dialog import ShareDialog

        dialog = ShareDialog(self._controller, self._formatter, account, self._window)
        dialog.shared.connect(self._on_shared)
        self._open_dialog(dialog)

    @Slot(object)
    def _on_shared(self, outcome: "AccountShared") -> None:
        """Report the new role, and what should be changed in Redis although it works."""
        account, messages = outcome.account, self._formatter.messages
        warnings = (messages.for_sharing_failure(failure).text for failure in outcome.warnings)
        text = " ".join((f"{account.name}: {messages.role_name(account.role)}.", *warnings))
        self.status_reported.emit(text)

    @Slot(str)
    def edit_account_of(self, appid: str) -> None:
        """Edit the account with this AppID, if it is still there."""
        account = self._find_account(appid)
        if account is not None:
            self.edit_account(account)

    @Slot(str)
    def remove_account_of(self, appid: str) -> None:
        """Remove the account with this AppID, if it is still there."""
        account = self._find_account(appid)
        if account is not None:
            self.remove_account(account)

    def _open_dialog(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot(object)
    def remove_account(self, account: Account) -> None:
        from guarddog_gui.ui.dialogs.confirm_dialog import ConfirmDialog

        question = Message(
            self.tr("Remove {name}?").format(name=account.name),
            self.tr(
                "Guard Dog no longer renews its values. You can undo this for ten minutes; then its AppSecret leaves "
                "the keyring. The .dog files stay where they are."
            ),
        )
        if ConfirmDialog(self._window, question, self.tr("Cancel"), self.tr("Remove"), is_destructive=True).ask():
            handle = self._controller.removals.remove_later(account)
            handle.notify(self._on_account_removed, self._on_removal_failed)

    @Slot(str)
    def undo_removal(self, appid: str) -> None:
        handle = self._controller.removals.undo(appid)
        handle.notify(self._on_removal_undone, self._on_undo_failed)

    def make_removed_accounts(self) -> "RecentRemovals":
        """Return a list of the accounts whose removal can be undone."""
        from guarddog_gui.ui.accounts.recent_removals import RecentRemovals

        removed = RecentRemovals(self._controller.removals, self._formatter)
        removed.undo_requested.connect(self.undo_removal)
        removed.removal_requested.connect(self.remove_for_good)
        return removed

    @Slot(object)
    def remove_for_good(self, account: Account) -> None:
        """Remove the AppSecret of an account that was removed, which then cannot be undone."""
        handle = self._controller.removals.remove_now(account)
        handle.notify(self._on_removed_for_good, self._on_removal_failed)

    @Slot(object)
    def export_accounts(self, parent: QWidget) -> None:
        from guarddog_gui.ui.transfer.export_dialog import ExportDialog

        self._open_dialog(ExportDialog(self._controller.account_jobs, self._formatter, parent))

    @Slot(object)
    def import_accounts(self, parent: QWidget) -> None:
        """Let the user choose an exported file, and open the dialog that imports it."""
        from guarddog_gui.ui.transfer.import_dialog import ImportDialog

        filter_text = self.tr("Encrypted files (*.age);;All files (*)")
        path, _ = QFileDialog.getOpenFileName(parent, self.tr("Import accounts"), "", filter_text)
        if not path:
            return
        dialog = ImportDialog(self._controller.account_jobs, self._formatter, path, parent)
        dialog.imported.connect(self._on_imported)
        self._open_dialog(dialog)

    @Slot(bool)
    def _on_imported(self, takes_settings: bool) -> None:  # noqa: FBT001 - the signal's own argument
        self._controller.reload_from_disk()
        if takes_settings:
            self.settings_imported.emit()

    @Slot(str)
    def force_new_token(self, appid: str) -> None:
        """Force a new token after the user has confirmed it; ignore an account that does not exist."""
        from guarddog_gui.ui.accounts.force_dialog import confirm_and_force

        account = self._find_account(appid)
        if account is not None:
            confirm_and_force(self._window, self._controller, self._formatter, account)

    @Slot(object)
    def check_token(self, account: Account) -> None:
        if self._token_check is not None:
            self._token_check.disconnect(self)
        self._token_check = self._controller.account_jobs.query_wechat(account, QueryKind.TOKEN_VALID)
        self._token_check.notify(self._on_token_checked, self._on_token_check_failed)
        self.status_reported.emit(self.tr("Asking WeChat…"))

    @Slot(object)
    def use_stable_token(self, account: Account) -> None:
        """Switch an account from the classic endpoint, where programs invalidate each other's tokens."""
        ahead = min(account.ahead, STABLE_AHEAD_MAX_S)
        self._controller.dismiss_superseded(account.appid)
        stable = replace(account, endpoint=Endpoint.STABLE, ahead=ahead)
        handle = self._controller.account_jobs.save_account(stable, None, mode=SaveMode.CHANGE, edited_from=account)
        handle.notify(self._on_endpoint_changed, self._on_job_failed)

    @Slot(object)
    def query_rid(self, entry: HistoryEntry) -> None:
        from guarddog_gui.ui.accounts.query_dialogs import RidDialog

        account = self._find_account(entry.appid)
        if account is not None:
            self._open_dialog(RidDialog(self._controller, self._formatter, account, entry.rid or "", self._window))

    @Slot(object)
    def query_quota(self, appid: str | None) -> None:
        from guarddog_gui.ui.accounts.query_dialogs import QuotaDialog

        account = self._find_account(appid)
        if account is not None:
            self._open_dialog(QuotaDialog(self._controller, self._formatter, account, self._window))

    def _find_account(self, appid: str | None) -> Account | None:
        status = self._controller.overview().account(appid) if appid is not None else None
        return status.account if status is not None else None

    @Slot(object)
    def sign_card(self, account: Account) -> None:
        from guarddog_gui.ui.signing.card_dialog import CardDialog

        dialog = CardDialog(self._signing, self._formatter, account, self._window)
        dialog.copy_requested.connect(self.text_copy_requested)
        self._open_dialog(dialog)

    @Slot(object, str)
    def open_web_authorisation(self, account: Account, url: str) -> None:
        from guarddog_gui.ui.signing.oauth_dialog import OAuthDialog

        base = self._signing.api_base
        dialog = OAuthDialog(self._controller, self._formatter, account, url, api_base=base, parent=self._window)
        dialog.copy_requested.connect(self.text_copy_requested)
        self._open_dialog(dialog)

    @Slot(object)
    def show_address(self, account: Account) -> None:
        from guarddog_gui.ui.network.address_dialog import AddressDialog

        dialog = AddressDialog(self._controller.account_jobs, self._formatter, account, self._window)
        dialog.copy_requested.connect(self.text_copy_requested)
        self._open_dialog(dialog)

    @Slot(object, str)
    def check_page(self, account: Account | None, url: str) -> None:
        from guarddog_gui.ui.readiness.dialog import PageCheckDialog

        dialog = PageCheckDialog(self._signing, self._formatter, account, url, self._window)
        dialog.copy_requested.connect(self.text_copy_requested)
        self._open_dialog(dialog)

    @Slot(object)
    def export_history(self, history_filter: HistoryFilter) -> None:
        from guarddog_gui.ui.history.export import HistoryExporter

        path, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Export the history"), "guarddog-history.csv", "CSV (*.csv);;JSON (*.json)"
        )
        if path:
            load_page = self._controller.history_queries.load_page
            export = HistoryExporter(load_page, history_filter, Path(path), self)
            export.finished.connect(self._on_export_finished)
            export.start()

    @Slot(int, str)
    def _on_export_finished(self, row_count: int, error: str) -> None:
        text = self.tr("The history could not be exported: {reason}") if error else self.tr("{count} lines exported")
        self.status_reported.emit(text.format(reason=error, count=row_count))

    @Slot(object, object)
    def _on_token_checked(self, answer: QueryAnswer, query: QueryWeChat) -> None:
        self._token_check = None
        messages = self._formatter.messages
        match answer:
            case TokenValid():
                text = messages.text("WeChat takes this token.")
                self.account_status_reported.emit(query.account.appid, text)
            case Refusal() | TransportFailure() | NoLiveToken():
                text = messages.for_failed_query(answer).text
                self.account_status_reported.emit(query.account.appid, text)

    @Slot(object)
    def _on_token_check_failed(self, _failure: JobFailure) -> None:
        self._token_check = None
        self.status_reported.emit(self._formatter.messages.for_crash().text)

    @Slot(object)
    def _on_endpoint_changed(self, result: AccountSaved | AccountNotSaved) -> None:
        if isinstance(result, AccountNotSaved):
            self.status_reported.emit(self._formatter.messages.for_save(result).text)

    @Slot(object)
    def _on_account_removed(self, removal: PendingRemoval) -> None:
        text = self._formatter.messages.text("{name} is removed.", name=removal.name)
        self.undo_offered.emit(text, removal.appid)

    @Slot(object)
    def _on_removed_for_good(self, result: AccountRemoved) -> None:
        self.status_reported.emit(self._formatter.messages.for_removal(result).text)

    @Slot(object)
    def _on_removal_undone(self, account: Account) -> None:
        self.status_reported.emit(self.tr("{name} is back.").format(name=account.name))

    @Slot(object)
    def _on_undo_failed(self, failure: JobFailure) -> None:
        if isinstance(failure, JobFailed) and isinstance(failure.error, NoSuchAccount):
            text = self.tr("This can no longer be undone: the AppSecret is removed. Add the account anew.")
            self.status_reported.emit(text)
        else:
            self.status_reported.emit(self._formatter.job_failure_message(failure).text)

    @Slot(object)
    def _on_removal_failed(self, failure: JobFailure) -> None:
        self.status_reported.emit(self._formatter.job_failure_message(failure).text)

    @Slot(object)
    def _on_job_failed(self, failure: JobFailure) -> None:
        """Report why a job was refused; crashes are reported by `CrashNotices`."""
        if isinstance(failure, JobFailed):
            self.status_reported.emit(self._formatter.job_failure_message(failure).text)
