"""List of accounts in the rail: groups, tiles, environments and states; drag changes the order."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QAbstractListModel, QEvent, QMimeData, QModelIndex, QObject, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QHelpEvent, QKeyEvent, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from guarddog_gui.domain.refresh.status import AccountStatus, Overview
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.model_index import DISPLAY_ROLE, FIRST_CUSTOM_ROLE, Index
from guarddog_gui.ui.style.account_marks import badge_size, environment_colours, paint_badge, paint_dot, paint_tile
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import CAPTION, scaled_font
from guarddog_gui.ui.style.shapes import CONTROL_RADIUS, draw_focus_ring, fill_rounded
from guarddog_gui.ui.style.state_colours import state_colour
from guarddog_gui.ui.style.theme import is_dark
from guarddog_gui.ui.widgets.text.plain_text import plain_tooltip

ROW_HEIGHT = 34
TILE_SIZE = 20
PADDING = 10
StatusRole = FIRST_CUSTOM_ROLE  # AccountStatus; None for the heading of a group
_MIME_TYPE = "application/x-guarddog-appid"


class _Row(Struct, frozen=True):
    """Heading of a group, or an account."""

    group: str
    status: AccountStatus | None = None


class AccountListModel(QAbstractListModel):
    """Accounts in the user's order, those of a group under its heading; accounts without a group come first."""

    order_changed = Signal(object)  # tuple of appids

    def __init__(self, formatter: Formatter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._rows: tuple[_Row, ...] = ()

    def set_overview(self, overview: Overview) -> None:
        """Show the accounts; the model is reset only if names, order or groups differ."""
        rows = _rows_of(overview.accounts)
        same = [_identity(row) for row in rows] == [_identity(row) for row in self._rows]
        if not same:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        before, self._rows = self._rows, rows
        for number, (old, new) in enumerate(zip(before, rows, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(number), self.index(number))

    def row_of(self, appid: str) -> int:
        """Return the row of an account, -1 for an unknown one."""
        for number, row in enumerate(self._rows):
            if row.status is not None and row.status.account.appid == appid:
                return number
        return -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = DISPLAY_ROLE) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == StatusRole:
            return row.status
        if role == DISPLAY_ROLE:
            return row.group if row.status is None else row.status.account.name
        if row.status is None:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._formatter.account_accessible_text(row.status)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        if self._rows[index.row()].status is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    # -- order by drag and drop ---------------------------------------------------------------------

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 - Qt's own name
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's own name
        return [_MIME_TYPE]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        statuses = [self._rows[index.row()].status for index in indexes]
        appids = [status.account.appid for status in statuses if status is not None]
        data.setData(_MIME_TYPE, "\n".join(appids).encode())
        return data

    def dropMimeData(  # noqa: N802 - Qt's own name
        self, data: QMimeData, _action: Qt.DropAction, row: int, _column: int, parent: Index
    ) -> bool:
        """Emit the new order; the model changes when the list of accounts does."""
        appid = bytes(data.data(_MIME_TYPE).data()).decode()
        target = row if row >= 0 else parent.row() if parent.isValid() else len(self._rows)
        before = [r.status.account.appid for r in self._rows[:target] if r.status is not None]
        after = [r.status.account.appid for r in self._rows[target:] if r.status is not None]
        if appid not in (*before, *after):
            return False
        order = (*(a for a in before if a != appid), appid, *(a for a in after if a != appid))
        if order != tuple(a for a in (*before, *after)):
            self.order_changed.emit(order)
        return False  # else the view removes the row that was dragged


def _rows_of(accounts: tuple[AccountStatus, ...]) -> tuple[_Row, ...]:
    rows = [_Row("", status) for status in accounts if not status.account.group]
    groups = dict.fromkeys(status.account.group for status in accounts if status.account.group)
    for group in groups:
        rows.append(_Row(group))
        rows += [_Row(group, status) for status in accounts if status.account.group == group]
    return tuple(rows)


def _identity(row: _Row) -> tuple[str, str]:
    return row.group, row.status.account.appid if row.status is not None else ""


class _AccountDelegate(QStyledItemDelegate):
    """Paint tile, name, environment and state of an account; in a narrow rail only the tile and the state."""

    def __init__(self, formatter: Formatter, view: "AccountList") -> None:
        super().__init__(view)
        self._formatter = formatter
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(TILE_SIZE, max(ROW_HEIGHT, option.fontMetrics.height() + 14))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        status: AccountStatus | None = index.data(StatusRole)
        colours = colours_of(option.palette)
        rect = option.rect
        if status is None:
            if not self._view.is_compact:
                painter.setFont(scaled_font(option.font, CAPTION, QFont.Weight.DemiBold))
                painter.setPen(colours.faint)
                text_rect = rect.adjusted(PADDING, 0, -PADDING, 0)
                text = option.fontMetrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, text_rect.width())
                painter.drawText(text_rect, Qt.AlignmentFlag.AlignVCenter, text)
            return
        if option.state & QStyle.StateFlag.State_Selected:
            fill_rounded(painter, rect, CONTROL_RADIUS, colours.card, colours.line)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            fill_rounded(painter, rect, CONTROL_RADIUS, colours.hover)
        left = rect.left() + (PADDING if not self._view.is_compact else (rect.width() - TILE_SIZE) // 2)
        tile = QRect(left, rect.center().y() - TILE_SIZE // 2 + 1, TILE_SIZE, TILE_SIZE)
        paint_tile(painter, tile, status.account)
        dark = is_dark(option.palette)
        dot_colour = state_colour(self._formatter.account_display_state(status), dark=dark)
        if self._view.is_compact:
            paint_dot(painter, tile.right() + 1, tile.top() + 2, dot_colour)
        else:
            paint_dot(painter, rect.right() - PADDING - 4, rect.center().y() + 1, dot_colour)
            self._paint_name(painter, option, status, tile.right() + 9)
        if option.state & QStyle.StateFlag.State_HasFocus:
            draw_focus_ring(painter, rect, CONTROL_RADIUS, colours.accent)

    def _paint_name(self, painter: QPainter, option: QStyleOptionViewItem, status: AccountStatus, left: int) -> None:
        colours, rect = colours_of(option.palette), option.rect
        right = rect.right() - PADDING - 16
        badge = self._formatter.environment_badge(status.account.environment)
        painter.setFont(option.font)
        if badge:
            size = badge_size(badge, option.font)
            badge_rect = QRect(
                right - size.width(), rect.center().y() - size.height() // 2 + 1, size.width(), size.height()
            )
            paint_badge(painter, badge_rect, badge, *environment_colours(status.account.environment, colours))
            right = badge_rect.left() - 8
        painter.setPen(option.palette.color(QPalette.ColorRole.WindowText))
        name_rect = QRect(left, rect.top(), right - left, rect.height())
        name = option.fontMetrics.elidedText(status.account.name, Qt.TextElideMode.ElideMiddle, name_rect.width())
        painter.drawText(name_rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, name)

    def helpEvent(  # noqa: N802 - Qt's own name
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        status: AccountStatus | None = index.data(StatusRole)
        if status is not None and event.type() is QEvent.Type.ToolTip:
            view.setToolTip(plain_tooltip(self._formatter.account_tooltip(status)))
        return super().helpEvent(event, view, option, index)


class AccountList(QListView):
    """Accounts below the pages: a click chooses the current account, a double click edits it.

    The keys of the cards act on the chosen account here, too.
    """

    account_chosen = Signal(str)
    edit_requested = Signal(str)
    remove_requested = Signal(str)
    token_copy_requested = Signal(str)
    order_changed = Signal(object)  # tuple of appids

    def __init__(self, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_compact = False
        self._model = AccountListModel(formatter, self)
        self.setModel(self._model)
        self.setItemDelegate(_AccountDelegate(formatter, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._model.order_changed.connect(self.order_changed)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.doubleClicked.connect(self._on_double_clicked)

    def set_compact(self, *, compact: bool) -> None:
        self.is_compact = compact
        policies = Qt.ScrollBarPolicy  # a bar would cover half of each tile
        self.setVerticalScrollBarPolicy(policies.ScrollBarAlwaysOff if compact else policies.ScrollBarAsNeeded)
        self.viewport().update()

    def show_overview(self, overview: Overview, current_appid: str) -> None:
        self._model.set_overview(overview)
        self.choose(current_appid)

    def choose(self, appid: str) -> None:
        """Select an account without emitting `account_chosen`."""
        row = self._model.row_of(appid)
        index = self._model.index(row) if row >= 0 else QModelIndex()
        if index != self.currentIndex():
            self.selectionModel().blockSignals(True)
            self.setCurrentIndex(index)
            self.selectionModel().blockSignals(False)
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        status: AccountStatus | None = self.currentIndex().data(StatusRole)
        signal = None
        if event.matches(QKeySequence.StandardKey.Copy):  # the view itself would copy the text of the row
            signal = self.token_copy_requested
        elif event.matches(QKeySequence.StandardKey.Delete):
            signal = self.remove_requested
        elif event.key() == Qt.Key.Key_F2 and not event.modifiers():
            signal = self.edit_requested
        if signal is None:
            super().keyPressEvent(event)
        elif status is not None:
            signal.emit(status.account.appid)

    @Slot()
    def _on_current_changed(self) -> None:
        status: AccountStatus | None = self.currentIndex().data(StatusRole)
        if status is not None:
            self.account_chosen.emit(status.account.appid)

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        status: AccountStatus | None = index.data(StatusRole)
        if status is not None:
            self.edit_requested.emit(status.account.appid)
