"""Small window for desktops on which only a window with the focus can copy."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel

from guarddog_gui.ui.clipboard.subject import CopySubject, copy_question
from guarddog_gui.ui.dialogs.auto_height_dialog import AutoHeightDialog
from guarddog_gui.ui.widgets.controls.buttons import make_button
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row

WIDTH = 420  # pixels


class CopyWindow(AutoHeightDialog):
    """Asks for the one key or click that a Wayland compositor without data-control (GNOME) requires for a copy.

    The focus alone is not enough: Qt sends the serial number of the last key or click with a copy, and 0 before the
    first one, which compositors reject.
    """

    copy_requested = Signal()

    def __init__(self, subject: CopySubject) -> None:
        super().__init__()
        self._subject = subject
        self._has_failed = False
        self._text_label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._copy_button = make_button(self.copy_requested)
        self._copy_button.setDefault(True)
        self._cancel_button = make_button(self.reject)
        buttons = make_row(STRETCH, self._cancel_button, self._copy_button)
        self.setLayout(make_column(self._text_label, buttons, spacing=16, margin=16))
        self.retranslate()
        self.resize(WIDTH, self.heightForWidth(WIDTH))

    def retranslate(self) -> None:
        self.setWindowTitle(copy_question(self._subject))
        self._text_label.setText(
            self.tr("It was not copied: the desktop did not accept it. Press Copy again.")
            if self._has_failed
            else self.tr("This desktop lets a program copy only after a key or a click in its window: press Enter.")
        )
        self._copy_button.setText(self.tr("Copy"))
        self._cancel_button.setText(self.tr("Cancel"))

    def show_and_activate(self) -> None:
        """Show the window in front; Wayland grants that with the token of the click in the tray."""
        self.show()
        self.raise_()
        self.activateWindow()
        self._copy_button.setFocus()

    def show_failure(self) -> None:
        self._has_failed = True
        self.retranslate()
