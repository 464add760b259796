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

PAD = 8
HEADER_HEIGHT = 32
ROW_HEIGHT = 36

# names that people have given take at most a third of what a table has beyond the room of its other columns
OTHERS_WIDTH = 420
NAME_WIDTH_MIN = 64
ARROW = 12

Index = QModelIndex | QPersistentModelIndex


class PaddedCells(QStyledItemDelegate):
    """Paints as the style does, `pad` pixels away from the left and right end of the cell.

    The column `names` has texts of any length, which must not take the room of what the others say.
    """

    def __init__(self, parent: QObject, pad: int = PAD, names: int | None = None) -> None:
        super().__init__(parent)
        self._pad = pad
        self._names = names

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        wanted = super().sizeHint(option, index) + QSize(2 * self._pad, 0)
        view = option.widget
        if self.is_name(index) and isinstance(view, QAbstractItemView):
            most = max(NAME_WIDTH_MIN, (view.viewport().width() - OTHERS_WIDTH) // 3)
            wanted.setWidth(min(wanted.width(), most))
        return wanted

    def is_name(self, index: Index) -> bool:
        """Whether somebody has given this name: it can be as long as a line."""
        return index.column() == self._names

    def padded(self, option: QStyleOptionViewItem) -> QStyleOptionViewItem:
        """The option of a cell without its ends."""
        inner = QStyleOptionViewItem(option)
        inner.rect = option.rect.adjusted(self._pad, 0, -self._pad, 0)
        return inner

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if option.state & QStyle.StateFlag.State_Selected:
            active = option.state & QStyle.StateFlag.State_Active
            group = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
            painter.fillRect(option.rect, option.palette.brush(group, QPalette.ColorRole.Highlight))
        super().paint(painter, self.padded(option), index)


class PaddedHeader(QHeaderView):
    """A flat line of names above the same columns, with the arrow of the one that is sorted by."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def sectionSizeFromContents(self, section: int) -> QSize:  # noqa: N802 - Qt's own name
        text = self.fontMetrics().size(0, self._text(section))
        arrow = ARROW + PAD if self.isSortIndicatorShown() and text.width() else 0
        return QSize(text.width() + 2 * PAD + 8 + arrow, max(text.height() + PAD, HEADER_HEIGHT))

    def paintSection(self, painter: QPainter, place: QRect, section: int) -> None:  # noqa: N802 - Qt's own name
        palette = self.palette()
        painter.save()
        painter.fillRect(place, palette.window())
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.drawLine(place.bottomLeft(), place.bottomRight())
        inner = place.adjusted(PAD + 3, 0, -PAD - 3, 0)  # 3: where styles begin with the text of a cell
        if self.isSortIndicatorShown() and self.sortIndicatorSection() == section:
            inner.setRight(self._paint_arrow(painter, inner) - PAD)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        text = self.fontMetrics().elidedText(self._text(section), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, self._alignment(section), text)
        painter.restore()

    def _paint_arrow(self, painter: QPainter, place: QRect) -> int:
        option = QStyleOptionHeader()
        self.initStyleOption(option)
        option.rect = QRect(place.right() - ARROW, place.center().y() - ARROW // 2, ARROW, ARROW)
        up = self.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        option.sortIndicator = (
            QStyleOptionHeader.SortIndicator.SortUp if up else QStyleOptionHeader.SortIndicator.SortDown
        )
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorHeaderArrow, option, painter, self)
        return place.right() - ARROW

    def _text(self, section: int) -> str:
        return str(self.model().headerData(section, self.orientation()) or "")

    def _alignment(self, section: int) -> int:
        role = Qt.ItemDataRole.TextAlignmentRole
        wanted = self.model().headerData(section, self.orientation(), role)
        return int(wanted) if wanted is not None else self.defaultAlignment().value
