"""Popup: a card over the window, which the next click elsewhere or Escape closes."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.widgets.screen_geometry import available_geometry

GAP = 4  # pixels between the popup and the widget that it belongs to


class Popup(QFrame):
    """Frame that is shown below a widget; give it a layout with a margin of 12."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def open_below(self, anchor: QWidget) -> None:
        """Show the popup below `anchor`, or above it where there is no room."""
        self.adjustSize()
        screen = available_geometry(anchor.window())
        corner = anchor.mapToGlobal(QPoint(0, anchor.height() + GAP))
        if corner.y() + self.height() > screen.bottom():
            above = anchor.mapToGlobal(QPoint(0, -GAP)).y() - self.height()
            corner.setY(max(screen.top(), above))
        corner.setX(max(screen.left(), min(corner.x(), screen.right() - self.width())))
        self.move(corner)
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), colours.card)
            painter.setPen(colours.control_border)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
