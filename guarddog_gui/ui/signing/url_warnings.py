"""What is to be said about a typed value, line by line, each with its correction as a button."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QScrollArea, QWidget

from guarddog_gui.domain.refresh.status import State
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.widgets.themed import OwnColours

HEIGHT_MAX = 148  # three notes of two lines; more can be scrolled to


class UrlNotes(OwnColours, QScrollArea):
    """Hidden until there is something to say. Everything is shown as plain text."""

    corrected = Signal(str)  # what the field should hold

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._shown: tuple[tuple[str, str | None], ...] = ()
        self._refused = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(
            Qt.FocusPolicy.ClickFocus
        )  # Tab stops at the buttons; without any there is no order
        self.hide()

    def show_notes(self, notes: tuple[tuple[str, str | None], ...], *, refused: bool = False) -> None:
        """Each is a sentence and the corrected value, if there is one; `refused` means nothing was signed."""
        if (notes, refused) != (self._shown, self._refused):
            self._shown, self._refused = notes, refused
            self.take_colours()

    def take_colours(self) -> None:
        """The lines again, with icons in the colours of the palette."""
        lines = QWidget()
        grid = QGridLayout(lines)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (text, correction) in enumerate(self._shown):
            self._add(grid, row, text, correction, State.FAILED if self._refused else State.DUE_SOON)
        grid.setRowStretch(len(self._shown), 1)
        self.setWidget(lines)
        before: QWidget = self
        for button in lines.findChildren(QPushButton):  # where they stand, and not at the end of the window
            QWidget.setTabOrder(before, button)
            before = button
        self.setVisible(bool(self._shown))
        self._fit()

    def _add(self, grid: QGridLayout, row: int, text: str, correction: str | None, state: State) -> None:
        dark = self.palette().window().color().lightness() < 128
        icon = QLabel()
        icon.setPixmap(self._icons.state_icon(state, dark=dark, size=16).pixmap(16, 16))
        grid.addWidget(icon, row, 0, Qt.AlignmentFlag.AlignTop)
        said = QLabel(text)
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setWordWrap(True)
        grid.addWidget(said, row, 1, Qt.AlignmentFlag.AlignTop)
        if correction is not None:
            button = QPushButton(self.tr("Correct it"))
            button.setToolTip(self.tr("Put the corrected value into the field"))
            button.setAccessibleName(f"{self.tr('Correct it')}: {text}")
            button.clicked.connect(partial(self.corrected.emit, correction))
            grid.addWidget(button, row, 2, Qt.AlignmentFlag.AlignTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as its lines, up to the limit."""
        lines = self.widget()
        if lines is not None and self._shown:
            wanted = lines.heightForWidth(self.viewport().width())
            self.setFixedHeight(min(HEIGHT_MAX, max(wanted, lines.minimumSizeHint().height())))
