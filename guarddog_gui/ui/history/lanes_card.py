"""Card with the lanes of all accounts and the meaning of their blocks."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from guarddog_gui.domain.refresh.timeline import BlockState
from guarddog_gui.ui.history.lane_painting import block_colours, paint_block
from guarddog_gui.ui.history.lanes import LanesView
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.fonts import SMALL, scaled_font
from guarddog_gui.ui.widgets.card import Card
from guarddog_gui.ui.widgets.layouts import make_column

_SHOWN = (BlockState.VALID, BlockState.TROUBLE, BlockState.NEEDS_USER, BlockState.ASLEEP)
_BLOCK_WIDTH = 6
_GAP, _SPACING = 6, 16
_HEIGHT = 20


class Legend(QWidget):
    """Line with a block of each state and its meaning in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._words: tuple[str, ...] = ()
        self.retranslate()

    def retranslate(self) -> None:
        words = (self.tr("token valid"), self.tr("trouble, token still valid"), self.tr("needs you"))
        self._words = (*words, self.tr("computer asleep"))
        self.setAccessibleName(", ".join(self._words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        inks = block_colours(colours)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(scaled_font(self.font(), SMALL))
            x = 0
            for state, word in zip(_SHOWN, self._words, strict=True):
                painter.setPen(Qt.PenStyle.NoPen)
                paint_block(painter, QRectF(x, 0, _BLOCK_WIDTH, self.height()), state, inks)
                x += _BLOCK_WIDTH + _GAP
                painter.setPen(colours.dim)
                rect = QRectF(x, 0, self.width() - x, self.height())
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, word)
                x += painter.fontMetrics().horizontalAdvance(word) + _SPACING


class LanesCard(Card):
    """Card with the lanes."""

    def __init__(self, view: LanesView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._legend = Legend()
        self.setLayout(make_column(view, self._legend, spacing=6, margin=(16, 12)))

    def retranslate(self) -> None:
        self._legend.retranslate()
