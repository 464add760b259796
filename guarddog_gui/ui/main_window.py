"""Main window: the rail, the pages beside it, and short news over them."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QByteArray, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from guarddog_gui.domain.refresh.status import Overview
from guarddog_gui.domain.settings import WindowState
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.signing import SigningController
from guarddog_gui.ui.account_actions import AccountActions
from guarddog_gui.ui.banner import Banner
from guarddog_gui.ui.clipboard.clipboard import Clipboard
from guarddog_gui.ui.clipboard.subject import CopySubject, KeySubject, NamedTextSubject
from guarddog_gui.ui.crash_banner import CrashBanner
from guarddog_gui.ui.dialogs.auto_height_dialog import TITLE_BAR_HEIGHT
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.offer_banner import OfferBanner
from guarddog_gui.ui.page_connections import PageConnections
from guarddog_gui.ui.shell.current_account import CurrentAccount
from guarddog_gui.ui.shell.rail import Rail
from guarddog_gui.ui.shell.window_messages import WindowMessages
from guarddog_gui.ui.shell.window_search import WindowSearch
from guarddog_gui.ui.welcome_page import WelcomePage
from guarddog_gui.ui.widgets.layouts import make_column, make_row
from guarddog_gui.ui.widgets.screen_geometry import available_geometry
from guarddog_gui.ui.window_pages import PageName, WindowPages

COMPACT_BELOW = 860  # pixels of window width below which the rail has icons only
CONTENT_WIDTH_MAX = 1040 + 48  # pixels, with the margins of the pages


class MainWindow(QMainWindow):
    """Window that shows the state of the controller; closing it hides it while there is a tray icon."""

    closed_to_tray = Signal()
    state_changed = Signal(object)  # WindowState
    preferences_requested = Signal()
    sandbox_requested = Signal()
    quit_requested = Signal()
    secret_copy_requested = Signal(str)  # text that the clipboard has to clear after a time
    named_secret_copy_requested = Signal(str, str)  # the same with the name of the text
    test_page_requested = Signal(object, str, object)  # Account, URL of the page, WxConfig
    node_loader_requested = Signal(object, object)  # Account, TokenKind that another program is to read
    folder_requested = Signal(object)  # Account whose folder of .dog files is to be opened

    def __init__(
        self,
        controller: Controller,
        signing: SigningController,
        clipboard: Clipboard,
        formatter: Formatter,
        *,
        sandbox_login: tuple[str, str] | None = None,
    ) -> None:
        """Take as `sandbox_login` AppID and AppSecret of an account that the sandbox has for "Add account"."""
        super().__init__()
        self._is_sandbox = sandbox_login is not None
        self._controller = controller
        self._clipboard = clipboard
        self._formatter = formatter
        self._has_tray = False
        self._is_empty = False  # the list of accounts is known to be empty
        self.account_actions = AccountActions(controller, signing, formatter, self)
        self.current_account = CurrentAccount(parent=self)
        self._messages = WindowMessages(controller, clipboard, formatter, self)
        self._search = self._make_search(signing)
        self._banner = Banner(formatter)
        self.crash_banner = CrashBanner(formatter)
        self.offer_banner = OfferBanner(formatter)
        self.pages = WindowPages(controller, signing, formatter, self.current_account)
        self._welcome_page = WelcomePage()
        self.rail = Rail(controller, formatter, tuple(PageName), sandbox_login)
        self._root_stack = QStackedWidget()
        self._page_connections = PageConnections(self, self.pages, self._messages)
        self._lay_out()
        self._make_actions()
        self._connect_controller()
        self._connect_pages()
        self.pages.show_row(PageName.TOKENS.row)
        self.resize(initial_size(available_geometry(self).size()))
        self.pages.tokens.focus()
        self.retranslate()

    def _make_search(self, signing: SigningController) -> WindowSearch:
        return WindowSearch(
            self._controller,
            signing,
            self._formatter,
            choose_account=self._show_account,
            show_errcode=self.show_errcode,
            sign_url=self._sign_url,
        )

    def _connect_controller(self) -> None:
        self._controller.overview_changed.connect(self._on_overview_changed)
        self.rail.page_chosen.connect(self.pages.show_row)
        self.rail.search_requested.connect(self.open_search)
        self.rail.account_chosen.connect(self.current_account.choose)
        self.current_account.changed.connect(self.rail.account_list.choose)
        self.rail.add_requested.connect(self.account_actions.add_account)
        self.rail.edit_requested.connect(self.account_actions.edit_account_of)
        self.rail.remove_requested.connect(self.account_actions.remove_account_of)
        self.rail.token_copy_requested.connect(self._on_token_copy_requested)
        self.rail.preferences_requested.connect(self.preferences_requested)
        self.rail.copy_requested.connect(self.copy_named_text)
        self.account_actions.status_reported.connect(self._messages.show_text)
        self.account_actions.account_status_reported.connect(self._messages.show_for_account)
        self.account_actions.undo_offered.connect(self._messages.offer_undo)
        self._messages.undo_requested.connect(self.account_actions.undo_removal)
        self.account_actions.text_copy_requested.connect(self.copy_named_text)
        self._clipboard.copied.connect(self._on_copied)

    def _connect_pages(self) -> None:
        actions = self.account_actions
        self._welcome_page.add_account_requested.connect(actions.add_account)
        self._welcome_page.sandbox_requested.connect(self.sandbox_requested)
        self._welcome_page.import_requested.connect(actions.import_accounts)
        self.crash_banner.copy_requested.connect(self.copy_named_text)
        self.pages.page_made.connect(self._page_connections.connect_page)
        self.pages.currentChanged.connect(self._show_welcome_or_pages)

    def _lay_out(self) -> None:
        content = QWidget()
        content.setMaximumWidth(CONTENT_WIDTH_MAX)
        column = make_column(self.crash_banner, self._banner, self.offer_banner, (self.pages, 1), spacing=0)
        content.setLayout(column)
        main = QWidget()
        main.setLayout(make_row(self.rail, (content, 1), spacing=0))
        main.layout().addStretch(0)  # type: ignore[union-attr]  # the one set above
        self._root_stack.addWidget(main)
        self._root_stack.addWidget(self._welcome_page)
        self.setCentralWidget(self._root_stack)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rail.set_compact(compact=event.size().width() < COMPACT_BELOW)

    def state(self) -> WindowState:
        """Return what is remembered until the window is opened again."""
        return WindowState(
            geometry=bytes(self.saveGeometry().toBase64().data()).decode(),
            page=self.pages.current_name,
            current_account=self.current_account.appid,
            filters=self.pages.filters(),
        )

    def restore_state(self, state: WindowState) -> None:
        """Restore a state; whatever no longer fits (a screen, an account, a page) is left as it is."""
        if state.geometry:
            self.restoreGeometry(QByteArray.fromBase64(state.geometry.encode()))
        if self._controller.overview().account(state.current_account) is not None:
            self.current_account.choose(state.current_account)
        self.pages.restore_filters(state.filters)
        if state.page in tuple(PageName) and not self._is_empty:
            self.show_page(PageName(state.page))

    def show_page(self, name: PageName) -> None:
        self.rail.show_row(name.row)

    @Slot(int)
    def activate_page(self, row: int) -> None:
        """Show the page in this row of the rail and give it the keyboard focus."""
        self.rail.show_row(row)
        self.pages.page(list(PageName)[row]).focus()

    def _make_actions(self) -> None:
        self._add_shortcut("Ctrl+W", self.close)
        self._hide_action = self._add_shortcut("Esc", self.close)
        self._hide_action.setEnabled(self._has_tray)
        self._add_shortcut("Ctrl+Q", self.quit_requested.emit)
        self._add_shortcut("Ctrl+N", self.account_actions.add_account)
        self._add_shortcut("Ctrl+,", self.preferences_requested.emit)
        self._add_shortcut("Ctrl+K", self.open_search)
        self._add_shortcut("F1", self._open_help)
        for row in range(len(PageName)):
            self._add_shortcut(f"Alt+{row + 1}", partial(self.activate_page, row))

    @Slot()
    def open_search(self) -> QWidget:
        """Open the search over the window, or return to it, and return its dialog."""
        from guarddog_gui.ui.shell.search_dialog import SearchDialog

        opened = self.findChild(SearchDialog)
        if opened is not None and opened.isVisible():
            opened.activateWindow()
            return opened
        names = enumerate(self.pages.titles())
        pages: dict[str, Callable[[], None]] = {name: partial(self.activate_page, row) for row, name in names}
        commands: dict[str, Callable[[], None]] = {
            self.tr("Add account"): self.account_actions.add_account,
            self.tr("Preferences…"): self.preferences_requested.emit,
            self.tr("Help"): self._open_help,
            self.tr("Quit"): self.quit_requested.emit,
        }
        entries = self._search.entries(pages, commands)
        dialog = SearchDialog(entries, self._formatter, self, self._search.entry_of_text)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()
        return dialog

    @Slot()
    def _open_help(self) -> None:
        from guarddog_gui.ui.shell.help_dialog import HelpDialog

        HelpDialog(self).open()

    def open_search_unless_modal(self) -> QWidget:
        """Open the search, or leave the dialog that is open; return the window that takes the keyboard."""
        return QApplication.activeModalWidget() or self.open_search()

    def _show_account(self, appid: str) -> None:
        self.current_account.choose(appid)
        self.activate_page(0)

    def _sign_url(self, appid: str, url: str) -> None:
        if appid:
            self.current_account.choose(appid)
        self.sign_url(url)

    def _add_shortcut(self, key: str, slot: object) -> QAction:
        action = QAction(self, shortcut=QKeySequence(key))
        action.triggered.connect(slot)
        self.addAction(action)
        return action

    def retranslate(self) -> None:
        """Set all texts in the current language; clear the status bar unless it counts down."""
        self.setWindowTitle(self.tr("Guard Dog · sandbox") if self._is_sandbox else "Guard Dog")
        self.rail.retranslate(self.pages.titles())
        self.pages.retranslate()
        self._welcome_page.retranslate()
        self.crash_banner.retranslate()
        self.offer_banner.retranslate()
        self._messages.retranslate()
        self._on_overview_changed(self._controller.overview())

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        self.current_account.show_overview(overview)
        self._banner.show_overview(overview)
        self.rail.show_overview(overview, self.current_account.appid)
        self._show_badge(overview)
        was_empty, self._is_empty = self._is_empty, not overview.accounts and overview.list_error is None
        if self._is_empty and not was_empty:
            self.show_page(PageName.TOKENS)
        self._show_welcome_or_pages()

    @Slot()
    def _show_welcome_or_pages(self) -> None:
        """Show the welcome page in the place of the tokens while there is no account; other pages can be visited."""
        is_welcome = self._is_empty and self.pages.current_name is PageName.TOKENS
        self._root_stack.setCurrentIndex(1 if is_welcome else 0)

    def _show_badge(self, overview: Overview) -> None:
        """Show on every page how many accounts need the user."""
        count = len(overview.accounts_needing_user)
        need = self._formatter.messages.plural(
            "{count} account needs you", "{count} accounts need you", count, count=count
        )
        self.rail.navigation.set_badge(PageName.TOKENS.row, str(count) if count else "", need if count else "")

    @Slot(str)
    def show_status(self, text: str) -> None:
        self._messages.show_text(text)

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
        self.state_changed.emit(self.state())
        if self._has_tray:
            self.closed_to_tray.emit()

    @Slot(str)
    def _on_token_copy_requested(self, appid: str) -> None:
        self._controller.copies.request(appid, TokenKind.ACCESS_TOKEN)

    @Slot(str)
    def sign_for_account(self, appid: str) -> None:
        self.current_account.choose(appid)
        self.pages.sign.select_account(appid)
        self.show_page(PageName.SIGN)
        self.pages.sign.focus()

    @Slot(int)
    def show_errcode(self, errcode: int) -> None:
        self.pages.errcodes.show_errcode(errcode)
        self.show_page(PageName.ERRCODES)

    @Slot(str)
    def show_history(self, appid: str) -> None:
        self.pages.history.filter_by_account(appid)
        self.show_page(PageName.HISTORY)

    @Slot(object)
    def _on_copied(self, subject: CopySubject) -> None:
        """Confirm the copy of a value on its button, too."""
        if isinstance(subject, KeySubject):
            self.pages.tokens.show_copied(subject.appid, subject.kind)

    def show_copy_failure(self, subject: CopySubject) -> None:
        self._messages.show_copy_failure(subject)

    @Slot()
    def open_sign_page(self, appid: str = "") -> None:
        """Open the page that signs, for an account if one is given, with the URL from the clipboard if there is one."""
        if appid:
            self.current_account.choose(appid)
            self.pages.sign.select_account(appid)
        self.sign_url(QGuiApplication.clipboard().text())

    @Slot(str)
    def sign_url(self, url: str) -> None:
        """Open the page that signs with this URL; keep the one there if the text is no URL."""
        self.show_page(PageName.SIGN)  # first, for a page that is shown takes the URL on the clipboard
        self.pages.sign.set_url(url)
        self.pages.sign.focus()

    @Slot(str, str)
    def copy_named_text(self, text: str, name: str) -> None:
        """Copy a text that is no secret, and show its name because the text is too long."""
        self._clipboard.copy_text(text, NamedTextSubject(name))

    @Slot(str)
    def copy_text(self, text: str) -> None:
        """Copy a short text that is no secret, such as an IP address, and show it."""
        self.copy_named_text(text, text)


def initial_size(screen_size: QSize) -> QSize:
    """Return the size of a new window: the usual one, or less on a small screen."""
    return QSize(1080, 720).boundedTo(screen_size - QSize(0, TITLE_BAR_HEIGHT))
