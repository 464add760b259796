"""Dialog with today's calls of all accounts, and the way to WeChat's own counters."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QWidget,
)
from shiboken6 import isValid

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh import policy
from guarddog_gui.domain.refresh.history import CallCount
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.fonts import CAPTION, CARD_TITLE, scaled_font
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.text.account_labels import ElidedLabel, EnvironmentBadge
from guarddog_gui.ui.widgets.text.plain_text import make_plain_label

_WIDTH, _HEIGHT = 800, 460
_NAME_WIDTH_MIN = 96


class CallsDialog(QDialog):
    """Table of the calls that Guard Dog has counted since midnight in Beijing, a row per account."""

    quota_query_requested = Signal(object)  # appid

    def __init__(
        self, controller: Controller, formatter: Formatter, accounts: dict[str, Account], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._formatter = formatter
        self._accounts = accounts
        width = _WIDTH if parent is None else min(_WIDTH, max(parent.window().width() - 32, 560))
        self.resize(width, _HEIGHT)
        self.setWindowTitle(self.tr("API quota"))
        note_label = make_plain_label("calls-note")
        note_label.setText(
            self.tr(
                "Calls that Guard Dog made today, Beijing time. WeChat counts those of your other programs, too: "
                "ask it for its own counters."
            )
        )
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnMinimumWidth(0, _NAME_WIDTH_MIN)
        content = QWidget()
        content.setLayout(make_column(self._grid, None, margin=0))
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(content)
        self._title_label = QLabel(self.tr("API quota"))
        self._title_label.setFont(scaled_font(self.font(), CARD_TITLE, QFont.Weight.DemiBold))
        buttons = QDialogButtonBox()
        close_button = QPushButton(self.tr("Close"))
        buttons.addButton(close_button, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        self.setLayout(make_column(self._title_label, note_label, (area, 1), buttons, spacing=16, margin=24))
        controller.history_queries.load_calls_today(tuple(accounts), self._on_loaded)

    def _on_loaded(self, counts: tuple[tuple[str, CallCount], ...]) -> None:
        if not isValid(self):  # the dialog may be closed before a slow disk answers
            return
        headings = (self.tr("Account"), self.tr("Calls"), self.tr("automatic"), self.tr("forced left"))
        for column, text in enumerate(headings):
            label = QLabel(text)
            label.setFont(scaled_font(self.font(), CAPTION, label.font().Weight.DemiBold))
            self._grid.addWidget(label, 0, column * 2 if column == 0 else column + 1)
        for number, (appid, count) in enumerate(counts, 1):
            self._add_row(number, self._accounts[appid], count)

    def _add_row(self, number: int, account: Account, count: CallCount) -> None:
        name, badge = ElidedLabel(), EnvironmentBadge()
        name.set_text(account.name)
        name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # all of the width that is free
        badge.set_environment(account.environment, self._formatter.environment_badge(account.environment))
        calls = " · ".join(f"{key.lower()} {calls}" for key, calls in count.by_key) or self.tr("none")
        budget = f"{count.automatic} / {policy.DAILY_CALL_BUDGET}"
        left = f"{max(0, policy.DAILY_FORCED_MAX - count.forced)} / {policy.DAILY_FORCED_MAX}"
        button = QPushButton(self.tr("Ask WeChat…"), autoDefault=False)
        button.setAccessibleName(self.tr("Ask WeChat for the counters of {name}").format(name=account.name))
        button.setProperty("appid", account.appid)
        button.clicked.connect(self._on_query_clicked)
        texts = [QLabel(text, textFormat=Qt.TextFormat.PlainText) for text in (calls, budget, left)]
        for column, widget in enumerate((name, badge, *texts, button)):
            self._grid.addWidget(widget, number, column)

    @Slot()
    def _on_query_clicked(self) -> None:
        self.quota_query_requested.emit(self.sender().property("appid"))
