"""Tables with room to breathe: cells and headers whose texts keep a distance from each other."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionHeader,
    QStyleOptionViewItem,
    QWidget,
)

CELL_PADDING = 8
HEADER_HEIGHT = 32
ROW_HEIGHT = 36

# names that people have given take at most a third of what a table has beyond the room of its other columns
OTHER_COLUMNS_WIDTH = 420
NAME_COLUMN_WIDTH_MIN = 64
SORT_ARROW_SIZE = 12

Index = QModelIndex | QPersistentModelIndex


class PaddedDelegate(QStyledItemDelegate):
    """Paints as the style does, `pad` pixels away from the left and right end of the cell.

    The column `names` has texts of any length, which must not take the room of what the others say.
    """

    def __init__(self, parent: QObject, padding: int = CELL_PADDING, name_column: int | None = None) -> None:
        super().__init__(parent)
        self._padding = padding
        self._name_column = name_column

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        wanted = super().sizeHint(option, index) + QSize(2 * self._padding, 0)
        view = option.widget
        if self.is_name_cell(index) and isinstance(view, QAbstractItemView):
            most = max(NAME_COLUMN_WIDTH_MIN, (view.viewport().width() - OTHER_COLUMNS_WIDTH) // 3)
            wanted.setWidth(min(wanted.width(), most))
        return wanted

    def is_name_cell(self, index: Index) -> bool:
        """Whether somebody has given this name: it can be as long as a line."""
        return index.column() == self._name_column

    def padded_option(self, option: QStyleOptionViewItem) -> QStyleOptionViewItem:
        """The option of a cell without its ends."""
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
    """A flat line of names above the same columns, with the arrow of the one that is sorted by."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def sectionSizeFromContents(self, section: int) -> QSize:  # noqa: N802 - Qt's own name
        text = self.fontMetrics().size(0, self._section_text(section))
        arrow = SORT_ARROW_SIZE + CELL_PADDING if self.isSortIndicatorShown() and text.width() else 0
        return QSize(
            text.width() + 2 * CELL_PADDING + 8 + arrow, max(text.height() + CELL_PADDING, HEADER_HEIGHT)
        )

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802 - Qt's own name
        palette = self.palette()
        painter.save()
        painter.fillRect(rect, palette.window())
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(
            CELL_PADDING + 3, 0, -CELL_PADDING - 3, 0
        )  # 3: where styles begin with the text of a cell
        if self.isSortIndicatorShown() and self.sortIndicatorSection() == section:
            inner.setRight(self._paint_sort_arrow(painter, inner) - CELL_PADDING)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        text = self.fontMetrics().elidedText(
            self._section_text(section), Qt.TextElideMode.ElideRight, inner.width()
        )
        painter.drawText(inner, self._section_alignment(section), text)
        painter.restore()

    def _paint_sort_arrow(self, painter: QPainter, rect: QRect) -> int:
        option = QStyleOptionHeader()
        self.initStyleOption(option)
        option.rect = QRect(
            rect.right() - SORT_ARROW_SIZE,
            rect.center().y() - SORT_ARROW_SIZE // 2,
            SORT_ARROW_SIZE,
            SORT_ARROW_SIZE,
        )
        up = self.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        option.sortIndicator = (
            QStyleOptionHeader.SortIndicator.SortUp if up else QStyleOptionHeader.SortIndicator.SortDown
        )
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorHeaderArrow, option, painter, self)
        return rect.right() - SORT_ARROW_SIZE

    def _section_text(self, section: int) -> str:
        return str(self.model().headerData(section, self.orientation()) or "")

    def _section_alignment(self, section: int) -> int:
        role = Qt.ItemDataRole.TextAlignmentRole
        wanted = self.model().headerData(section, self.orientation(), role)
        return int(wanted) if wanted is not None else self.defaultAlignment().value
