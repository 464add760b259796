"""The buttons at the foot of a dialog, with words alone."""

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox


def plain_buttons(buttons: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    """The icons that some desktops put on them are drawn for light buttons, also in our dark theme."""
    box = QDialogButtonBox(buttons)
    for button in box.buttons():
        button.setIcon(QIcon())
    return box
