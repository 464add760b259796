"""List of warnings below an input field, each with a button that corrects the value where possible."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QScrollArea, QWidget

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.theme import ThemedMixin, is_dark

HEIGHT_MAX = 148  # pixels: three warnings of two lines each; the rest scrolls


class WarningList(ThemedMixin, QScrollArea):
    """List of warnings as plain text, hidden while it is empty."""

    correction_accepted = Signal(str)  # the corrected value of the field

    def __init__(self, icons: Icons) -> None:
        super().__init__(widgetResizable=True)
        self._icons = icons
        self._warnings: tuple[tuple[str, str | None], ...] = ()
        self._is_refused = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Tab stops at the correction buttons, not at the list. With NoFocus, QWidget.setTabOrder would ignore
        # the list and the buttons could not be placed after it.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.hide()

    def show_warnings(self, warnings: tuple[tuple[str, str | None], ...], *, refused: bool = False) -> None:
        """Show `warnings`, pairs of a text and the corrected value (None if it cannot be corrected).

        With `refused` the icons mark an error: the value was not signed.
        """
        if (warnings, refused) != (self._warnings, self._is_refused):
            self._warnings, self._is_refused = warnings, refused
            self.apply_palette()

    def apply_palette(self) -> None:
        rows = QWidget()
        grid = QGridLayout(rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (text, correction) in enumerate(self._warnings):
            self._add_row(grid, row, text, correction, KeyState.FAILED if self._is_refused else KeyState.DUE_SOON)
        grid.setRowStretch(len(self._warnings), 1)
        self.setWidget(rows)
        previous: QWidget = self
        for button in rows.findChildren(QPushButton):  # new widgets go to the end of the window's focus chain
            QWidget.setTabOrder(previous, button)
            previous = button
        self.setVisible(bool(self._warnings))
        self._fit_height()

    def _add_row(self, grid: QGridLayout, row: int, text: str, correction: str | None, state: KeyState) -> None:
        dark = is_dark(self.palette())
        icon = QLabel()
        icon.setPixmap(self._icons.state_icon(state, dark=dark, size=16).pixmap(16, 16))
        grid.addWidget(icon, row, 0, Qt.AlignmentFlag.AlignTop)
        label = QLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        grid.addWidget(label, row, 1, Qt.AlignmentFlag.AlignTop)
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
        rows = self.widget()
        if rows is not None and self._warnings:
            height = rows.heightForWidth(self.viewport().width())
            self.setFixedHeight(min(HEIGHT_MAX, max(height, rows.minimumSizeHint().height())))
