"""What is to be said about a typed value, line by line, each with its correction as a button."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QScrollArea, QWidget

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.widgets.themed import ThemedMixin

HEIGHT_MAX = 148  # three notes of two lines; more can be scrolled to


class WarningList(ThemedMixin, QScrollArea):
    """Hidden until there is something to say. Everything is shown as plain text."""

    correction_accepted = Signal(str)  # what the field should hold

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._warnings: tuple[tuple[str, str | None], ...] = ()
        self._is_refused = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(
            Qt.FocusPolicy.ClickFocus
        )  # Tab stops at the buttons; without any there is no order
        self.hide()

    def show_warnings(self, warnings: tuple[tuple[str, str | None], ...], *, refused: bool = False) -> None:
        """Each is a sentence and the corrected value, if there is one; `refused` means nothing was signed."""
        if (warnings, refused) != (self._warnings, self._is_refused):
            self._warnings, self._is_refused = warnings, refused
            self.apply_palette()

    def apply_palette(self) -> None:
        """The lines again, with icons in the colours of the palette."""
        lines = QWidget()
        grid = QGridLayout(lines)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (text, correction) in enumerate(self._warnings):
            self._add_row(
                grid, row, text, correction, KeyState.FAILED if self._is_refused else KeyState.DUE_SOON
            )
        grid.setRowStretch(len(self._warnings), 1)
        self.setWidget(lines)
        before: QWidget = self
        for button in lines.findChildren(QPushButton):  # where they stand, and not at the end of the window
            QWidget.setTabOrder(before, button)
            before = button
        self.setVisible(bool(self._warnings))
        self._fit_height()

    def _add_row(
        self, grid: QGridLayout, row: int, text: str, correction: str | None, state: KeyState
    ) -> None:
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
            button.clicked.connect(partial(self.correction_accepted.emit, correction))
            grid.addWidget(button, row, 2, Qt.AlignmentFlag.AlignTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        """As high as its lines, up to the limit."""
        lines = self.widget()
        if lines is not None and self._warnings:
            wanted = lines.heightForWidth(self.viewport().width())
            self.setFixedHeight(min(HEIGHT_MAX, max(wanted, lines.minimumSizeHint().height())))
