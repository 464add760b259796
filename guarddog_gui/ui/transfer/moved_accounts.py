"""List of the accounts in an exported file, each with what becomes of it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from guarddog_gui.domain.transfer import ImportPlan, MovedAccount
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.account_labels import AccountTile, ElidedLabel, EnvironmentBadge
from guarddog_gui.ui.widgets.layouts import make_column, make_row


class MovedAccountList(QWidget):
    """Rows with tile, name, environment, and "new here" or "exists here"."""

    def __init__(self, formatter: Formatter) -> None:
        super().__init__()
        self._formatter = formatter
        self._plan: ImportPlan | None = None
        self._rows: list[QWidget] = []
        self.setLayout(make_column(spacing=8))

    def show_plan(self, plan: ImportPlan) -> None:
        self._plan = plan
        self.retranslate()

    def retranslate(self) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        if self._plan is None:
            self._rows = []
            return
        states = [(moved, self.tr("new here")) for moved in self._plan.added]
        states += [(moved, self.tr("exists here")) for moved in self._plan.kept]
        self._rows = [self._make_row(moved, state) for moved, state in states]
        for row in self._rows:
            self.layout().addWidget(row)  # type: ignore[union-attr]  # set above

    def _make_row(self, moved: MovedAccount, state: str) -> QWidget:
        account, row = moved.account, QWidget()
        tile, name, badge = AccountTile(20), ElidedLabel(), EnvironmentBadge()
        tile.set_account(account)
        name.set_text(account.name)
        badge.set_environment(account.environment, self._formatter.environment_badge(account.environment))
        appid = QLabel(textFormat=Qt.TextFormat.PlainText)
        appid.setText(account.appid)
        appid.setForegroundRole(appid.palette().ColorRole.PlaceholderText)
        state_label = QLabel(textFormat=Qt.TextFormat.PlainText)
        state_label.setText(state if moved.secret is not None else f"{state} · {self.tr('no AppSecret')}")
        row.setLayout(make_row(tile, (name, 1), badge, appid, state_label))
        row.setAccessibleName(f"{account.name}, {account.appid}, {state_label.text()}")
        return row
