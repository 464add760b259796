"""A choice of names that people have given: a long one is shortened, and does not widen the window."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from guarddog_gui.ui.widgets.plain_text import plain_tooltip

LETTERS_MAX = 24  # letters for which it asks for room
LETTERS_MIN = 12
_FRAME_WIDTH = 32  # beside the letters: the arrow and the edges
_TEXT_INSET = 4  # between the letters and the edges of their place


class ElidedComboBox(QComboBox):
    """Every name is whole in its tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def add_item_with_tooltip(self, text: str, user_data: object) -> None:
        """One more to choose."""
        self.addItem(text, user_data)
        self.setItemData(self.count() - 1, plain_tooltip(text), Qt.ItemDataRole.ToolTipRole)

    def sizeHint(self) -> QSize:
        return self._limit_width(super().sizeHint(), LETTERS_MAX)

    def minimumSizeHint(self) -> QSize:
        return self._limit_width(super().minimumSizeHint(), LETTERS_MIN)

    def _limit_width(self, size: QSize, letters: int) -> QSize:
        most = letters * self.fontMetrics().averageCharWidth() + _FRAME_WIDTH
        return QSize(min(size.width(), most), size.height())

    def elided_text(self) -> str:
        """The chosen name as far as there is room for it; its end may be what tells it from another."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        place = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        room = place.width() - _TEXT_INSET
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideMiddle, room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        # WORKAROUND: QComboBox cuts a text where its room ends, and nothing says that there is more
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
