"""View of a message: what happened with its code, in the colour of a state, and the advice below."""

from collections.abc import Callable

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.state_colours import state_colour
from guarddog_gui.ui.theme import ThemedMixin, is_dark
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.plain_text import WrappedLabel


class MessageView(ThemedMixin, QWidget):
    """View of a message, hidden while the message is empty."""

    def __init__(self) -> None:
        super().__init__()
        self._make_message: Callable[[], Message] = lambda: Message("")
        self._state: KeyState | None = None
        self._summary_label = WrappedLabel("message-summary")
        self._advice_label = WrappedLabel("message-advice")
        self.setLayout(make_column(self._summary_label, self._advice_label, spacing=4))
        self.hide()

    def show_message(self, make_message: Callable[[], Message], state: KeyState | None = None) -> None:
        """Show a message, in the colour of `state` if given; `make_message` is called again for another language."""
        self._make_message, self._state = make_message, state
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
        palette = QPalette()
        if self._state is not None:
            colour = state_colour(self._state, dark=is_dark(self.palette()))
            palette.setColor(palette.ColorRole.WindowText, colour)
        self._summary_label.setPalette(palette)
