"""Page that shows all accounts with their tokens and tickets, and the actions on them."""

from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTreeView, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.status import KeyStatus, Overview
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.tokens.delegate import RowButton, TokenDelegate
from guarddog_gui.ui.tokens.model import AccountFilterModel, AccountStatusRole, KeyStatusRole, TokenColumn, TokensModel
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.page import Page, SearchField
from guarddog_gui.ui.widgets.tables import ROWS_MEASURED, PaddedHeader

FIT_DELAY_MS = 300  # between a change of the rows and the new widths of the columns


class TokensPage(Page):
    """Page that copies and refreshes by itself, and requests from the window what needs a dialog."""

    force_requested = Signal(str)  # appid
    edit_requested = Signal(object)  # Account
    remove_requested = Signal(object)  # Account
    history_requested = Signal(str)  # appid
    token_check_requested = Signal(object)  # Account

    def __init__(self, controller: Controller, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._formatter = formatter
        self._model = TokensModel(formatter, self)
        self._proxy_model = AccountFilterModel(self)
        self._proxy_model.setSourceModel(self._model)
        self._filter_field = SearchField()
        self._filter_field.textChanged.connect(self._on_filter_changed)
        self._fit_timer = QTimer(self, singleShot=True, interval=FIT_DELAY_MS)
        self._fit_timer.timeout.connect(self._fit_columns)
        self._view = self._make_view()
        self._countdown_timer = QTimer(self, interval=1000)
        self._countdown_timer.setObjectName("countdown-timer")
        self._countdown_timer.timeout.connect(self.update_countdowns)
        self._make_actions()
        self.setLayout(make_column(self._filter_field, self._view, margin=16))
        controller.overview_changed.connect(self._on_overview_changed)
        self.retranslate()
        self._model.set_overview(controller.overview())

    def _make_view(self) -> QTreeView:
        view = QTreeView()
        view.setHeader(PaddedHeader())
        view.setModel(self._proxy_model)
        # connected after setModel, so that the view has handled the reset before
        self._proxy_model.modelReset.connect(self._on_model_reset)
        self._proxy_model.dataChanged.connect(self._schedule_fit)
        delegate = TokenDelegate(self._formatter.icons, view)
        delegate.button_clicked.connect(self._on_button_clicked)
        view.setItemDelegate(delegate)
        view.setUniformRowHeights(True)
        view.setRootIsDecorated(False)
        view.setIndentation(16)
        view.setExpandsOnDoubleClick(False)
        view.setItemsExpandable(False)
        view.setMouseTracking(True)
        view.setSortingEnabled(True)
        view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setDragEnabled(True)
        view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._on_context_menu_requested)
        view.doubleClicked.connect(self._on_double_clicked)
        header = view.header()
        header.setSectionsClickable(True)
        header.setStretchLastSection(False)
        # not ResizeToContents: with each changed row Qt would measure all columns anew, some 25 ms each time
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(TokenColumn.STATE, QHeaderView.ResizeMode.Stretch)
        header.setResizeContentsPrecision(ROWS_MEASURED)
        return view

    @Slot()
    def _on_model_reset(self) -> None:
        self._view.expandAll()
        self._fit_columns()

    @Slot()
    def _fit_columns(self) -> None:
        """Give each column the width of its contents; the state takes the rest."""
        self._fit_timer.stop()
        for column in TokenColumn:
            if column is not TokenColumn.STATE:
                self._view.resizeColumnToContents(column)

    @Slot()
    def _schedule_fit(self) -> None:
        """Measure the columns in a moment, once for all rows that change until then."""
        if not self._fit_timer.isActive():
            self._fit_timer.start()

    def _make_actions(self) -> None:
        keys = QKeySequence.StandardKey
        self._copy_action = self._add_action(self._on_copy, keys.Copy, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        self._refresh_action = self._add_action(self._on_refresh, Qt.Key.Key_F5)
        self._force_action = self._add_action(partial(self._request_for_appid, self.force_requested))
        self._edit_action = self._add_action(partial(self._request_for_account, self.edit_requested), Qt.Key.Key_F2)
        self._remove_action = self._add_action(partial(self._request_for_account, self.remove_requested), keys.Delete)
        self._history_action = self._add_action(partial(self._request_for_appid, self.history_requested))
        self._token_check_action = self._add_action(partial(self._request_for_account, self.token_check_requested))
        # F5 works in the whole window; the other shortcuts only while the page has the focus
        self._refresh_action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.set_focus_widgets(self._view, self._filter_field)

    def _add_action(self, slot: object, *keys: QKeySequence.StandardKey | Qt.Key) -> QAction:
        action = QAction(self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(slot)
        self.addAction(action)
        return action

    def retranslate(self) -> None:
        self._filter_field.setPlaceholderText(self.tr("Filter by name or AppID"))
        self._filter_field.setAccessibleName(self.tr("Filter accounts"))
        self._view.setAccessibleName(self.tr("Accounts and their tokens"))
        self._copy_action.setText(self.tr("Copy"))
        self._refresh_action.setText(self.tr("Refresh now"))
        self._force_action.setText(self.tr("Force a new token…"))
        self._edit_action.setText(self.tr("Edit account…"))
        self._remove_action.setText(self.tr("Remove account…"))
        self._history_action.setText(self.tr("Show history"))
        self._token_check_action.setText(self.tr("Check this token"))
        self._model.retranslate()

    @Slot(object)
    def _on_overview_changed(self, overview: Overview) -> None:
        if self.isVisible():
            self._model.set_overview(overview)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._model.set_overview(self._controller.overview())
        self._fit_columns()
        self._countdown_timer.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._schedule_fit()  # the width that a name may take depends on that of the page

    def hideEvent(self, event: QHideEvent) -> None:
        self._countdown_timer.stop()
        super().hideEvent(event)

    @Slot()
    def update_countdowns(self) -> None:
        self._model.set_overview(self._controller.overview())
        self._view.viewport().update()

    @Slot(str)
    def _on_filter_changed(self, text: str) -> None:
        self._proxy_model.setFilterFixedString(text.strip())
        self._view.expandAll()

    def _selected_rows(self) -> list[tuple[Account, KeyStatus | None]]:
        """Return the selected rows, or the current one; a row without a value is that of its account."""
        indexes = self._view.selectionModel().selectedRows(TokenColumn.NAME)
        if not indexes and self._view.currentIndex().isValid():
            indexes = [self._view.currentIndex()]
        return [(index.data(AccountStatusRole).account, index.data(KeyStatusRole)) for index in indexes]

    @Slot()
    def _on_copy(self) -> None:
        for account, key in self._selected_rows()[:1]:
            self._controller.copies.request(account.appid, key.kind if key is not None else TokenKind.ACCESS_TOKEN)

    @Slot()
    def _on_refresh(self) -> None:
        for account, key in self._selected_rows():
            self._controller.refresh(account.appid, key.kind if key is not None else None)

    def _request_for_account(self, signal: SignalInstance) -> None:
        for account, _ in self._selected_rows()[:1]:
            signal.emit(account)

    def _request_for_appid(self, signal: SignalInstance) -> None:
        for account, _ in self._selected_rows()[:1]:
            signal.emit(account.appid)

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        if index.data(KeyStatusRole) is None:
            self._edit_action.trigger()
        else:
            self._on_copy()

    @Slot(QModelIndex, int)
    def _on_button_clicked(self, index: QModelIndex, button: int) -> None:
        self._view.setCurrentIndex(index.siblingAtColumn(TokenColumn.NAME))
        match RowButton(button):
            case RowButton.COPY if index.data(KeyStatusRole) is not None:
                self._on_copy()
            case RowButton.REFRESH:
                self._on_refresh()
            case RowButton.MORE:
                self._open_context_menu(self._view.viewport().mapToGlobal(self._view.visualRect(index).bottomLeft()))

    @Slot(QPoint)
    def _on_context_menu_requested(self, point: QPoint) -> None:
        if self._view.indexAt(point).isValid():
            self._open_context_menu(self._view.viewport().mapToGlobal(point))

    def _open_context_menu(self, global_position: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self._copy_action, self._refresh_action, self._token_check_action, self._force_action])
        menu.addSeparator()
        menu.addActions([self._history_action, self._edit_action, self._remove_action])
        menu.popup(global_position)
