"""Labels, tooltips and dialog buttons that show text as it is: no HTML, no icons."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox, QLabel


class WrappedLabel(QLabel):
    """Plain text, whoever it comes from; the mouse can mark it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)


def button_box_without_icons(buttons: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    """The icons that some desktops put on them are drawn for light buttons, also in our dark theme."""
    box = QDialogButtonBox(buttons)
    for button in box.buttons():
        button.setIcon(QIcon())
    return box


def plain_tooltip(text: str) -> str:
    """The text as HTML that says nothing but the text; its lines stay lines."""
    return f'<p style="white-space:pre-wrap">{escape(text)}</p>'
