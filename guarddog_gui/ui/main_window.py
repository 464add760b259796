"""Main window: headline, banner for what the user has to fix, and the pages beside their sidebar."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeySequence, QPalette
from PySide6.QtWidgets import QLabel, QMainWindow, QPushButton, QStackedWidget, QWidget

from guarddog_gui.domain.refresh.history import HistoryEntry, Trigger
from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.signing import SigningController
from guarddog_gui.services.refresh_request import RefreshResult
from guarddog_gui.ui.account_actions import AccountActions
from guarddog_gui.ui.banner import Banner
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.clipboard.subject import CopySubject, NamedTextSubject, copied_message, copy_failed_message
from guarddog_gui.ui.crash_banner import CrashBanner
from guarddog_gui.ui.errcode_page import ErrcodePage
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.history.page import HistoryPage
from guarddog_gui.ui.signing.diagnose_page import DiagnosePage
from guarddog_gui.ui.signing.sign_page import SignPage
from guarddog_gui.ui.theme import ThemedMixin
from guarddog_gui.ui.tokens.page import TokensPage
from guarddog_gui.ui.tray.pause_menu import PauseMenu
from guarddog_gui.ui.welcome_page import WelcomePage
from guarddog_gui.ui.widgets.auto_height_dialog import TITLE_BAR_HEIGHT
from guarddog_gui.ui.widgets.buttons import make_button
from guarddog_gui.ui.widgets.layouts import make_column, make_row
from guarddog_gui.ui.widgets.screen_geometry import available_geometry
from guarddog_gui.ui.widgets.sidebar import Sidebar
from guarddog_gui.ui.widgets.status_bar import StatusBar

RESULT_TIMEOUT_MS = 30_000  # how long the status bar shows the result of an attempt


class MainWindow(ThemedMixin, QMainWindow):
    """Window that shows the state of the controller; closing it hides it while there is a tray icon."""

    closed_to_tray = Signal()
    preferences_requested = Signal()
    sandbox_requested = Signal()
    quit_requested = Signal()
    secret_copy_requested = Signal(str)  # text that the clipboard has to clear after a time
    test_page_requested = Signal(object, str, object)  # Account, URL of the page, WxConfig
    node_loader_requested = Signal(object, object)  # Account, TokenKind that another program is to read

    def __init__(
        self, controller: Controller, signing: SigningController, clipboard: Clipboard, formatter: Formatter
    ) -> None:
        super().__init__()
        self._controller = controller
        self._clipboard = clipboard
        self._formatter = formatter
        self._has_tray = False
        self._copied_subject: CopySubject | None = None  # of the message in the status bar
        self._clears_in_s = 0  # seconds until the clipboard is cleared
        self.account_actions = AccountActions(controller, signing, formatter, self)
        self._status_bar = StatusBar()
        self._headline_label = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._headline_label.setObjectName("headline")
        self._pause_button = QPushButton()
        self._pause_menu = PauseMenu(controller, formatter)
        self._pause_button.setMenu(self._pause_menu.menu)
        self._add_button = make_button(self.account_actions.add_account)
        self._preferences_button = make_button(self.preferences_requested)
        self._banner = Banner(formatter)
        self.crash_banner = CrashBanner(formatter)
        self._tokens_page = TokensPage(controller, formatter)
        self._history_page = HistoryPage(controller, formatter)
        self._sign_page = SignPage(controller, signing, formatter)
        self._diagnose_page = DiagnosePage(controller, signing, formatter)
        self._errcode_page = ErrcodePage(formatter)
        self._welcome_page = WelcomePage()
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
        self._connect_controller()
        self._connect_pages()
        self.resize(initial_size(available_geometry(self).size()))
        self._tokens_page.focus()
        self.apply_palette()
        self.retranslate()

    def _connect_controller(self) -> None:
        self._controller.overview_changed.connect(self._on_overview_changed)
        self._controller.refresh_attempted.connect(self._on_refresh_attempted)
        self._controller.copies.copy_failed.connect(self._on_copy_failed)
        self._clipboard.copied.connect(self._on_copied)
        self._clipboard.countdown_changed.connect(self._on_countdown_changed)
        self.account_actions.status_reported.connect(self.show_status)
        self.account_actions.account_status_reported.connect(self._show_account_status)
        self.account_actions.text_copy_requested.connect(self.copy_named_text)

    def _connect_pages(self) -> None:
        actions = self.account_actions
        self._welcome_page.add_account_requested.connect(actions.add_account)
        self._welcome_page.sandbox_requested.connect(self.sandbox_requested)
        self._banner.stable_token_requested.connect(actions.use_stable_token)
        self._banner.superseded_dismissed.connect(self._controller.dismiss_superseded)
        self._banner.foreign_writes_dismissed.connect(self._controller.dismiss_foreign_writes)
        self._banner.node_loader_requested.connect(self.node_loader_requested)
        self._banner.copy_requested.connect(self.copy_text)
        self.crash_banner.copy_requested.connect(self.copy_named_text)
        self._banner.retry_requested.connect(self._controller.refresh)
        self._banner.errcode_help_requested.connect(self._on_errcode_help_requested)
        self._tokens_page.force_requested.connect(actions.force_new_token)
        self._tokens_page.edit_requested.connect(actions.edit_account)
        self._tokens_page.remove_requested.connect(actions.remove_account)
        self._tokens_page.history_requested.connect(self._on_history_requested)
        self._tokens_page.token_check_requested.connect(actions.check_token)
        self._history_page.copy_requested.connect(self.copy_text)
        self._history_page.rid_query_requested.connect(actions.query_rid)
        self._history_page.quota_query_requested.connect(actions.query_quota)
        self._history_page.export_requested.connect(actions.export_history)
        self._sign_page.copy_requested.connect(self.copy_named_text)
        self._sign_page.secret_copy_requested.connect(self.secret_copy_requested)
        self._sign_page.test_page_requested.connect(self.test_page_requested)
        self._sign_page.card_requested.connect(actions.sign_card)

    def _lay_out(self) -> None:
        buttons = (self._pause_button, self._add_button, self._preferences_button)
        top = make_row((self._headline_label, 1), *buttons, margin=(16, 8))
        body = make_row(self._sidebar, (self._sidebar.stack, 1), spacing=0)
        main = QWidget()
        main.setLayout(make_column(top, self.crash_banner, self._banner, (body, 1), spacing=0))
        self._root_stack.addWidget(main)
        self._root_stack.addWidget(self._welcome_page)
        self.setCentralWidget(self._root_stack)
        self.setStatusBar(self._status_bar)

    def _make_actions(self) -> None:
        self._add_shortcut("Ctrl+W", self.close)
        self._hide_action = self._add_shortcut("Esc", self.close)
        self._hide_action.setEnabled(self._has_tray)
        self._add_shortcut("Ctrl+Q", self.quit_requested.emit)
        self._add_shortcut("Ctrl+N", self.account_actions.add_account)
        self._add_shortcut("Ctrl+,", self.preferences_requested.emit)
        for row in range(self._sidebar.count()):
            self._add_shortcut(f"Alt+{row + 1}", partial(self._sidebar.activate_row, row))

    def _add_shortcut(self, key: str, slot: object) -> QAction:
        action = QAction(self, shortcut=QKeySequence(key))
        action.triggered.connect(slot)
        self.addAction(action)
        return action

    def retranslate(self) -> None:
        """Set all texts in the current language; clear the status bar unless it counts down."""
        self.setWindowTitle("Guard Dog")
        self._sidebar.set_page_names(
            (self.tr("Tokens"), self.tr("History"), self.tr("Sign"), self.tr("Diagnose"), self.tr("errcodes"))
        )
        self._sidebar.setAccessibleName(self.tr("Pages"))
        self._add_button.setText(self.tr("Add account"))
        self._preferences_button.setToolTip(self.tr("Preferences…"))
        self._preferences_button.setAccessibleName(self.tr("Preferences…"))
        self._pause_menu.retranslate()
        self._pause_button.setAccessibleName(self._pause_menu.menu.title())
        self._tokens_page.retranslate()
        self._history_page.retranslate()
        self._sign_page.retranslate()
        self._diagnose_page.retranslate()
        self._errcode_page.retranslate()
        self._welcome_page.retranslate()
        self._banner.retranslate()
        self.crash_banner.retranslate()
        self._update_copied_message()
        self._on_overview_changed(self._controller.overview())

    def apply_palette(self) -> None:
        ink = self.palette().color(QPalette.ColorRole.ButtonText)
        self._preferences_button.setIcon(self._formatter.icons.action_icon("settings", ink))
        self._add_button.setIcon(self._formatter.icons.action_icon("add", ink))

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        self._headline_label.setText(self._formatter.messages.headline(overview))
        self._banner.show_overview(overview)
        self._pause_menu.show_overview(overview)
        self._pause_button.setText(self._pause_menu.menu.title())
        is_known_empty = not overview.accounts and overview.list_error is None
        self._root_stack.setCurrentIndex(1 if is_known_empty else 0)

    @Slot(object)
    def _on_refresh_attempted(self, result: RefreshResult) -> None:
        """Show the result of an attempt that the user asked for; automatic attempts are not reported."""
        if result.entry.trigger in (Trigger.USER, Trigger.COPY):
            self._show_account_status(result.appid, self._formatter.messages.for_refresh_result(result).text)

    @Slot(str)
    def show_status(self, text: str, timeout_ms: int = 0) -> None:
        self._copied_subject, self._clears_in_s = None, 0
        self._status_bar.show_text(text, timeout_ms=timeout_ms)

    @Slot(str, str)
    def _show_account_status(self, appid: str, message: str) -> None:
        """Show the result of an attempt with the name of its account, for `RESULT_TIMEOUT_MS`."""
        status = self._controller.overview().account(appid)
        text = self._formatter.prefix_with_account(status.account, message) if status is not None else message
        self.show_status(text, RESULT_TIMEOUT_MS)

    def show_and_activate(self) -> None:
        """Show the window in front of the others and give it the focus, also if it was minimised."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def set_tray_available(self, *, available: bool) -> None:
        """Make closing hide the window if there is a tray icon, and quit the program otherwise."""
        self._has_tray = available
        self._hide_action.setEnabled(available)  # without a tray icon Escape would quit the program

    def closeEvent(self, event: QCloseEvent) -> None:
        # always accepted: a window that refuses to close blocks the end of the desktop session
        event.accept()
        if self._has_tray:
            self.closed_to_tray.emit()

    @Slot(int)
    def _on_errcode_help_requested(self, errcode: int) -> None:
        self._errcode_page.show_errcode(errcode)
        self._sidebar.show_page(self._errcode_page)

    @Slot(str)
    def _on_history_requested(self, appid: str) -> None:
        self._history_page.filter_by_account(appid)
        self._sidebar.show_page(self._history_page)

    @Slot(object)
    def _on_copied(self, subject: CopySubject) -> None:
        """Show what was copied; the seconds until it is cleared follow."""
        self._copied_subject, self._clears_in_s = subject, 0
        self._update_copied_message()

    def show_copy_failure(self, subject: CopySubject) -> None:
        self.show_status(copy_failed_message(subject))

    def _update_copied_message(self) -> None:
        time_left = f"{self._clears_in_s // 60}:{self._clears_in_s % 60:02}"
        suffix = self.tr("cleared in {time}").format(time=time_left) if self._clears_in_s else ""
        self._status_bar.show_text(copied_message(self._copied_subject) if self._copied_subject else "", suffix)

    @Slot(str, object, object)
    def _on_copy_failed(self, appid: str, _kind: TokenKind, entry: HistoryEntry) -> None:
        self._show_account_status(appid, self._formatter.messages.for_entry(entry).text)

    @Slot()
    def open_sign_page(self) -> None:
        """Open the page that signs, with the URL from the clipboard if there is one."""
        self._sign_page.set_url(QGuiApplication.clipboard().text())
        self._sidebar.show_page(self._sign_page)
        self._sign_page.focus()

    @Slot(str, str)
    def copy_named_text(self, text: str, name: str) -> None:
        """Copy a text that is no secret, and show its name because the text is too long."""
        self._clipboard.copy_text(text, NamedTextSubject(name))

    @Slot(str)
    def copy_text(self, text: str) -> None:
        """Copy a short text that is no secret, such as an IP address, and show it."""
        self.copy_named_text(text, text)

    @Slot(int)
    def _on_countdown_changed(self, seconds: int) -> None:
        if self._copied_subject is not None and (seconds or self._clears_in_s):
            self._clears_in_s = seconds
            if not seconds:
                self._copied_subject = None
            self._update_copied_message()


def initial_size(screen_size: QSize) -> QSize:
    """Return the size of a new window: the usual one, or less on a small screen."""
    return QSize(960, 640).boundedTo(screen_size - QSize(0, TITLE_BAR_HEIGHT))
