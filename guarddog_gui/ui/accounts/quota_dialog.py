"""Dialog that shows how much of its daily API quota an account has used, and clears the counters."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialogButtonBox, QMessageBox, QPushButton, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.wechat.account_queries import MONTHLY_CLEARS_MAX, Quota, QuotaCleared
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import QueryKind
from guarddog_gui.services.account_queries import QueryAnswer
from guarddog_gui.ui.accounts.query_dialog import QueryDialog
from guarddog_gui.ui.formatter import Formatter


class QuotaDialog(QueryDialog):
    """Dialog with the quota of each WeChat API that Guard Dog calls."""

    def __init__(
        self, controller: Controller, formatter: Formatter, account: Account, parent: QWidget | None = None
    ) -> None:
        super().__init__(controller, formatter, account, parent)
        self._clear_button = QPushButton()
        self._clear_button.setAutoDefault(False)  # clearing is limited, so Enter must not do it
        self._clear_button.clicked.connect(self._on_clear_clicked)
        self._button_box.addButton(self._clear_button, QDialogButtonBox.ButtonRole.ActionRole)
        self.retranslate()
        self.start_query(QueryKind.QUOTAS)

    def retranslate(self) -> None:
        super().retranslate()
        self.setWindowTitle(self.tr("Quota of {name}").format(name=self._account.name))
        self._clear_button.setText(self.tr("Clear the counters…"))

    def update_buttons(self) -> None:
        self._clear_button.setEnabled(not self.is_waiting)

    def answer_text(self, answer: QueryAnswer) -> str:
        match answer:
            case QuotaCleared():
                return self._formatter.messages.text(
                    "The day's counters are at zero again. Guard Dog has done this {done} of {most} times this month.",
                    done=self._count_clears(),
                    most=MONTHLY_CLEARS_MAX,
                )
            case tuple():
                return "\n".join(self._quota_line(quota) for quota in answer)
            case _:
                return ""

    def _quota_line(self, quota: Quota) -> str:
        return self._formatter.messages.text(
            "{path}: {used} of {limit} used today, {remain} left",
            path=quota.path,
            used=quota.used,
            limit=quota.limit,
            remain=quota.remaining,
        )

    def _count_clears(self) -> int:
        return self._controller.history_queries.count_quota_clears_this_month(self._account.appid)

    @Slot()
    def _on_clear_clicked(self) -> None:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(self.windowTitle())
        box.setText(self.tr("Set all counters of today to zero?"))
        box.setInformativeText(
            self.tr(
                "Guard Dog has done it {done} of {most} times this month; the button in WeChat's console counts, too."
            ).format(done=self._count_clears(), most=MONTHLY_CLEARS_MAX)
        )
        clear = box.addButton(self.tr("Clear"), QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(cancel)
        box.exec()
        if box.clickedButton() is clear:
            self.start_query(QueryKind.CLEAR_QUOTA)
