"""Check boxes whose border is visible on a dark background, alone and in a list."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QCheckBox, QStyle, QStyledItemDelegate, QStyleOptionButton, QStyleOptionViewItem

from guarddog_gui.ui.model_index import Index


class CheckBox(QCheckBox):
    """Check box with a border that is visible on a dark window.

    WORKAROUND: Fusion paints the border darker than the window, which makes it invisible on a dark one.
    """

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        with QPainter(self) as painter:
            _paint_check_box_border(painter, box, self.palette(), enabled=self.isEnabled())


class CheckBoxDelegate(QStyledItemDelegate):
    """Delegate that paints the check boxes of a list like `CheckBox`."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        item = QStyleOptionViewItem(option)
        self.initStyleOption(item, index)
        indicator = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        box = item.widget.style().subElementRect(indicator, item, item.widget)
        _paint_check_box_border(painter, box, item.palette, enabled=True)


def _paint_check_box_border(painter: QPainter, box: QRect, palette: QPalette, *, enabled: bool) -> None:
    group = QPalette.ColorGroup.Active if enabled else QPalette.ColorGroup.Disabled
    role = QPalette.ColorRole.PlaceholderText if enabled else QPalette.ColorRole.Mid
    painter.save()
    painter.setPen(palette.color(group, role))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(0, 0, -1, -1))
    painter.restore()
