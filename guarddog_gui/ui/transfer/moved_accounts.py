"""List of the accounts in an exported file, each with what becomes of it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from guarddog_gui.domain.transfer import ImportPlan, MovedAccount
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.text.account_labels import AccountTile, ElidedLabel, EnvironmentBadge

_NAME_COLUMN = 1


class MovedAccountList(QWidget):
    """Rows with tile, name, environment, AppID, and "new here" or "exists here"."""

    def __init__(self, formatter: Formatter) -> None:
        super().__init__()
        self._formatter = formatter
        self._plan: ImportPlan | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(_NAME_COLUMN, 1)

    def heightForWidth(self, _width: int) -> int:
        return self.sizeHint().height()  # no text is wrapped

    def show_plan(self, plan: ImportPlan) -> None:
        self._plan = plan
        self.retranslate()

    def retranslate(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if self._plan is None:
            return
        states = [(moved, self.tr("new here")) for moved in self._plan.added]
        states += [(moved, self.tr("exists here")) for moved in self._plan.kept]
        for row, (moved, state) in enumerate(states):
            self._add_row(row, moved, state)

    def _add_row(self, row: int, moved: MovedAccount, state: str) -> None:
        account = moved.account
        tile, name, badge = AccountTile(20), ElidedLabel(), EnvironmentBadge()
        tile.set_account(account)
        name.set_text(account.name)
        name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # all of the width that is free
        badge.set_environment(account.environment, self._formatter.environment_badge(account.environment))
        appid = QLabel(textFormat=Qt.TextFormat.PlainText)
        appid.setText(account.appid)
        appid.setForegroundRole(appid.palette().ColorRole.PlaceholderText)
        state_label = QLabel(textFormat=Qt.TextFormat.PlainText)
        state_label.setText(state if moved.secret is not None else f"{state} · {self.tr('no AppSecret')}")
        name.setAccessibleName(f"{account.name}, {account.appid}, {state_label.text()}")
        for column, widget in enumerate((tile, name, badge, appid, state_label)):
            self._grid.addWidget(widget, row, column)
