"""Cards: rounded areas that group widgets on a page."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.shapes import CARD_RADIUS, fill_rounded


class Card(QFrame):
    """Rounded area with a thin border; give it a layout with a margin of 16."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        with QPainter(self) as painter:
            fill_rounded(painter, self.rect(), CARD_RADIUS, colours.card, colours.line)
