"""Labels, tooltips and dialog buttons that show plain text: no HTML, no icons."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox, QLabel


class WrappedLabel(QLabel):
    """Label for plain text of any origin; the user can select it with the mouse."""

    def __init__(self, object_name: str = "") -> None:
        super().__init__(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.setObjectName(object_name)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)


def make_selectable_label(object_name: str, *, bold: bool = False) -> WrappedLabel:
    """Return a label whose text can be selected with mouse and keyboard."""
    label = WrappedLabel(object_name)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    font = label.font()
    font.setBold(bold)
    label.setFont(font)
    return label


def make_plain_label(object_name: str) -> QLabel:
    """Return a wrapping label for plain text that cannot be selected."""
    label = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    label.setObjectName(object_name)
    return label


def button_box_without_icons(buttons: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    """Return a button box without the desktop's icons, which are hard to see in our dark theme."""
    box = QDialogButtonBox(buttons)
    for button in box.buttons():
        button.setIcon(QIcon())
    return box


def plain_tooltip(text: str) -> str:
    """Return the text escaped as HTML, with its line breaks, because Qt renders tooltips as HTML."""
    return f'<p style="white-space:pre-wrap">{escape(text)}</p>'
