"""A sentence in the colour of a state: what happened, its number behind it, what to do below."""

from collections.abc import Callable

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from guarddog_gui.domain.refresh.status import State
from guarddog_gui.services.messages.message import Sentence
from guarddog_gui.ui.icons import state_colour
from guarddog_gui.ui.widgets.plain_text import WrappedLabel
from guarddog_gui.ui.widgets.themed import OwnColours


class SentenceView(OwnColours, QWidget):
    """Takes no room while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._speak: Callable[[], Sentence] = _nothing
        self._state: State | None = None
        self._what = WrappedLabel()
        self._todo = WrappedLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._what)
        layout.addWidget(self._todo)
        self.hide()

    def say(self, speak: Callable[[], Sentence], state: State | None = None) -> None:
        """`speak` is asked again in another language; without a state it has the colour of any text."""
        self._speak, self._state = speak, state
        self.retranslate()
        self.take_colours()

    def clear(self) -> None:
        """Nothing is to be said any more."""
        self.say(_nothing)

    def retranslate(self) -> None:
        """Say it again in the language of now."""
        sentence = self._speak()
        self._what.setText(f"{sentence.what} ({sentence.code})" if sentence.code else sentence.what)
        self._what.setAccessibleName(sentence.text)
        self._todo.setText(sentence.todo)
        self._what.setVisible(bool(sentence.what))
        self._todo.setVisible(bool(sentence.todo))
        self.setVisible(bool(sentence.text))

    def take_colours(self) -> None:
        """What happened has the colour, what to do is any text."""
        palette = QPalette()
        if self._state is not None:
            dark = self.palette().window().color().lightness() < 128
            palette.setColor(palette.ColorRole.WindowText, state_colour(self._state, dark=dark))
        self._what.setPalette(palette)


def _nothing() -> Sentence:
    return Sentence("")
