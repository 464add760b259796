"""Page that shows all accounts with their tokens and tickets, and the actions on them."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QDesktopServices, QFont, QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QApplication, QPushButton, QSizePolicy, QStackedWidget, QWidget

from guarddog_gui.domain.refresh.status import AccountStatus, Overview
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.shell.current_account import CurrentAccount
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import TITLE, scaled_font
from guarddog_gui.ui.style.scroll_bars import SCROLL_BAR_WIDTH
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.tokens.account_card import AccountCard, CardContent
from guarddog_gui.ui.tokens.account_menu import SHORTCUTS, AccountMenu
from guarddog_gui.ui.tokens.card_list import SCROLL_BAR_GAP, CardList
from guarddog_gui.ui.tokens.key_row import KeyRow
from guarddog_gui.ui.tokens.notices import AccountNotice, NoticeAction, NoticeKind, account_notices
from guarddog_gui.ui.tokens.requests import AccountAction, Target, TokenRequests
from guarddog_gui.ui.tokens.selection import AccountChip, overview_summary, select_accounts, useful_chips
from guarddog_gui.ui.tokens.single_account import KeyPanel, SingleAccountView
from guarddog_gui.ui.widgets.controls.chips import ChipBar
from guarddog_gui.ui.widgets.layouts import make_column, make_row
from guarddog_gui.ui.widgets.page import Page, SearchField
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel
from guarddog_gui.ui.widgets.text.plain_text import make_plain_label

PAGE_MARGIN = 24
_FILTER_WIDTH_MIN, _FILTER_WIDTH_MAX = 96, 220
_NEVER = float("inf")


class TokensPage(ThemedMixin, Page):
    """Page that copies and refreshes by itself, and requests from the window what needs a dialog or another page."""

    add_requested = Signal()
    force_requested = Signal(str)  # appid
    edit_requested = Signal(object)  # Account
    share_requested = Signal(object)  # Account
    remove_requested = Signal(object)  # Account
    history_requested = Signal(str)  # appid
    sign_requested = Signal(str)  # appid
    token_check_requested = Signal(object)  # Account
    address_requested = Signal(object)  # Account
    folder_requested = Signal(object)  # Account
    text_copy_requested = Signal(str)  # an AppID or an IP address
    errcode_help_requested = Signal(int)  # errcode
    quota_query_requested = Signal(object)  # appid
    stable_token_requested = Signal(object)  # Account to switch to stable_token
    node_loader_requested = Signal(object, object)  # Account, TokenKind that another program is to read

    def __init__(
        self,
        controller: Controller,
        formatter: Formatter,
        current_account: CurrentAccount | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._formatter = formatter
        self._current_account = current_account or CurrentAccount(parent=self)
        self._overview = controller.overview()
        self._next_change_at = 0.0
        self._is_current_replaced = False
        self._requests = TokenRequests(self)
        self._make_head()
        self._card_list = CardList(formatter, self._requests)
        self._single_view = SingleAccountView(controller, formatter, self._requests)
        self._empty_view = self._make_empty_view()
        self._stack = QStackedWidget()
        for view in (self._card_list, self._single_view, self._empty_view):
            self._stack.addWidget(view)
        self._countdown_timer = QTimer(self, interval=1000)
        self._countdown_timer.setObjectName("countdown-timer")
        self._countdown_timer.timeout.connect(self.update_countdowns)
        self._lay_out()
        self._make_actions()
        self._connect()
        self.apply_palette()
        self.retranslate()

    # -- parts -------------------------------------------------------------------------------------

    def _make_head(self) -> None:
        self._title_label = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._subtitle_label = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self._add_button = QPushButton()
        set_kind(self._add_button, ButtonKind.PRIMARY)
        self._chips = ChipBar(tuple(AccountChip))
        self._filter_field = SearchField()
        self._filter_field.setMinimumWidth(_FILTER_WIDTH_MIN)
        self._filter_field.setMaximumWidth(_FILTER_WIDTH_MAX)
        self._filter_row = QWidget()
        self._filter_row.setLayout(make_row(self._chips, None, (self._filter_field, 1)))

    def _make_empty_view(self) -> QWidget:
        self._empty_label = make_plain_label("no-match")
        self._empty_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._show_all_button = QPushButton()
        view = QWidget()
        button = make_row(None, self._show_all_button, None)
        view.setLayout(make_column(None, self._empty_label, button, None, None, spacing=14))
        return view

    def _lay_out(self) -> None:
        titles = make_column(self._title_label, self._subtitle_label, spacing=2)
        head = make_column(make_row((titles, 1), self._add_button), self._filter_row, spacing=14)
        head.setContentsMargins(0, 0, SCROLL_BAR_WIDTH + SCROLL_BAR_GAP, 0)
        column = make_column(head, (self._stack, 1), spacing=14)
        right = PAGE_MARGIN - SCROLL_BAR_WIDTH - SCROLL_BAR_GAP  # the scroll bar is in the margin
        column.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN - 4, right, 0)  # the list ends at the edge of the window
        self.setLayout(column)
        self._add_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for label in (self._title_label, self._subtitle_label):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def _make_actions(self) -> None:
        for action, shortcut in SHORTCUTS.items():
            page_action = QAction(self, shortcut=QKeySequence(shortcut))
            # F5 works in the whole window; the other shortcuts only while the page has the focus
            is_of_window = action is AccountAction.REFRESH
            context = Qt.ShortcutContext
            page_action.setShortcutContext(
                context.WindowShortcut if is_of_window else context.WidgetWithChildrenShortcut
            )
            page_action.triggered.connect(partial(self._on_shortcut, action))
            self.addAction(page_action)
        self.set_focus_widgets(self._card_list, self._filter_field)

    def _connect(self) -> None:
        self._add_button.clicked.connect(self.add_requested)
        self._chips.value_changed.connect(self._show_accounts)
        self._filter_field.textChanged.connect(self._show_accounts)
        self._show_all_button.clicked.connect(self._on_show_all_clicked)
        self._requests.action_requested.connect(self._perform)
        self._requests.menu_requested.connect(self._open_menu)
        self._requests.notice_action_requested.connect(self._on_notice_action_requested)
        self._requests.account_chosen.connect(self._current_account.choose)
        self._current_account.changed.connect(self._on_current_account_changed)
        self._current_account.replaced.connect(self._on_current_account_replaced)
        self._controller.overview_changed.connect(self._on_overview_changed)

    # -- content -----------------------------------------------------------------------------------

    def focus(self) -> None:
        """Give the keyboard to the current account if it is visible, else to the first one."""
        if self._stack.currentWidget() is self._single_view:
            self._single_view.initial_focus_widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self._card_list.focus_visible(self._current_account.appid)

    def retranslate(self) -> None:
        self._title_label.set_text(self.tr("Tokens"))
        self._add_button.setText(self.tr("Add account"))
        self._chips.set_texts(
            (self.tr("All"), self.tr("Needs you"), self.tr("Test"), self.tr("Production"), self.tr("Mini programs"))
        )
        self._filter_field.setPlaceholderText(self.tr("Filter by name or AppID"))
        self._filter_field.setAccessibleName(self.tr("Filter accounts"))
        self._card_list.setAccessibleName(self.tr("Accounts and their tokens"))
        self._show_all_button.setText(self.tr("Show all accounts"))
        self._show_overview(self._controller.overview())
        self._card_list.retranslate()
        self._single_view.retranslate()

    def apply_palette(self) -> None:
        self._title_label.set_text_font(scaled_font(self.font(), TITLE, QFont.Weight.DemiBold))
        dim = colours_of(self.palette()).dim
        for label in (self._subtitle_label, self._empty_label):
            palette = label.palette()
            palette.setColor(label.foregroundRole(), dim)
            label.setPalette(palette)
        self._add_button.setIcon(self._formatter.icons.action_icon("add", colours_of(self.palette()).on_accent))

    @property
    def chip(self) -> str:
        """Return the chosen filter, for the state of the window."""
        return self._chips.value

    def choose_chip(self, chip: str) -> None:
        """Choose a filter; an unknown one is ignored."""
        self._chips.set_value(chip)
        self._show_accounts()

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        if self.isVisible():
            self._show_overview(overview)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_overview(self._controller.overview())
        self._countdown_timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._countdown_timer.stop()
        super().hideEvent(event)

    @Slot()
    def update_countdowns(self) -> None:
        """Update the visible countdowns, and everything once time alone has changed a state."""
        now = self._formatter.clock()
        if now >= self._next_change_at or now < self._overview.at:
            self._show_overview(self._controller.overview())
        elif self._stack.currentWidget() is self._single_view:
            self._single_view.update_countdowns(now)
        else:
            self._card_list.update_countdowns(now)

    def _show_overview(self, overview: Overview) -> None:
        self._overview = overview
        self._next_change_at = overview.next_change_at or _NEVER
        self._current_account.show_overview(overview)
        self._subtitle_label.set_text(overview_summary(overview, self._formatter.messages))
        useful = useful_chips(overview)
        for chip in AccountChip:
            self._chips.set_value_visible(chip, visible=chip in useful)
        if self._chips.value not in useful:
            self._chips.set_value(AccountChip.ALL)
        self._chips.setVisible(len(useful) > 1)
        self._show_accounts()
        if self._is_current_replaced:  # the account that has the keyboard takes its place, else two are marked
            self._is_current_replaced = False
            if self._card_list.focused_appid:
                self._current_account.choose(self._card_list.focused_appid)

    @Slot()
    def _on_current_account_replaced(self) -> None:
        self._is_current_replaced = self.isVisible()

    @Slot()
    def _show_accounts(self) -> None:
        """Show the accounts that match the filters."""
        overview = self._overview
        is_single = len(overview.accounts) == 1
        self._filter_row.setVisible(len(overview.accounts) > 1)
        set_kind(self._add_button, ButtonKind.PLAIN if is_single else ButtonKind.PRIMARY)
        colours = colours_of(self.palette())
        ink = colours.ink if is_single else colours.on_accent
        self._add_button.setIcon(self._formatter.icons.action_icon("add", ink))
        if is_single:
            self._single_view.show_content(self._content_of(overview.accounts[0]), overview.at)
            self._stack.setCurrentWidget(self._single_view)
            return
        text = self._filter_field.text()
        statuses = select_accounts(overview, AccountChip(self._chips.value), text)
        contents = tuple(self._content_of(status) for status in statuses)
        self._card_list.show_contents(contents, self._current_account.appid, overview.at)
        if overview.accounts and not contents:
            found = self.tr("No account matches “{text}”.").format(text=text.strip())
            self._empty_label.setText(found if text.strip() else self.tr("No account matches this filter."))
            self._stack.setCurrentWidget(self._empty_view)
        else:
            self._stack.setCurrentWidget(self._card_list)

    def _content_of(self, status: AccountStatus) -> CardContent:
        return CardContent(status, account_notices(status, self._formatter, self._overview.at))

    @Slot(str)
    def _on_current_account_changed(self, appid: str) -> None:
        self._card_list.set_current(appid)
        if self.isVisible():
            self._card_list.scroll_to(appid)

    @Slot()
    def _on_show_all_clicked(self) -> None:
        self._filter_field.clear()
        self.choose_chip(AccountChip.ALL)
        self.focus()

    def show_copied(self, appid: str, kind: TokenKind) -> None:
        """Let the button of this key say that its value is on the clipboard."""
        self._requests.mark_copied(Target(appid, kind))

    # -- actions -----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Filter by what is typed anywhere on the page."""
        modifiers = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        is_text = event.text().isprintable() and bool(event.text().strip())
        if is_text and not modifiers and self._filter_row.isVisible():
            self._filter_field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._filter_field.setText(self._filter_field.text() + event.text())
        else:
            super().keyPressEvent(event)

    @property
    def _focused_target(self) -> Target | None:
        """Return the account or key that has the keyboard focus; None if it is elsewhere."""
        widget = QApplication.focusWidget()
        while widget is not None and widget is not self:
            if isinstance(widget, KeyRow | KeyPanel | AccountCard | SingleAccountView):
                return widget.target
            widget = widget.parentWidget()
        return None

    def _on_shortcut(self, action: AccountAction) -> None:
        target = self._focused_target
        if target is None and action is AccountAction.REFRESH and self._current_account.appid:
            target = Target(self._current_account.appid)
        if target is not None:
            self._perform(target, action)

    @Slot(object, QPoint)
    def _open_menu(self, target: Target, position: QPoint) -> None:
        status = self._controller.overview().account(target.appid)
        if status is not None:
            menu = AccountMenu(target, status.account, self._requests, self)
            menu.add_copy_as(self._controller.copies)
            menu.popup(position)

    @Slot(object, object)
    def _perform(self, target: Target, action: AccountAction) -> None:
        status = self._controller.overview().account(target.appid)
        if status is None:
            return
        account, kind = status.account, target.kind
        perform: dict[AccountAction, Callable[[], object]] = {
            AccountAction.COPY: lambda: self._controller.copies.request(account.appid, kind or TokenKind.ACCESS_TOKEN),
            AccountAction.REFRESH: lambda: self._controller.refresh(account.appid, kind),
            AccountAction.SIGN: lambda: self.sign_requested.emit(account.appid),
            AccountAction.CHECK_TOKEN: lambda: self.token_check_requested.emit(account),
            AccountAction.ADDRESS: lambda: self.address_requested.emit(account),
            AccountAction.FORCE: lambda: self.force_requested.emit(account.appid),
            AccountAction.COPY_APPID: lambda: self.text_copy_requested.emit(account.appid),
            AccountAction.HISTORY: lambda: self.history_requested.emit(account.appid),
            AccountAction.EDIT: lambda: self.edit_requested.emit(account),
            AccountAction.SHARE: lambda: self.share_requested.emit(account),
            AccountAction.OPEN_FOLDER: lambda: self.folder_requested.emit(account),
            AccountAction.REMOVE: lambda: self.remove_requested.emit(account),
        }
        perform[action]()

    @Slot(object, object)
    def _on_notice_action_requested(self, notice: AccountNotice, action: NoticeAction) -> None:
        """Do what the button of a notice says; the notice has what the button needs."""
        account, entry = notice.account, notice.entry
        is_foreign = notice.kind is NoticeKind.FOREIGN_WRITES
        controller = self._controller
        perform: dict[NoticeAction, Callable[[], object]] = {
            NoticeAction.COPY_IP: lambda: self.text_copy_requested.emit(entry.ip if entry else ""),
            NoticeAction.OPEN_CONSOLE: lambda: QDesktopServices.openUrl(QUrl(notice.console_url or "")),
            NoticeAction.RETRY: lambda: controller.refresh(account.appid),
            NoticeAction.API_QUOTA: lambda: self.quota_query_requested.emit(account.appid),
            NoticeAction.HOW_TO_FIX: lambda: self.errcode_help_requested.emit(entry.errcode if entry else 0),
            NoticeAction.NEW_TOKEN: lambda: self._replace_superseded_token(account.appid),
            NoticeAction.USE_STABLE_TOKEN: lambda: self.stable_token_requested.emit(account),
            NoticeAction.COPY_NODE_LOADER: lambda: self.node_loader_requested.emit(account, notice.token_kind),
            NoticeAction.SHARING: lambda: self.share_requested.emit(account),
            NoticeAction.EDIT_EXPORTS: lambda: self.edit_requested.emit(account),
            NoticeAction.DISMISS: lambda: (
                controller.dismiss_foreign_writes(account.appid)
                if is_foreign
                else controller.dismiss_superseded(account.appid)
            ),
        }
        perform[action]()

    def _replace_superseded_token(self, appid: str) -> None:
        self._controller.dismiss_superseded(appid)
        self._controller.refresh(appid)
