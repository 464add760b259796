"""Push buttons for the pages: connected when they are made, folding, opening a page of WeChat's console."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt, QUrl, SignalInstance, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QWidget

from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import scaled_font
from guarddog_gui.ui.style.proxy_style import CONTROL_HEIGHT
from guarddog_gui.ui.style.shapes import CONTROL_RADIUS, draw_chevron, draw_focus_ring, fill_rounded
from guarddog_gui.ui.widgets.browser import open_in_desktop

_PADDING = 8  # pixels
_CHEVRON_WIDTH = 16


def make_button(on_clicked: Callable[[], None] | SignalInstance) -> QPushButton:
    button = QPushButton()
    button.clicked.connect(on_clicked)
    return button


class ConsolePageButton(QPushButton):
    """Button that opens a page of WeChat's console in the browser, hidden while there is no page."""

    def __init__(self) -> None:
        super().__init__()
        self._url: str | None = None
        self.clicked.connect(self._on_clicked)

    def set_url(self, url: str | None) -> None:
        self._url = url
        self.setVisible(url is not None)

    @Slot()
    def _on_clicked(self) -> None:
        if self._url is not None:
            open_in_desktop(QUrl(self._url), self.window())


class LinkButton(QPushButton):
    """Button that looks like a link in a text, and is as wide as its text."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text, autoDefault=False)
        set_kind(self, ButtonKind.LINK)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2 * _PADDING, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class FoldButton(QPushButton):
    """Button that shows and hides a widget; its chevron points down while the widget is shown."""

    def __init__(self, folded: QWidget) -> None:
        super().__init__(autoDefault=False)
        self.setCheckable(True)
        self._folded = folded
        folded.hide()
        self.toggled.connect(folded.setVisible)

    def sizeHint(self) -> QSize:
        width = self._text_width() + _CHEVRON_WIDTH + 2 * _PADDING
        return QSize(width, max(CONTROL_HEIGHT, self.fontMetrics().height() + 8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        colours = colours_of(self.palette())
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        with QPainter(self) as painter:
            if is_hovered:
                fill_rounded(painter, self.rect(), CONTROL_RADIUS, colours.hover)
            if option.state & QStyle.StateFlag.State_HasFocus:
                draw_focus_ring(painter, self.rect(), CONTROL_RADIUS, colours.accent)
            ink = colours.ink if is_hovered else colours.dim
            painter.setFont(scaled_font(self.font(), 1.0, self.font().Weight.DemiBold))
            painter.setPen(ink)
            text_rect = self.rect().adjusted(_PADDING, 0, -_PADDING - _CHEVRON_WIDTH, 0)
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
            painter.drawText(text_rect, flags, self.text())
            left = text_rect.left() + self._text_width()
            chevron = QRect(left, 0, _CHEVRON_WIDTH, self.height())
            direction = Qt.ArrowType.DownArrow if self.isChecked() else Qt.ArrowType.RightArrow
            draw_chevron(painter, chevron, ink, direction=direction)

    def _text_width(self) -> int:
        font = scaled_font(self.font(), 1.0, self.font().Weight.DemiBold)
        return QFontMetrics(font).horizontalAdvance(self.text()) + 2
