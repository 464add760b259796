"""Card with the calls to choose from: the catalogue with search, the favourites, and the calls of the account."""

from enum import StrEnum
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListView,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from guarddog_gui.domain.accounts.account import Platform
from guarddog_gui.domain.api.call_log import LoggedCall
from guarddog_gui.runtime.window.api_jobs import ConsoleData
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.model_index import DISPLAY_ROLE, FIRST_CUSTOM_ROLE, Index
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import CAPTION, SMALL, code_font, scaled_font
from guarddog_gui.ui.style.shapes import CONTROL_RADIUS, draw_focus_ring, fill_rounded
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.controls.combo_boxes import make_choice_combo, set_item_texts
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.page import SearchField
from guarddog_gui.ui.widgets.text.plain_text import plain_tooltip

WIDTH_MIN, WIDTH = 208, 264
_ROW_PADDING = 8
RowRole = FIRST_CUSTOM_ROLE  # CallRow


class CallSource(StrEnum):
    """Where the calls of the list come from."""

    CATALOGUE = "catalogue"
    FAVOURITES = "favourites"
    HISTORY = "history"


class CallRow(Struct, frozen=True):
    """One row; a heading has no path."""

    title: str
    method: str = ""
    path: str = ""
    detail: str = ""
    is_bad: bool = False


