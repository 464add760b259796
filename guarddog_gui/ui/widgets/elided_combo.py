"""Combo box for names that the user has given: long ones are elided and do not widen the window."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from guarddog_gui.ui.widgets.plain_text import plain_tooltip

LETTERS_MAX = 24  # preferred width, in letters of average width
LETTERS_MIN = 12
_FRAME_WIDTH = 32  # pixels of the arrow and the border
_TEXT_INSET = 4  # pixels between the text and the border


class ElidedComboBox(QComboBox):
    """Combo box that elides long names in the middle and shows them in full in tooltips."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def add_item_with_tooltip(self, text: str, user_data: object) -> None:
        """Append an item that shows its full text in a tooltip."""
        self.addItem(text, user_data)
        self.setItemData(self.count() - 1, plain_tooltip(text), Qt.ItemDataRole.ToolTipRole)

    def sizeHint(self) -> QSize:
        return self._limit_width(super().sizeHint(), LETTERS_MAX)

    def minimumSizeHint(self) -> QSize:
        return self._limit_width(super().minimumSizeHint(), LETTERS_MIN)

    def _limit_width(self, size: QSize, letters: int) -> QSize:
        width_max = letters * self.fontMetrics().averageCharWidth() + _FRAME_WIDTH
        return QSize(min(size.width(), width_max), size.height())

    def elided_text(self) -> str:
        """Return the current text as it fits, elided in the middle: similar names often differ at the end."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        rect = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self)
        width = rect.width() - _TEXT_INSET
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideMiddle, width)

    def paintEvent(self, _event: QPaintEvent) -> None:
        # WORKAROUND: QComboBox cuts off a long text without an ellipsis
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.currentText = self.elided_text()
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip:
            self.setToolTip(plain_tooltip(self.currentText()))
        return super().event(event)
