"""View of a message: what happened with its code, on the colour of its severity, and the advice below."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QWidget

from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.icons import Icons
from guarddog_gui.ui.style.colours import colours_of
from guarddog_gui.ui.style.shapes import CONTROL_RADIUS, fill_rounded
from guarddog_gui.ui.style.theme import ThemedMixin
from guarddog_gui.ui.widgets.layouts import make_column, make_row
from guarddog_gui.ui.widgets.strip import Severity, severity_colours
from guarddog_gui.ui.widgets.text.plain_text import WrappedLabel

_ICONS = {Severity.BAD: "warning", Severity.WARN: "warning", Severity.INFO: "info", Severity.OK: "check"}


class MessageView(ThemedMixin, QWidget):
    """View of a message, hidden while the message is empty."""

    def __init__(self, icons: Icons, name: str = "message") -> None:
        """Take the beginning of the object names of its labels."""
        super().__init__()
        self._icons = icons
        self._make_message: Callable[[], Message] = lambda: Message("")
        self._severity = Severity.INFO
        self._icon_label = QLabel()
        self._icon_label.setFixedSize(16, 16)
        self._summary_label = WrappedLabel(f"{name}-summary")
        self._advice_label = WrappedLabel(f"{name}-advice")
        texts = make_column(self._summary_label, self._advice_label, spacing=2)
        self.setLayout(make_row(self._icon_label, (texts, 1), spacing=10, margin=(12, 10)))
        self.layout().setAlignment(self._icon_label, Qt.AlignmentFlag.AlignTop)  # type: ignore[union-attr]  # set above
        self.hide()

    def show_message(self, make_message: Callable[[], Message], severity: Severity = Severity.INFO) -> None:
        """Show a message; `make_message` is called again for another language."""
        self._make_message, self._severity = make_message, severity
        self.retranslate()
        self.apply_palette()

    def clear(self) -> None:
        self.show_message(lambda: Message(""))

    def retranslate(self) -> None:
        message = self._make_message()
        self._summary_label.setText(f"{message.summary} ({message.code})" if message.code else message.summary)
        self._summary_label.setAccessibleName(message.text)
        self._advice_label.setText(message.advice)
        self._summary_label.setVisible(bool(message.summary))
        self._advice_label.setVisible(bool(message.advice))
        self.setVisible(bool(message.text))

    def apply_palette(self) -> None:
        ink, _ = severity_colours(self._severity, colours_of(self.palette()))
        self._icon_label.setPixmap(self._icons.action_icon(_ICONS[self._severity], ink).pixmap(16, 16))
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, ink)
        self._summary_label.setPalette(palette)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        _, tint = severity_colours(self._severity, colours_of(self.palette()))
        with QPainter(self) as painter:
            fill_rounded(painter, self.rect(), CONTROL_RADIUS, tint)