class CallListModel(QAbstractListModel):
    """Model of the rows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[CallRow, ...] = ()

    def set_rows(self, rows: tuple[CallRow, ...]) -> None:
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self._rows[index.row()]
        is_call = bool(row.path)
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if is_call else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = DISPLAY_ROLE) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return " ".join(filter(None, (row.title, row.method, row.path, row.detail)))
            case Qt.ItemDataRole.ToolTipRole if row.path:
                return plain_tooltip(f"{row.title}\n{row.method} {row.path}".strip())
            case int() if role == RowRole:
                return row
            case _:
                return None


class _CallDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: CallRow = index.data(RowRole)
        lines = 2 if row.path else 1
        return QSize(80, lines * option.fontMetrics.height() + 2 * _ROW_PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, rect = colours_of(option.palette), option.rect.adjusted(2, 1, -2, -1)
        row: CallRow = index.data(RowRole)
        inner = rect.adjusted(_ROW_PADDING, _ROW_PADDING - 2, -_ROW_PADDING, 2 - _ROW_PADDING)
        elide = Qt.TextElideMode.ElideMiddle
        if not row.path:
            painter.setFont(scaled_font(option.font, CAPTION, QFont.Weight.DemiBold))
            painter.setPen(colours.faint)
            bottom = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
            painter.drawText(inner, bottom, painter.fontMetrics().elidedText(row.title, elide, inner.width()))
            return
        if option.state & QStyle.StateFlag.State_Selected:
            fill_rounded(painter, rect, CONTROL_RADIUS, colours.accent_tint)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            fill_rounded(painter, rect, CONTROL_RADIUS, colours.hover)
        top = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        painter.setFont(option.font)
        painter.setPen(colours.ink)
        painter.drawText(inner, top, painter.fontMetrics().elidedText(row.title, elide, inner.width()))
        bottom = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        font = scaled_font(option.font, SMALL) if row.detail else code_font(option.font, CAPTION)
        painter.setFont(font)
        painter.setPen(colours.bad if row.is_bad else colours.dim)
        below = row.detail or f"{row.method} {row.path}"
        painter.drawText(inner, bottom, painter.fontMetrics().elidedText(below, elide, inner.width()))
        if option.state & QStyle.StateFlag.State_HasFocus:
            draw_focus_ring(painter, rect, CONTROL_RADIUS, colours.accent)


class CallList(Card):
    """Card with a field to search, the choice of the source, and the list."""

    call_chosen = Signal(str, str)  # method and path
    forget_requested = Signal()

    def __init__(self, formatter: Formatter) -> None:
        super().__init__()
        self._formatter = formatter
        self._data: ConsoleData | None = None
        self._platform: Platform | None = None
        self.search_field = SearchField()
        self._source_combo = make_choice_combo(tuple(CallSource))
        self._model = CallListModel(self)
        self.view = QListView()
        self.view.setModel(self._model)
        self.view.setItemDelegate(_CallDelegate(self.view))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setMouseTracking(True)
        self.view.setUniformItemSizes(False)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.viewport().setAutoFillBackground(False)
        self._empty_label = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._empty_label.setObjectName("calls-empty")
        self._empty_label.hide()
        self._forget_button = QPushButton(autoDefault=False)
        self._forget_button.hide()
        column = make_column(
            self._source_combo, self.search_field, self._empty_label, (self.view, 1), self._forget_button, margin=12
        )
        self.setLayout(column)
        self.setMinimumWidth(WIDTH_MIN)
        self.setMaximumWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.search_field.textChanged.connect(self._show_rows)
        self._source_combo.currentIndexChanged.connect(self._show_rows)
        self.view.clicked.connect(self._on_row_chosen)
        self.view.activated.connect(self._on_row_chosen)
        self._forget_button.clicked.connect(self.forget_requested)
        self.retranslate()

    def retranslate(self) -> None:
        self.search_field.setPlaceholderText(self.tr("Search the calls"))
        self.search_field.setAccessibleName(self.tr("Search the calls"))
        self.view.setAccessibleName(self.tr("Calls"))
        set_item_texts(self._source_combo, (self.tr("Common calls"), self.tr("Favourites"), self.tr("History")))
        self._source_combo.setAccessibleName(self.tr("Which calls are listed"))
        self._forget_button.setText(self.tr("Forget these calls"))
        self._show_rows()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, super().sizeHint().height())

    @property
    def source(self) -> CallSource:
        return CallSource(self._source_combo.currentData())

    def show_source(self, source: CallSource) -> None:
        self._source_combo.setCurrentIndex(self._source_combo.findData(source.value))

    def show_calls(self, data: ConsoleData | None, platform: Platform | None) -> None:
        """Show the calls for an account of this platform; None while they are loaded."""
        self._data, self._platform = data, platform
        self._show_rows()

    @Slot()
    def _show_rows(self) -> None:
        rows = () if self._data is None else self._rows(self._data)
        self._model.set_rows(rows)
        is_empty = self._data is not None and not rows
        self._empty_label.setVisible(is_empty)
        self._empty_label.setText(self._empty_text() if is_empty else "")
        self._forget_button.setVisible(self.source is CallSource.HISTORY and bool(rows))

    def _empty_text(self) -> str:
        if self.search_field.text().strip():
            return self.tr("No call has these words. Enter its method and path at the right: any call works.")
        if self.source is CallSource.FAVOURITES:
            return self.tr("No favourites yet. The star beside the path keeps a call here.")
        return self.tr("Nothing has been called for this account yet. Values, bodies and tokens are never kept.")

    def _rows(self, data: ConsoleData) -> tuple[CallRow, ...]:
        text = self.search_field.text()
        if self.source is CallSource.CATALOGUE:
            return self._catalogue_rows(data, text)
        language = self._formatter.messages.message_catalog.language
        if self.source is CallSource.FAVOURITES:
            rows = []
            for method, path in data.favourites:
                known = data.catalogue.find(method, path)
                rows.append(CallRow(path if known is None else known.title(language), method, path))
        else:
            rows = [self._history_row(call) for call in data.calls]
        words = text.casefold().split()
        return tuple(row for row in rows if all(word in f"{row.title} {row.path}".casefold() for word in words))

    def _catalogue_rows(self, data: ConsoleData, text: str) -> tuple[CallRow, ...]:
        language = self._formatter.messages.message_catalog.language
        rows: list[CallRow] = []
        for group in data.catalogue.search(text, self._platform):
            rows.append(CallRow(group.name(language)))
            rows += [CallRow(call.title(language), call.method.value, call.path) for call in group.calls]
        return tuple(rows)

    def _history_row(self, call: LoggedCall) -> CallRow:
        result = call.failure or (str(call.status or "") if call.errcode is None else str(call.errcode))
        detail = " · ".join((self._formatter.format_time(call.at), call.method, result, f"{call.took_ms} ms"))
        is_bad = bool(call.failure or call.errcode)
        return CallRow(call.path, call.method, call.path, detail, is_bad)

    @Slot(QModelIndex)
    def _on_row_chosen(self, index: QModelIndex) -> None:
        row: CallRow | None = index.data(RowRole)
        if row is not None and row.path:
            self.call_chosen.emit(row.method, row.path)
