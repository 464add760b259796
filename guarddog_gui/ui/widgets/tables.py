"""Tables with padded cells: their delegate, their header, and the measures that all of them share."""

from PySide6.QtCore import QAbstractItemModel, QObject, QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from guarddog_gui.ui.model_index import Index

CELL_PADDING = 8
HEADER_HEIGHT = 32
ROW_HEIGHT = 36
ROWS_MEASURED = 20  # rows that decide the width of a column; measuring all of them blocks the window

# A column of names given by the user takes at most a third of the width that the other columns leave free.
OTHER_COLUMNS_WIDTH = 420
NAME_COLUMN_WIDTH_MIN = 64
_STYLE_TEXT_MARGIN = 3  # pixels that styles leave before the text of a cell


class PaddedDelegate(QStyledItemDelegate):
    """Paint cells like the style, with `padding` pixels at the left and right.

    Texts in `name_column` can have any length; their width is limited to keep the other columns readable.
    """

    def __init__(self, parent: QObject, padding: int = CELL_PADDING, name_column: int | None = None) -> None:
        super().__init__(parent)
        self._padding = padding
        self._name_column = name_column

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index) + QSize(2 * self._padding, 0)
        view = option.widget
        if self.is_name_cell(index) and isinstance(view, QAbstractItemView):
            width_max = max(NAME_COLUMN_WIDTH_MIN, (view.viewport().width() - OTHER_COLUMNS_WIDTH) // 3)
            size.setWidth(min(size.width(), width_max))
        return size

    def is_name_cell(self, index: Index) -> bool:
        """Return whether the cell contains a name given by the user, which can be long."""
        return index.column() == self._name_column

    def padded_option(self, option: QStyleOptionViewItem) -> QStyleOptionViewItem:
        inner = QStyleOptionViewItem(option)
        inner.rect = option.rect.adjusted(self._padding, 0, -self._padding, 0)
        return inner

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if option.state & QStyle.StateFlag.State_Selected:
            active = option.state & QStyle.StateFlag.State_Active
            group = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
            painter.fillRect(option.rect, option.palette.brush(group, QPalette.ColorRole.Highlight))
        super().paint(painter, self.padded_option(option), index)


class PaddedHeader(QHeaderView):
    """Flat header whose texts are aligned with the padded cells."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def sectionSizeFromContents(self, section: int) -> QSize:  # noqa: N802 - Qt's own name
        text = self.fontMetrics().size(0, self._section_text(section))
        return QSize(text.width() + 2 * CELL_PADDING + 8, max(text.height() + CELL_PADDING, HEADER_HEIGHT))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802 - Qt's own name
        palette = self.palette()
        painter.save()
        painter.fillRect(rect, palette.window())
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        margin = CELL_PADDING + _STYLE_TEXT_MARGIN
        inner = rect.adjusted(margin, 0, -margin, 0)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        text = self.fontMetrics().elidedText(self._section_text(section), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, self._section_alignment(section), text)
        painter.restore()

    def _section_text(self, section: int) -> str:
        return str(self.model().headerData(section, self.orientation()) or "")

    def _section_alignment(self, section: int) -> int:
        role = Qt.ItemDataRole.TextAlignmentRole
        alignment = self.model().headerData(section, self.orientation(), role)
        return int(alignment) if alignment is not None else self.defaultAlignment().value


class RowTable(QTableView):
    """Table in which the user selects one whole row, as in the history and the errcodes.

    `stretched_column` takes the remaining width; `name_column` has texts of any length and a limited width.
    """

    def __init__(self, model: QAbstractItemModel, stretched_column: int, name_column: int | None = None) -> None:
        super().__init__()
        self.setHorizontalHeader(PaddedHeader())
        self.setItemDelegate(PaddedDelegate(self, name_column=name_column))
        self.setModel(model)
        self.selectionModel().currentRowChanged.connect(self._on_current_row_changed)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT - 8)
        header = self.horizontalHeader()
        header.setResizeContentsPrecision(ROWS_MEASURED)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(stretched_column, QHeaderView.ResizeMode.Stretch)

    @Slot()
    def _on_current_row_changed(self) -> None:
        QTimer.singleShot(0, self, self._scroll_to_current_row)

    @Slot()
    def _scroll_to_current_row(self) -> None:
        """Scroll to the selected row, which a longer explanation below may have covered."""
        self.scrollTo(self.currentIndex())
