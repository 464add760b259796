"""The page that is open all day: every account, every key, its state, and what can be done with it."""

from PySide6.QtCore import QModelIndex, QPoint, QSortFilterProxyModel, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.status import KeyStatus, Overview
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Voice
from guarddog_gui.ui.tokens.delegate import RowButton, TokenRows
from guarddog_gui.ui.tokens.model import (
    AccountRole,
    Column,
    FilterRole,
    Index,
    KeyRole,
    SortRole,
    TokensModel,
)
from guarddog_gui.ui.widgets.padded_delegate import PaddedHeader
from guarddog_gui.ui.widgets.page import Page
from guarddog_gui.ui.widgets.search_field import SearchField


class TokensPage(Page):
    """Copies, refreshes and forces by itself; what needs a dialog is asked of the window."""

    force_wanted = Signal(str)  # appid
    edit_wanted = Signal(object)  # Account
    remove_wanted = Signal(object)  # Account
    history_wanted = Signal(str)  # appid
    check_wanted = Signal(object)  # Account whose token is to be tried

    def __init__(self, controller: Controller, voice: Voice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._voice = voice
        self._model = TokensModel(voice, self)
        self._sorted = _AccountFilter(self)
        self._sorted.setSourceModel(self._model)
        self._filter = SearchField()
        self._filter.textChanged.connect(self._on_filter)
        self._view = self._make_view()
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._on_second)
        self._make_actions()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self._filter)
        layout.addWidget(self._view)
        controller.changed.connect(self._on_changed)
        self.retranslate()
        self._show(controller.overview())

    def _make_view(self) -> QTreeView:
        view = QTreeView()
        view.setHeader(PaddedHeader())
        view.setModel(self._sorted)
        self._sorted.modelReset.connect(view.expandAll)  # after the view's own: connected after setModel
        rows = TokenRows(self._voice.icons, view)
        rows.pressed.connect(self._on_button)
        view.setItemDelegate(rows)
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
        view.customContextMenuRequested.connect(self._on_context_menu)
        view.doubleClicked.connect(self._on_double_click)
        header = view.header()
        header.setSectionsClickable(True)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(Column.STATE, QHeaderView.ResizeMode.Stretch)
        header.setResizeContentsPrecision(50)  # rows looked at to find a width; all of 2,000 would stall
        return view

    def _make_actions(self) -> None:
        self._copy = self._action(QKeySequence(QKeySequence.StandardKey.Copy), self._on_copy)
        self._copy.setShortcuts(
            [
                QKeySequence(QKeySequence.StandardKey.Copy),
                QKeySequence(Qt.Key.Key_Return),
                QKeySequence(Qt.Key.Key_Enter),
            ]
        )
        self._refresh = self._action(QKeySequence(Qt.Key.Key_F5), self._on_refresh)
        self._force = self._action(QKeySequence(), self._on_force)
        self._edit = self._action(QKeySequence(Qt.Key.Key_F2), self._on_edit)
        self._remove = self._action(QKeySequence(QKeySequence.StandardKey.Delete), self._on_remove)
        self._history = self._action(QKeySequence(), self._on_history)
        self._check = self._action(QKeySequence(), self._on_check)
        # like Ctrl+F from anywhere in the window; the others only where a row may be meant
        self._refresh.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.lead(self._view, self._filter)

    def _action(self, keys: QKeySequence, slot: object) -> QAction:
        action = QAction(self)
        action.setShortcut(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(slot)
        self.addAction(action)
        return action

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        self._filter.setPlaceholderText(self.tr("Filter by name or AppID"))
        self._filter.setAccessibleName(self.tr("Filter accounts"))
        self._view.setAccessibleName(self.tr("Accounts and their tokens"))
        self._copy.setText(self.tr("Copy"))
        self._refresh.setText(self.tr("Refresh now"))
        self._force.setText(self.tr("Force a new token…"))
        self._edit.setText(self.tr("Edit account…"))
        self._remove.setText(self.tr("Remove account…"))
        self._history.setText(self.tr("Show history"))
        self._check.setText(self.tr("Check this token"))
        self._model.retranslate()

    # -- showing ----------------------------------------------------------------------------------

    @Slot(object)
    def _on_changed(self, overview: Overview) -> None:
        if self.isVisible():
            self._show(overview)

    def _show(self, overview: Overview) -> None:
        self._model.show(overview)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show(self._controller.overview())
        self._second.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._second.stop()
        super().hideEvent(event)

    @Slot()
    def _on_second(self) -> None:
        overview = self._controller.overview()
        self._model.show(overview)
        self._model.tick(overview.at)
        self._view.viewport().update()

    @Slot(str)
    def _on_filter(self, text: str) -> None:
        self._sorted.setFilterFixedString(text.strip())
        self._view.expandAll()

    # -- doing ------------------------------------------------------------------------------------

    def _chosen(self) -> list[tuple[Account, KeyStatus | None]]:
        """The selected rows, or the current one."""
        indexes = self._view.selectionModel().selectedRows(Column.NAME)
        if not indexes and self._view.currentIndex().isValid():
            indexes = [self._view.currentIndex()]
        return [(index.data(AccountRole).account, index.data(KeyRole)) for index in indexes]

    @Slot()
    def _on_copy(self) -> None:
        for account, key in self._chosen()[:1]:
            self._controller.copy(account.appid, key.kind if key is not None else TokenKind.ACCESS_TOKEN)

    @Slot()
    def _on_refresh(self) -> None:
        for account, key in self._chosen():
            self._controller.refresh(account.appid, key.kind if key is not None else None)

    @Slot()
    def _on_force(self) -> None:
        for account, _ in self._chosen()[:1]:
            self.force_wanted.emit(account.appid)

    @Slot()
    def _on_edit(self) -> None:
        for account, _ in self._chosen()[:1]:
            self.edit_wanted.emit(account)

    @Slot()
    def _on_remove(self) -> None:
        for account, _ in self._chosen()[:1]:
            self.remove_wanted.emit(account)

    @Slot()
    def _on_history(self) -> None:
        for account, _ in self._chosen()[:1]:
            self.history_wanted.emit(account.appid)

    @Slot()
    def _on_check(self) -> None:
        for account, _ in self._chosen()[:1]:
            self.check_wanted.emit(account)

    @Slot(QModelIndex)
    def _on_double_click(self, index: QModelIndex) -> None:
        if index.data(KeyRole) is None:
            self._on_edit()
        else:
            self._on_copy()

    @Slot(QModelIndex, int)
    def _on_button(self, index: QModelIndex, button: int) -> None:
        self._view.setCurrentIndex(index.siblingAtColumn(Column.NAME))
        match RowButton(button):
            case RowButton.COPY if index.data(KeyRole) is not None:
                self._on_copy()
            case RowButton.REFRESH:
                self._on_refresh()
            case RowButton.MORE:
                self._open_menu(self._view.viewport().mapToGlobal(self._view.visualRect(index).bottomLeft()))

    @Slot(QPoint)
    def _on_context_menu(self, point: QPoint) -> None:
        if self._view.indexAt(point).isValid():
            self._open_menu(self._view.viewport().mapToGlobal(point))

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self._copy, self._refresh, self._check, self._force])
        menu.addSeparator()
        menu.addActions([self._history, self._edit, self._remove])
        menu.popup(at)


class _AccountFilter(QSortFilterProxyModel):
    """Filters accounts; their keys go with them and keep their order."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFilterRole(FilterRole)
        self.setSortRole(SortRole)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def lessThan(self, left: Index, right: Index) -> bool:
        if left.parent().isValid():
            backwards = self.sortOrder() is Qt.SortOrder.DescendingOrder
            return (left.row() < right.row()) != backwards
        return bool(left.data(SortRole) < right.data(SortRole))
