"""Field for a passphrase: dots, no copying, its error below it."""

from PySide6.QtCore import Slot

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.ui.accounts.paste_fields import SecretField
from guarddog_gui.ui.widgets.controls.labelled_field import LabelledField


class PassphraseField(LabelledField):
    """Labelled field that gives out what was typed as a `Secret`."""

    def __init__(self, name: str) -> None:
        self.input = SecretField()
        super().__init__(name, self.input)
        self.input.pasted.connect(self._insert)
        self.input.textEdited.connect(self._on_edited)

    @property
    def passphrase(self) -> Secret:
        return Secret(self.input.text())

    @Slot(str)
    def _insert(self, text: str) -> None:
        self.input.insert(text.strip("\r\n"))
        self.set_error("")

    @Slot()
    def _on_edited(self) -> None:
        self.set_error("")
