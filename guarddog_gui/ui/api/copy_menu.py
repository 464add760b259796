"""Menu with the forms in which a call can be copied."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from guarddog_gui.domain.api.copy_as import CopyForm


class CopyCallMenu(QMenu):
    """Menu of the forms; the token itself is in a copy only where the last row is checked, for one copy."""

    copy_requested = Signal(str, bool)  # CopyForm, and whether the token itself is wanted

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        for form in CopyForm:
            action = self.addAction(form.label)
            action.triggered.connect(partial(self._request, form))
        self.addSeparator()
        self._token_action = self.addAction("")
        self._token_action.setCheckable(True)
        self.retranslate()

    def retranslate(self) -> None:
        self.setTitle(self.tr("Copy as"))
        self._token_action.setText(self.tr("With the token itself, next time"))

    def _request(self, form: CopyForm) -> None:
        has_token = self._token_action.isChecked()
        self._token_action.setChecked(False)
        self.copy_requested.emit(form.value, has_token)
