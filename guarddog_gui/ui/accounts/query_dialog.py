"""Answers of WeChat that take more than a line: the quota of an account, and what a rid was about."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QLabel,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.refresh.history import HistoryEntry
from guarddog_gui.domain.wechat.account_queries import (
    MONTHLY_CLEARS_MAX,
    Quota,
    QuotaCleared,
    RidReport,
    TokenValid,
)
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import JobCrashed, JobFailed, JobResult, QueryKind, QueryResult, QueryWeChat
from guarddog_gui.services.account_queries import QueryAnswer
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.auto_height_dialog import AutoHeightDialog
from guarddog_gui.ui.widgets.plain_text import button_box_without_icons


class QueryDialog(AutoHeightDialog):
    """Asks once when it opens and shows the answer as plain text."""

    def __init__(
        self,
        controller: Controller,
        formatter: Formatter,
        account: Account,
        entry: HistoryEntry | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """With an `entry` it asks about its rid, without one about the quota."""
        super().__init__(parent)
        self._controller = controller
        self._formatter = formatter
        self._account = account
        self._entry = entry
        self._query_job: QueryWeChat | None = None
        self._job_result: JobResult | None = None
        self._answer_label = QLabel()
        self._answer_label.setTextFormat(Qt.TextFormat.PlainText)
        self._answer_label.setWordWrap(True)
        self._answer_label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._clear_quota_button = QPushButton()
        self._clear_quota_button.setAutoDefault(False)
        self._clear_quota_button.clicked.connect(self._on_clear_quota_clicked)
        self._button_box = button_box_without_icons(QDialogButtonBox.StandardButton.Close)
        if entry is None:  # a box shows what it is given, hidden or not
            self._button_box.addButton(self._clear_quota_button, QDialogButtonBox.ButtonRole.ActionRole)
        self._button_box.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(self._answer_label, 1)
        layout.addWidget(self._button_box)
        self.setMinimumSize(480, 160)
        controller.job_done.connect(self._on_job_done)
        self.retranslate()
        self._start_query(QueryKind.QUOTAS if entry is None else QueryKind.RID)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Say everything again in the language of now."""
        title = (
            self.tr("Quota of {name}") if self._entry is None else self.tr("What WeChat knows of this rid")
        )
        self.setWindowTitle(title.format(name=self._account.name))
        self._clear_quota_button.setText(self.tr("Clear the counters…"))
        self._button_box.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        if self._job_result is not None:
            self._show_result(self._job_result)

    def _start_query(self, kind: QueryKind) -> None:
        rid = self._entry.rid or "" if self._entry is not None else ""
        self._query_job = self._controller.query_wechat(self._account, kind, rid)
        self._answer_label.setText(self.tr("Asking WeChat…"))
        self._clear_quota_button.setEnabled(False)

    @Slot(object, object)
    def _on_job_done(self, job: object, job_result: JobResult) -> None:
        if job is not self._query_job:
            return
        self._query_job = None
        self._job_result = job_result
        self._clear_quota_button.setEnabled(True)
        self._show_result(job_result)

    def _show_result(self, job_result: JobResult) -> None:
        match job_result:
            case QueryResult(heard):
                self._answer_label.setText(self._answer_text(heard))
            case JobFailed(reason):
                self._answer_label.setText(self._formatter.messages.for_error(reason).text)
            case JobCrashed():
                self._answer_label.setText(self._formatter.messages.for_crash().text)
            case _:
                pass

    def _answer_text(self, answer: QueryAnswer) -> str:
        say = self._formatter.messages.text
        match answer:
            case RidReport():
                return self._rid_report_text(answer)
            case QuotaCleared():
                done = self._controller.count_quota_clears_this_month(self._account.appid)
                return say(
                    "The day's counters are at zero again. Guard Dog has done this {done} of {most} "
                    "times this month.",
                    done=done,
                    most=MONTHLY_CLEARS_MAX,
                )
            case TokenValid():
                return say("WeChat takes this token.")
            case tuple():
                return "\n".join(self._quota_line(quota) for quota in answer)
            case _:
                return self._formatter.messages.for_failed_query(answer).text

    def _quota_line(self, quota: Quota) -> str:
        return self._formatter.messages.text(
            "{path}: {used} of {limit} used today, {remain} left",
            path=quota.path,
            used=quota.used,
            limit=quota.limit,
            remain=quota.remaining,
        )

    def _rid_report_text(self, report: RidReport) -> str:
        lines = (
            (self.tr("Time"), self._formatter.time_format.format_full(report.requested_at)),
            (self.tr("Took"), f"{report.cost_ms} ms"),
            (self.tr("From"), report.client_ip),
            (self.tr("Request"), report.url),
            (self.tr("Body"), report.body),
            (self.tr("Answer"), report.response),
        )
        line = self.tr("{name}: {value}")
        return "\n".join(line.format(name=name, value=value) for name, value in lines if value)

    @Slot()
    def _on_clear_quota_clicked(self) -> None:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(self.windowTitle())
        box.setText(self.tr("Set all counters of today to zero?"))
        box.setInformativeText(
            self.tr(
                "Guard Dog has done it {done} of {most} times this month;"
                " the button in WeChat's console counts, too."
            ).format(
                done=self._controller.count_quota_clears_this_month(self._account.appid),
                most=MONTHLY_CLEARS_MAX,
            )
        )
        clear = box.addButton(self.tr("Clear"), QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(cancel)
        box.exec()
        if box.clickedButton() is clear:
            self._start_query(QueryKind.CLEAR_QUOTA)
