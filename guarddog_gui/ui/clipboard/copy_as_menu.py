"""Menu with the forms in which a value can be copied."""

from functools import partial

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from guarddog_gui.domain.tokens.copy_formats import CopyFormat, copy_formats_for
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.pending_copies import PendingCopies
from guarddog_gui.ui.clipboard.subject import copy_format_name


class CopyAsMenu(QMenu):
    """Copies a value in the chosen form, which the account keeps; the current one is checked."""

    def __init__(self, copies: PendingCopies, appid: str, kind: TokenKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[CopyFormat, QAction] = {}
        forms = QActionGroup(self)
        for copy_format in copy_formats_for(kind):
            if copy_format is CopyFormat.APPID:  # only for once
                self.addSeparator()
            action = self._rows[copy_format] = self.addAction("")
            if copy_format is not CopyFormat.APPID:
                action.setCheckable(True)
                action.setChecked(copy_format is copies.format_for(appid, kind))
                forms.addAction(action)
            action.triggered.connect(partial(copies.request_as, appid, kind, copy_format))
        self._retranslate()

    def _retranslate(self) -> None:
        self.setTitle(self.tr("Copy as"))
        for copy_format, action in self._rows.items():
            action.setText(copy_format_name(copy_format))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
