"""Boxes to tick whose edge can be seen on a dark window, alone and in a list."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
)


class CheckBox(QCheckBox):
    """WORKAROUND: Fusion paints the edge of a box darker than the window, which on a dark one is no edge."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        with QPainter(self) as painter:
            _paint_check_box_border(painter, box, self.palette(), enabled=self.isEnabled())


class CheckBoxDelegate(QStyledItemDelegate):
    """The same for the boxes of a list."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        filled = QStyleOptionViewItem(option)
        self.initStyleOption(filled, index)
        place = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        style = filled.widget.style()
        box = style.subElementRect(place, filled, filled.widget)
        _paint_check_box_border(painter, box, filled.palette, enabled=True)


def _paint_check_box_border(painter: QPainter, box: QRect, palette: QPalette, *, enabled: bool) -> None:
    group = QPalette.ColorGroup.Active if enabled else QPalette.ColorGroup.Disabled
    role = QPalette.ColorRole.PlaceholderText if enabled else QPalette.ColorRole.Mid
    painter.save()
    painter.setPen(palette.color(group, role))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(0, 0, -1, -1))
    painter.restore()
