"""A sentence in the colour of a state: what happened, its number behind it, what to do below."""

from collections.abc import Callable

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from guarddog_gui.domain.refresh.status import KeyState
from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.icons import state_colour
from guarddog_gui.ui.widgets.plain_text import WrappedLabel
from guarddog_gui.ui.widgets.themed import ThemedMixin


class MessageView(ThemedMixin, QWidget):
    """Takes no room while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._make_message: Callable[[], Message] = _empty_message
        self._state: KeyState | None = None
        self._summary_label = WrappedLabel()
        self._advice_label = WrappedLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._summary_label)
        layout.addWidget(self._advice_label)
        self.hide()

    def show_message(self, make_message: Callable[[], Message], state: KeyState | None = None) -> None:
        """`speak` is asked again in another language; without a state it has the colour of any text."""
        self._make_message, self._state = make_message, state
        self.retranslate()
        self.apply_palette()

    def clear(self) -> None:
        """Nothing is to be said any more."""
        self.show_message(_empty_message)

    def retranslate(self) -> None:
        """Say it again in the language of now."""
        sentence = self._make_message()
        self._summary_label.setText(
            f"{sentence.summary} ({sentence.code})" if sentence.code else sentence.summary
        )
        self._summary_label.setAccessibleName(sentence.text)
        self._advice_label.setText(sentence.advice)
        self._summary_label.setVisible(bool(sentence.summary))
        self._advice_label.setVisible(bool(sentence.advice))
        self.setVisible(bool(sentence.text))

    def apply_palette(self) -> None:
        """What happened has the colour, what to do is any text."""
        palette = QPalette()
        if self._state is not None:
            dark = self.palette().window().color().lightness() < 128
            palette.setColor(palette.ColorRole.WindowText, state_colour(self._state, dark=dark))
        self._summary_label.setPalette(palette)


def _empty_message() -> Message:
    return Message("")
