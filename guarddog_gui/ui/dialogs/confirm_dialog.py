"""Confirmation: a question as the title, the consequence as text, verbs on the buttons."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton, QWidget

from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.dialogs.auto_height_dialog import AutoHeightDialog
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.fonts import CARD_TITLE, scaled_font
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row
from guarddog_gui.ui.widgets.text.plain_text import WrappedLabel

WIDTH = 440


class ConfirmDialog(AutoHeightDialog):
    """Modal dialog that asks one question, or tells why there is nothing to ask.

    Enter presses the button that changes nothing. With `typed_name` the user has to type this name first, which
    cannot happen by accident; then Enter confirms.
    """

    def __init__(
        self,
        parent: QWidget | None,
        message: Message,
        cancel: str,
        accept: str = "",
        *,
        is_destructive: bool = False,
        typed_name: str = "",
    ) -> None:
        """Take the texts of the buttons; without `accept` the dialog can only be closed."""
        super().__init__(parent)
        self.setWindowTitle("Guard Dog")
        self.setAccessibleName(message.summary)
        self.setAccessibleDescription(message.advice)
        self._typed_name = _fold_blanks(typed_name)
        self._accept_button = QPushButton(accept, autoDefault=False)
        self._accept_button.setObjectName("accept-button")
        self._accept_button.setVisible(bool(accept))
        set_kind(self._accept_button, ButtonKind.DANGER if is_destructive else ButtonKind.PRIMARY)
        self._accept_button.clicked.connect(self.accept)
        self._cancel_button = QPushButton(cancel)
        self._cancel_button.setObjectName("cancel-button")
        set_kind(self._cancel_button, ButtonKind.PLAIN)
        self._cancel_button.clicked.connect(self.reject)
        self._name_field = QLineEdit()
        self._lay_out(message)
        self._set_focus()

    def _lay_out(self, message: Message) -> None:
        question = WrappedLabel("question")
        question.setText(message.summary)
        question.setFont(scaled_font(self.font(), CARD_TITLE, question.font().Weight.DemiBold))
        consequence = WrappedLabel("consequence")
        consequence.setText(f"{message.advice} ({message.code})" if message.code else message.advice)
        consequence.setVisible(bool(message.advice or message.code))
        self._prompt = QLabel()
        self._prompt.setText(self.tr("Type the name of the account to confirm: {name}").format(name=self._typed_name))
        self._prompt.setTextFormat(consequence.textFormat())
        self._prompt.setWordWrap(True)
        self._prompt.setBuddy(self._name_field)
        self._name_field.setAccessibleName(self._prompt.text())
        self._name_field.textChanged.connect(self._on_name_changed)
        for widget in (self._prompt, self._name_field):
            widget.setVisible(bool(self._typed_name))
        typed = make_column(self._prompt, self._name_field, spacing=4)
        buttons = make_row(STRETCH, self._cancel_button, self._accept_button)
        column = make_column(question, consequence, typed, STRETCH, buttons, spacing=12, margin=24)
        self.setLayout(column)
        self.setMinimumWidth(WIDTH)
        self.resize(WIDTH, column.totalHeightForWidth(WIDTH))  # QDialog takes wrapped texts to be higher

    def _set_focus(self) -> None:
        if self._typed_name:
            self._accept_button.setEnabled(False)
            self._accept_button.setDefault(True)
            self._name_field.setFocus()
        else:
            self._cancel_button.setDefault(True)
            self._cancel_button.setFocus()

    @Slot(str)
    def _on_name_changed(self, text: str) -> None:
        self._accept_button.setEnabled(_fold_blanks(text) == self._typed_name)

    def ask(self) -> bool:
        """Show the dialog, and return True if the user has confirmed."""
        return self.exec() == QDialog.DialogCode.Accepted


def _fold_blanks(text: str) -> str:
    """Return the text with single blanks: a name may hold others, which nobody can tell apart."""
    return " ".join(text.split())
