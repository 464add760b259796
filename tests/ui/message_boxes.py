"""Answers the questions that a window asks in a box of its own, and keeps what they said."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton


@dataclass(frozen=True, slots=True)
class ShownMessageBox:
    """What a box said, the texts of its buttons, and the one that Enter would press."""

    text: str
    informative_text: str
    buttons: tuple[str, ...]
    default_button: str
    is_plain_text: bool  # no word of it is taken for HTML


class MessageBoxAnswerer:
    """Presses the button with this text (None: Escape) in the next box, and in every one after it."""

    def __init__(self, button: str | None) -> None:
        self.shown: list[ShownMessageBox] = []
        self._button = button
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    def _on_timeout(self) -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            return
        default: QPushButton | None = box.defaultButton()  # the stubs forget that there may be none
        buttons = box.buttons()
        plain = box.textFormat() is Qt.TextFormat.PlainText
        texts = tuple(button.text() for button in buttons)
        self.shown.append(
            ShownMessageBox(
                box.text(), box.informativeText(), texts, default.text() if default is not None else "", plain
            )
        )
        if self._button is None:
            box.reject()
        else:
            buttons[texts.index(self._button)].click()
