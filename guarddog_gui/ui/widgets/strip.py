"""Strips: a short notice with an icon, a code and buttons, on an area of its colour."""

from enum import StrEnum

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.style.colours import Colours, colours_of
from guarddog_gui.ui.style.fonts import code_font, scaled_font
from guarddog_gui.ui.style.shapes import CONTROL_RADIUS, fill_rounded
from guarddog_gui.ui.theme import ThemedMixin
from guarddog_gui.ui.widgets.layouts import make_row


class Severity(StrEnum):
    """Meaning of a strip, which decides its colours and icon."""

    BAD = "bad"
    WARN = "warn"
    INFO = "info"
    OK = "ok"


_ICONS = {Severity.BAD: "warning", Severity.WARN: "warning", Severity.INFO: "info", Severity.OK: "check"}


def severity_colours(severity: Severity, colours: Colours) -> tuple[QColor, QColor]:
    """Return the colours of the text and of the area."""
    return {
        Severity.BAD: (colours.bad, colours.bad_tint),
        Severity.WARN: (colours.warn, colours.warn_tint),
        Severity.INFO: (colours.info, colours.info_tint),
        Severity.OK: (colours.ok, colours.accent_tint),
    }[severity]


class Strip(ThemedMixin, QWidget):
    """Sentence, details and buttons in one line; the sentence wraps if there is no room.

    Buttons are added to `button_row`, at the right.
    """

    def __init__(self, icons: Icons, severity: Severity = Severity.BAD, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._severity = severity
        self._icon_label = QLabel()
        self._icon_label.setFixedSize(QSize(16, 16))
        self._text_label = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._detail_label = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.button_row = make_row()
        row = make_row(
            self._icon_label, (self._text_label, 1), self._detail_label, self.button_row, spacing=10, margin=(12, 6)
        )
        self.setLayout(row)
        self.setMinimumHeight(40)
        self.apply_palette()

    def show_notice(self, severity: Severity, text: str, detail: str = "") -> None:
        """Show a sentence; `detail` is for codes and numbers, in a monospace font."""
        self._severity = severity
        self._text_label.setText(text)
        self._detail_label.setText(detail)
        self._detail_label.setVisible(bool(detail))
        self.setAccessibleName(f"{text} {detail}".strip())
        self.apply_palette()

    def apply_palette(self) -> None:
        colours = colours_of(self.palette())
        ink, _ = severity_colours(self._severity, colours)
        self._icon_label.setPixmap(self._icons.action_icon(_ICONS[self._severity], ink).pixmap(16, 16))
        for label, colour in ((self._text_label, ink), (self._detail_label, colours.dim)):
            palette = label.palette()
            palette.setColor(label.foregroundRole(), colour)
            label.setPalette(palette)
        self._text_label.setFont(scaled_font(self.font(), 1.0, self._text_label.font().Weight.DemiBold))
        self._detail_label.setFont(code_font(self.font()))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        _, tint = severity_colours(self._severity, colours_of(self.palette()))
        with QPainter(self) as painter:
            fill_rounded(painter, self.rect(), CONTROL_RADIUS, tint)
