"""Strips: a short notice with an icon, a code and buttons, on an area of its colour."""

from enum import StrEnum

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.style.colours import Colours, colours_of
from guarddog_gui.ui.style.fonts import scaled_font, tabular_font
from guarddog_gui.ui.style.shapes import CONTROL_RADIUS, fill_rounded
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.layouts import make_row

MIN_HEIGHT = 40
WIDTH_MIN = 240
TEXT_WIDTH_MAX = 320  # pixels beside the buttons in which a longer text wraps


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
    """Sentence, details and buttons in one line, or below each other where there is no room.

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
        self._labels = make_row((self._text_label, 1), self._detail_label, spacing=10)
        self._texts = make_row(self._icon_label, (self._labels, 1), spacing=10)
        self._row = make_row((self._texts, 1), self.button_row, spacing=10, margin=(12, 6))
        self.setLayout(self._row)
        self.setMinimumHeight(MIN_HEIGHT)
        self.apply_palette()

    def height_for(self, width: int) -> int:
        """Return the height for a width in pixels; the layout of the strip is then the one for this width."""
        self._arrange(width)
        self._row.activate()
        return max(MIN_HEIGHT, self._row.totalHeightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return a small width: below it the parts stand below each other, whatever the present layout needs."""
        return QSize(min(WIDTH_MIN, super().minimumSizeHint().width()), MIN_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _arrange(self, width: int) -> None:
        """Use one line if there is room; else the details stand below the sentence, then the buttons, too."""
        text_width = self._text_label.fontMetrics().horizontalAdvance(self._text_label.text())
        detail_width = self._detail_label.sizeHint().width() if self._detail_label.text() else 0
        direction = QBoxLayout.Direction
        self.button_row.setDirection(direction.LeftToRight)
        buttons_width = self.button_row.sizeHint().width()
        if buttons_width > width - 2 * 12:
            self.button_row.setDirection(direction.TopToBottom)
        room = width - 2 * 12 - 16 - 10 - (buttons_width + 10 if buttons_width else 0)
        has_line = text_width + (detail_width + 10 if detail_width else 0) <= room
        wrapped_width = text_width if text_width <= TEXT_WIDTH_MAX else max(TEXT_WIDTH_MAX, text_width // 3)
        has_buttons_beside = has_line or max(wrapped_width, detail_width) <= room
        self._labels.setDirection(
            direction.LeftToRight if has_line or not has_buttons_beside else direction.TopToBottom
        )
        self._labels.setSpacing(10 if has_line or not has_buttons_beside else 0)
        self._row.setDirection(direction.LeftToRight if has_buttons_beside else direction.TopToBottom)
        self._row.setSpacing(10 if has_buttons_beside else 6)
        # in a column, a stretch factor would let the strip take the free height of its page
        for layout in (self._labels, self._row):
            layout.setStretch(0, 1 if layout.direction() is direction.LeftToRight else 0)
        right = Qt.AlignmentFlag(0) if has_buttons_beside else Qt.AlignmentFlag.AlignRight
        self._row.setAlignment(self.button_row, right)

    def show_notice(self, severity: Severity, text: str, detail: str = "") -> None:
        """Show a sentence; `detail` is for codes and numbers."""
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
        self._text_label.setFont(scaled_font(self.font(), 1.0, QFont.Weight.DemiBold))
        self._detail_label.setFont(tabular_font(self.font(), weight=QFont.Weight.Normal))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        _, tint = severity_colours(self._severity, colours_of(self.palette()))
        with QPainter(self) as painter:
            fill_rounded(painter, self.rect(), CONTROL_RADIUS, tint)
