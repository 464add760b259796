"""List of the accounts that were removed a short time ago, each with buttons to undo it and to end it at once."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from guarddog_gui.domain.accounts.removal import PendingRemoval
from guarddog_gui.runtime.removals import Removals
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.widgets.layouts import make_column, make_row
from guarddog_gui.ui.widgets.text.account_labels import AccountTile, ElidedLabel

_APPID, _ACCOUNT = "guarddogAppid", "guarddogAccount"


class RecentRemovals(QWidget):
    """Rows with the removals that can be undone; hidden while there are none."""

    undo_requested = Signal(str)  # appid
    removal_requested = Signal(object)  # Account whose AppSecret is to be removed at once

    def __init__(self, removals: Removals, formatter: Formatter) -> None:
        super().__init__()
        self._removals = removals
        self._formatter = formatter
        self._heading = QLabel()
        self._rows: list[QWidget] = []
        self.setLayout(make_column(self._heading, spacing=4))
        removals.changed.connect(self.retranslate)
        removals.check()
        self.retranslate()

    @Slot()
    def retranslate(self) -> None:
        self._heading.setText(self.tr("Recently removed"))
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = [self._make_row(removal) for removal in self._removals.recent]
        for row in self._rows:
            self.layout().addWidget(row)  # type: ignore[union-attr]  # set above
        self.setVisible(bool(self._rows))

    def _make_row(self, removal: PendingRemoval) -> QWidget:
        account, row = removal.account, QWidget()
        tile, name = AccountTile(20), ElidedLabel()
        tile.set_account(account)
        name.set_text(account.name)
        until = QLabel(textFormat=Qt.TextFormat.PlainText)
        until.setText(
            self.tr("AppSecret kept until {time}").format(time=self._formatter.format_time(removal.undo_until))
        )
        until.setForegroundRole(until.palette().ColorRole.PlaceholderText)
        undo, remove = QPushButton(self.tr("Undo")), QPushButton(self.tr("Remove now"))
        undo.setAccessibleName(self.tr("Undo the removal of {name}").format(name=account.name))
        remove.setAccessibleName(self.tr("Remove the AppSecret of {name} now").format(name=account.name))
        undo.setProperty(_APPID, account.appid)
        remove.setProperty(_ACCOUNT, account)
        undo.clicked.connect(self._on_undo_clicked)
        remove.clicked.connect(self._on_remove_clicked)
        for button in (undo, remove):
            set_kind(button, ButtonKind.LINK)
        row.setLayout(make_row(tile, (name, 1), until, undo, remove))
        return row

    @Slot()
    def _on_undo_clicked(self) -> None:
        self.undo_requested.emit(self.sender().property(_APPID))

    @Slot()
    def _on_remove_clicked(self) -> None:
        self.removal_requested.emit(self.sender().property(_ACCOUNT))
