"""The window: one sentence for the whole, a banner when a person must act, and the pages."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.accounts.account import STABLE_AHEAD_MAX_S, Account, Endpoint
from guarddog_gui.domain.refresh.history import HistoryEntry, HistoryFilter
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.account_queries import TokenValid
from guarddog_gui.domain.wechat.protocol import Refusal, TransportFailure
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import (
    JobFailed,
    JobFailure,
    JobHandle,
    QueryKind,
    QueryWeChat,
)
from guarddog_gui.runtime.signing import SigningController
from guarddog_gui.services.account_queries import NoLiveToken, QueryAnswer
from guarddog_gui.services.accounts import AccountNotSaved, AccountRemoved, AccountSaved, SaveMode
from guarddog_gui.services.refresh import RefreshResult
from guarddog_gui.ui.accounts.dialog import AccountDialog
from guarddog_gui.ui.accounts.force_dialog import confirm_and_force
from guarddog_gui.ui.accounts.query_dialog import QueryDialog
from guarddog_gui.ui.banner import Banner
from guarddog_gui.ui.clipboard import Clipboard
from guarddog_gui.ui.errcode_page import ErrcodePage
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.export import HistoryExporter
from guarddog_gui.ui.history.page import HistoryPage
from guarddog_gui.ui.signing.card_dialog import CardDialog
from guarddog_gui.ui.signing.diagnose_page import DiagnosePage
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.tokens.page import TokensPage
from guarddog_gui.ui.tray.pause_menu import PauseMenu
from guarddog_gui.ui.welcome_page import WelcomePage
from guarddog_gui.ui.widgets.auto_height_dialog import TITLE_BAR_HEIGHT
from guarddog_gui.ui.widgets.sidebar import Sidebar
from guarddog_gui.ui.widgets.status_bar import StatusBar
from guarddog_gui.ui.widgets.themed import ThemedMixin

RESULT_TIMEOUT_MS = 30_000  # how long the status bar says what came of an attempt


class MainWindow(ThemedMixin, QMainWindow):
    """Shows what the controller says; closing hides it while there is a tray."""

    closed_to_tray = Signal()
    preferences_requested = Signal()
    sandbox_requested = Signal()
    quit_requested = Signal()
    secret_copy_requested = Signal(str)  # to be cleared from the clipboard in time
    test_page_requested = Signal(object, str, object)  # Account, a page's URL, WxConfig
    node_loader_requested = Signal(object, object)  # Account, TokenKind that another program is to follow

    def __init__(
        self, controller: Controller, signing: SigningController, clipboard: Clipboard, formatter: Formatter
    ) -> None:
        super().__init__()
        self._controller = controller
        self._signing = signing
        self._clipboard = clipboard
        self._formatter = formatter
        self._has_tray = False
        self._copied_message: Callable[[], str] | None = None  # what was, in the language of now
        self._clears_in_s = 0  # seconds until it is cleared
        self._token_check_job: JobHandle[QueryAnswer] | None = None
        self._status_bar = StatusBar()
        self._headline_label = QLabel()
        self._headline_label.setTextFormat(Qt.TextFormat.PlainText)
        self._pause_button = QPushButton()
        self._pause_menu = PauseMenu(controller, formatter)
        self._pause_button.setMenu(self._pause_menu.menu)
        self._add_button = QPushButton()
        self._add_button.clicked.connect(self.add_account)
        self._preferences_button = QPushButton()
        self._preferences_button.clicked.connect(self.preferences_requested)
        self._banner = Banner(formatter)
        self._banner.stable_token_requested.connect(self._on_stable_token_requested)
        self._banner.superseded_dismissed.connect(controller.dismiss_superseded)
        self._banner.foreign_writes_dismissed.connect(controller.dismiss_foreign_writes)
        self._banner.node_loader_requested.connect(self.node_loader_requested)
        self._banner.copy_requested.connect(self.copy_text)
        self._banner.retry_requested.connect(controller.refresh)
        self._banner.errcode_help_requested.connect(self._on_errcode_help_requested)
        self._tokens_page = TokensPage(controller, formatter)
        self._history_page = HistoryPage(controller, formatter)
        self._sign_page = SignPage(controller, signing, formatter)
        self._diagnose_page = DiagnosePage(controller, signing, formatter)
        self._errcode_page = ErrcodePage(formatter)
        self._welcome_page = WelcomePage()
        self._welcome_page.add_account_requested.connect(self.add_account)
        self._welcome_page.sandbox_requested.connect(self.sandbox_requested)
        self._sidebar = Sidebar(
            (
                (self._tokens_page, "tokens"),
                (self._history_page, "history"),
                (self._sign_page, "sign"),
                (self._diagnose_page, "diagnose"),
                (self._errcode_page, "search"),
            ),
            formatter.icons,
        )
        self._root_stack = QStackedWidget()
        self._lay_out()
        self._make_actions()
        self._connect()
        self.resize(initial_size(self.screen().availableGeometry().size()))
        self._tokens_page.focus()
        self.apply_palette()
        self.retranslate()

    def _connect(self) -> None:
        controller = self._controller
        self._tokens_page.force_requested.connect(self.confirm_force_new_token)
        self._tokens_page.edit_requested.connect(self._on_edit_requested)
        self._tokens_page.remove_requested.connect(self._on_remove_requested)
        self._tokens_page.history_requested.connect(self._on_history_requested)
        self._tokens_page.token_check_requested.connect(self._on_token_check_requested)
        self._history_page.copy_requested.connect(self.copy_text)
        self._history_page.rid_query_requested.connect(self._on_rid_query_requested)
        self._history_page.quota_query_requested.connect(self._on_quota_query_requested)
        self._history_page.export_requested.connect(self._on_export_requested)
        self._sign_page.copy_requested.connect(self.copy_named_text)
        self._sign_page.secret_copy_requested.connect(self._on_secret_copy_requested)
        self._sign_page.test_page_requested.connect(self.test_page_requested)
        self._sign_page.card_requested.connect(self._on_card_requested)
        controller.overview_changed.connect(self._on_overview_changed)
        controller.refresh_attempted.connect(self._on_refresh_attempted)
        controller.copies.copy_ready.connect(self._on_copy_ready)
        controller.copies.copy_failed.connect(self._on_copy_failed)
        self._signing.forget_urls_failed.connect(self._on_job_failed)
        self._clipboard.countdown_changed.connect(self._on_countdown_changed)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 8, 16, 8)
        top.setSpacing(8)
        top.addWidget(self._headline_label, 1)
        top.addWidget(self._pause_button)
        top.addWidget(self._add_button)
        top.addWidget(self._preferences_button)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self._sidebar)
        body.addWidget(self._sidebar.stack, 1)
        table = QWidget()
        inner = QVBoxLayout(table)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addLayout(top)
        inner.addWidget(self._banner)
        inner.addLayout(body, 1)
        self._root_stack.addWidget(table)
        self._root_stack.addWidget(self._welcome_page)
        self.setCentralWidget(self._root_stack)
        self.setStatusBar(self._status_bar)

    def _make_actions(self) -> None:
        self._add_shortcut([QKeySequence("Ctrl+W")], self.close)
        self._hide_action = self._add_shortcut([QKeySequence(Qt.Key.Key_Escape)], self.close)
        self._hide_action.setEnabled(self._has_tray)
        self._quit_action = self._add_shortcut([QKeySequence("Ctrl+Q")], self.quit_requested.emit)
        self._add_action = self._add_shortcut([QKeySequence("Ctrl+N")], self.add_account)
        self._add_shortcut([QKeySequence("Ctrl+,")], self.preferences_requested.emit)
        for row in range(self._sidebar.count()):
            self._add_shortcut([QKeySequence(f"Alt+{row + 1}")], partial(self._sidebar.activate_row, row))

    def _add_shortcut(self, keys: list[QKeySequence], slot: object) -> QAction:
        action = QAction(self)
        action.setShortcuts(keys)
        action.triggered.connect(slot)
        self.addAction(action)
        return action

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self.setWindowTitle("Guard Dog")
        self._sidebar.set_page_names(
            (
                self.tr("Tokens"),
                self.tr("History"),
                self.tr("Sign"),
                self.tr("Diagnose"),
                self.tr("errcodes"),
            ),
        )
        self._sidebar.setAccessibleName(self.tr("Pages"))
        self._add_button.setText(self.tr("Add account"))
        self._preferences_button.setToolTip(self.tr("Preferences…"))
        self._preferences_button.setAccessibleName(self.tr("Preferences…"))
        self._pause_menu.retranslate()
        self._pause_button.setText(self._pause_menu.menu.title())
        self._pause_button.setAccessibleName(self._pause_menu.menu.title())
        self._tokens_page.retranslate()
        self._history_page.retranslate()
        self._sign_page.retranslate()
        self._diagnose_page.retranslate()
        self._errcode_page.retranslate()
        self._welcome_page.retranslate()
        self._banner.retranslate()
        self._update_copied_message()  # all else that was said is over
        self._on_overview_changed(self._controller.overview())

    def apply_palette(self) -> None:
        """The icons of the buttons in the ink of the palette."""
        ink = self.palette().color(QPalette.ColorRole.ButtonText)
        self._preferences_button.setIcon(self._formatter.icons.action_icon("settings", ink))
        self._add_button.setIcon(self._formatter.icons.action_icon("add", ink))

    # -- showing ----------------------------------------------------------------------------------

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        self._headline_label.setText(self._formatter.headline(overview))
        self._banner.show_overview(overview)
        self._pause_menu.show_overview(overview)
        self._pause_button.setText(self._pause_menu.menu.title())
        self._root_stack.setCurrentIndex(0 if overview.accounts else 1)

    @Slot(object)
    def _on_refresh_attempted(self, result: RefreshResult) -> None:
        """The last thing that a person asked for, said in the status bar."""
        if result.entry.trigger in ("person", "copy"):
            self._show_account_status(result.appid, self._formatter.messages.for_refresh_result(result).text)

    def show_status(self, text: str) -> None:
        """A sentence for the status bar."""
        self._copied_message, self._clears_in_s = None, 0
        self._status_bar.show_text(text)

    def _show_account_status(self, appid: str, message: str) -> None:
        """What came of an attempt: with the name of its account, and not for longer than it is news."""
        status = self._controller.overview().account(appid)
        self._copied_message, self._clears_in_s = None, 0
        self._status_bar.show_text(
            self._formatter.prefix_with_account(status.account, message) if status is not None else message,
            timeout_ms=RESULT_TIMEOUT_MS,
        )

    def show_and_activate(self) -> None:
        """Show, raise and activate, from wherever it was."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def set_tray_available(self, *, available: bool) -> None:
        """With a tray closing hides; without one the window is the app, and closing it quits."""
        self._has_tray = available
        self._hide_action.setEnabled(available)  # Escape would end the program

    def closeEvent(self, event: QCloseEvent) -> None:
        # accepted and never ignored: a refused close would block the end of the session
        event.accept()
        if self._has_tray:
            self.closed_to_tray.emit()

    # -- doing ------------------------------------------------------------------------------------

    @Slot()
    def add_account(self) -> None:
        """Open the dialog for a new account."""
        self._open_dialog(AccountDialog(self._controller, self._formatter, None, self))

    @Slot(object)
    def _on_edit_requested(self, account: Account) -> None:
        self._open_dialog(AccountDialog(self._controller, self._formatter, account, self))

    def _open_dialog(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot(object)
    def _on_remove_requested(self, account: Account) -> None:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(self.tr("Remove account"))
        box.setText(self.tr("Remove {name}?").format(name=account.name))
        box.setInformativeText(
            self.tr("Its AppSecret is deleted from the keyring. The .dog files stay where they are.")
        )
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(cancel)
        box.exec()
        if box.clickedButton() is remove:
            self.remove_account(account)

    def remove_account(self, account: Account) -> None:
        """Remove an account without asking, and show the result in the status bar."""
        handle = self._controller.account_jobs.remove_account(account, purge=False)
        handle.notify(self._on_account_removed, self._on_removal_failed)

    @Slot(str)
    def confirm_force_new_token(self, appid: str) -> None:
        """Ask whether a token is really to be forced, and do it."""
        status = self._controller.overview().account(appid)
        if status is not None:
            confirm_and_force(self, self._controller, self._formatter, status.account)

    @Slot(int)
    def _on_errcode_help_requested(self, errcode: int) -> None:
        self._errcode_page.show_errcode(errcode)
        self._sidebar.show_page(self._errcode_page)

    @Slot(str)
    def _on_history_requested(self, appid: str) -> None:
        self._history_page.filter_by_account(appid)
        self._sidebar.show_page(self._history_page)

    @Slot(str, object, str)
    def _on_copy_ready(self, appid: str, kind: TokenKind, _value: str) -> None:
        status = self._controller.overview().account(appid)
        name = status.account.name if status is not None else appid
        self._show_copied_message(lambda: self.tr("Copied {key} of {name}").format(key=kind.value, name=name))

    def _show_copied_message(self, make_message: Callable[[], str]) -> None:
        """With the seconds until it is cleared behind it."""
        self._copied_message, self._clears_in_s = make_message, 0
        self._update_copied_message()

    def _update_copied_message(self) -> None:
        end = self.tr("cleared in {time}").format(
            time=f"{self._clears_in_s // 60}:{self._clears_in_s % 60:02}"
        )
        self._status_bar.show_text(
            self._copied_message() if self._copied_message is not None else "",
            end if self._clears_in_s else "",
        )

    @Slot(str, object, object)
    def _on_copy_failed(self, appid: str, _kind: TokenKind, entry: HistoryEntry) -> None:
        self._show_account_status(appid, self._formatter.messages.for_entry(entry).text)

    @Slot(object, object)
    def _on_token_checked(self, answer: QueryAnswer, query: QueryWeChat) -> None:
        sentences = self._formatter.messages
        self._token_check_job = None
        match answer:
            case TokenValid():
                self._show_account_status(query.account.appid, sentences.text("WeChat takes this token."))
            case Refusal() | TransportFailure() | NoLiveToken():
                self._show_account_status(query.account.appid, sentences.for_failed_query(answer).text)

    @Slot(object)
    def _on_token_check_failed(self, _failure: JobFailure) -> None:
        self._token_check_job = None
        self.show_status(self._formatter.messages.for_crash().text)

    @Slot(object)
    def _on_endpoint_changed(self, result: AccountSaved | AccountNotSaved) -> None:
        if isinstance(result, AccountNotSaved):
            self.show_status(self._formatter.messages.for_save(result).text)

    @Slot(object)
    def _on_account_removed(self, result: AccountRemoved) -> None:
        self.show_status(self._formatter.messages.for_removal(result).text)

    @Slot(object)
    def _on_removal_failed(self, failure: JobFailure) -> None:
        sentences = self._formatter.messages
        self.show_status(
            sentences.for_error(failure.error).text
            if isinstance(failure, JobFailed)
            else sentences.for_crash().text
        )

    @Slot(object)
    def _on_job_failed(self, failure: JobFailure) -> None:
        """Show why a job was refused; `Controller.job_crashed` reports the crashes."""
        if isinstance(failure, JobFailed):
            self.show_status(self._formatter.messages.for_error(failure.error).text)

    @Slot(object)
    def _on_token_check_requested(self, account: Account) -> None:
        if self._token_check_job is not None:
            self._token_check_job.disconnect(self)
        self._token_check_job = self._controller.account_jobs.query_wechat(account, QueryKind.TOKEN_VALID)
        self._token_check_job.notify(self._on_token_checked, self._on_token_check_failed)
        self.show_status(self.tr("Asking WeChat…"))

    @Slot(object)
    def _on_stable_token_requested(self, account: Account) -> None:
        """One click away from the endpoint on which programs take each other's tokens."""
        ahead = min(account.ahead, STABLE_AHEAD_MAX_S)
        self._controller.dismiss_superseded(account.appid)
        stable = replace(account, endpoint=Endpoint.STABLE, ahead=ahead)
        handle = self._controller.account_jobs.save_account(
            stable, None, mode=SaveMode.CHANGE, edited_from=account
        )
        handle.notify(self._on_endpoint_changed, self._on_job_failed)

    @Slot(object)
    def _on_rid_query_requested(self, entry: HistoryEntry) -> None:
        status = self._controller.overview().account(entry.appid)
        if status is not None:
            self._open_dialog(QueryDialog(self._controller, self._formatter, status.account, entry, self))

    @Slot(object)
    def _on_quota_query_requested(self, appid: str | None) -> None:
        status = self._controller.overview().account(appid) if appid is not None else None
        if status is not None:
            self._open_dialog(QueryDialog(self._controller, self._formatter, status.account, None, self))

    @Slot(object)
    def _on_export_requested(self, history_filter: HistoryFilter) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export the history"), "guarddog-history.csv", "CSV (*.csv);;JSON (*.json)"
        )
        if path:
            load_page = self._controller.history_queries.load_page
            export = HistoryExporter(load_page, history_filter, Path(path), self)
            export.finished.connect(self._on_export_finished)
            export.start()

    @Slot(int, str)
    def _on_export_finished(self, row_count: int, error: str) -> None:
        if error:
            self.show_status(self.tr("The history could not be exported: {reason}").format(reason=error))
        else:
            self.show_status(self.tr("{count} lines exported").format(count=row_count))

    @Slot()
    def open_sign_page(self) -> None:
        """Open the page that signs; an address on the clipboard is what somebody probably means."""
        self._sign_page.set_url(QGuiApplication.clipboard().text())
        self._sidebar.show_page(self._sign_page)
        self._sign_page.focus()

    @Slot(object)
    def _on_card_requested(self, account: Account) -> None:
        dialog = CardDialog(self._signing, self._formatter, account, self)
        dialog.copy_requested.connect(self.copy_named_text)
        self._open_dialog(dialog)

    @Slot(str, str)
    def copy_named_text(self, text: str, name: str) -> None:
        """Copy something that is no secret and too long to be repeated."""
        QGuiApplication.clipboard().setText(text)
        self.show_status(self.tr("Copied {text}").format(text=name))

    @Slot(str)
    def _on_secret_copy_requested(self, text: str) -> None:
        self._show_copied_message(lambda: self.tr("Copied the signed string"))
        self.secret_copy_requested.emit(text)

    @Slot(str)
    def copy_text(self, text: str) -> None:
        """Copy something that is no secret, such as an IP."""
        QGuiApplication.clipboard().setText(text)
        self.show_status(self.tr("Copied {text}").format(text=text))

    @Slot(int)
    def _on_countdown_changed(self, seconds: int) -> None:
        if self._copied_message is not None:
            self._clears_in_s = seconds
            if not seconds:
                self._copied_message = None
            self._update_copied_message()


def initial_size(screen_size: QSize) -> QSize:
    """What the window opens with: no larger than there is room for."""
    return QSize(960, 640).boundedTo(screen_size - QSize(0, TITLE_BAR_HEIGHT))
