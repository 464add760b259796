"""Answer confirmations in tests, and record their texts."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from guarddog_gui.ui.dialogs.confirm_dialog import ConfirmDialog
from tests.ui import find


@dataclass(frozen=True, slots=True)
class ShownMessageBox:
    """Texts of a confirmation, and of its buttons."""

    text: str  # the question
    informative_text: str  # the consequence
    buttons: tuple[str, ...]
    default_button: str
    is_plain_text: bool  # its text is not rendered as HTML


class MessageBoxAnswerer:
    """Press the button with this text in every confirmation that opens; None presses Escape.

    `typed` is typed first, where a name is asked for.
    """

    def __init__(self, button: str | None, typed: str = "") -> None:
        self.shown: list[ShownMessageBox] = []
        self._button = button
        self._typed = typed
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    def _on_timeout(self) -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, ConfirmDialog):
            return
        buttons = [button for button in box.findChildren(QPushButton) if not button.isHidden()]
        question, consequence = find.label(box, "question"), find.label(box, "consequence")
        default = next((button.text() for button in buttons if button.isDefault()), "")
        self.shown.append(
            ShownMessageBox(
                question.text(),
                consequence.text(),
                tuple(button.text() for button in buttons),
                default,
                all(label.textFormat() is Qt.TextFormat.PlainText for label in box.findChildren(QLabel)),
            )
        )
        if self._typed:
            find.widget(box, QLineEdit).setText(self._typed)
        chosen = next((button for button in buttons if button.text() == self._button), None)
        if chosen is None or not chosen.isEnabled():
            box.reject()
        else:
            chosen.click()
