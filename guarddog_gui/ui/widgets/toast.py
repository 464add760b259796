"""Short news at the bottom of the window, which goes away by itself and moves nothing."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from guarddog_gui.ui.style.colours import DARK, LIGHT, colours_of, make_palette
from guarddog_gui.ui.style.shapes import CARD_RADIUS, fill_rounded
from guarddog_gui.ui.style.theme import ThemedMixin, is_dark
from guarddog_gui.ui.widgets.layouts import make_row

DISTANCE = 24  # pixels from the bottom of the window
WIDTH_MAX = 640
HEIGHT_MIN = 40
END_ROOM = DISTANCE + HEIGHT_MIN + DISTANCE  # pixels below what is scrolled, so that a toast covers no end of it
TIMEOUT_MS = 6_000
_MS_PER_CHARACTER = 60  # a longer text stays longer


class Toast(ThemedMixin, QWidget):
    """Notice over the content of its parent, bottom centre; one at a time, the newest replaces the others.

    A click hides it. `suffix` is for a countdown: screen readers do not read it every second.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self._text_label = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._suffix_label = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.action_button = QPushButton(flat=True)
        self.action_button.clicked.connect(self.hide)
        self.action_button.hide()
        self._row = make_row((self._text_label, 1), self._suffix_label, self.action_button, margin=(16, 10))
        self.setLayout(self._row)
        self._frame = parent
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()
        self.apply_palette()

    @property
    def text(self) -> str:
        return self._text_label.text()

    def show_text(self, text: str, suffix: str = "", *, timeout_ms: int | None = None, action: str = "") -> None:
        """Show a text for a time that suffices to read it, or for `timeout_ms` milliseconds; 0 stays until replaced.

        An empty text hides the toast. With `action` there is a button of this name; connect `action_button`.
        """
        if not text:
            self.hide()
            return
        is_new = text != self._text_label.text() or not self.isVisible()
        self._text_label.setText(text)
        self._suffix_label.setText(suffix)
        self._suffix_label.setVisible(bool(suffix))
        self.action_button.setText(action)
        self.action_button.setVisible(bool(action))
        self.setAccessibleName(text)
        duration = max(TIMEOUT_MS, len(text) * _MS_PER_CHARACTER) if timeout_ms is None else timeout_ms
        if duration:
            self._timer.start(duration)
        else:
            self._timer.stop()
        self._place()
        self.show()
        self.raise_()
        if is_new:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    @property
    def message(self) -> str:
        """Return the text with its suffix while the toast is shown, else an empty text."""
        return " · ".join(filter(None, (self.text, self._suffix_label.text()))) if not self.isHidden() else ""

    def set_suffix(self, suffix: str) -> None:
        """Change the suffix, without showing the toast for longer."""
        self._suffix_label.setText(suffix)
        self._suffix_label.setVisible(bool(suffix))
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._frame and event.type() is QEvent.Type.Resize:
            self._place()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hide the toast, so that what it covers can be reached at once; the click goes nowhere else."""
        event.accept()
        self.hide()

    def apply_palette(self) -> None:
        """Use the colours of the other scheme, so that the toast stands out."""
        opposite = make_palette(LIGHT if is_dark(self.palette()) else DARK)
        for widget in (self._text_label, self._suffix_label, self.action_button):
            palette = QPalette(opposite)
            widget.setPalette(palette)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = LIGHT if colours_of(self.palette()) is DARK else DARK
        with QPainter(self) as painter:
            fill_rounded(painter, self.rect(), CARD_RADIUS, colours.card, colours.line)

    def _place(self) -> None:
        frame, row = self._frame, self._row
        text_width = self.fontMetrics().horizontalAdvance(self._text_label.text()) + 4
        others = row.sizeHint().width() - self._text_label.sizeHint().width()
        width = min(WIDTH_MAX, frame.width() - 2 * DISTANCE, text_width + others)
        height = max(HEIGHT_MIN, row.heightForWidth(width) if row.hasHeightForWidth() else 0)
        self.setGeometry((frame.width() - width) // 2, max(0, frame.height() - height - DISTANCE), width, height)
