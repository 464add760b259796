"""Answer message boxes in tests, and record their texts."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton


@dataclass(frozen=True, slots=True)
class ShownMessageBox:
    """Texts of a message box, and of its buttons."""

    text: str
    informative_text: str
    buttons: tuple[str, ...]
    default_button: str
    is_plain_text: bool  # its text is not rendered as HTML


class MessageBoxAnswerer:
    """Press the button with this text in every message box that opens; None presses Escape."""

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
        default: QPushButton | None = box.defaultButton()  # None is missing in the stubs
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
