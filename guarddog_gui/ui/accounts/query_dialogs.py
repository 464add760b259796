"""Dialogs that ask WeChat about an account and show the answer."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QWidget
from shiboken6 import isValid

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, SecretMissing
from guarddog_gui.domain.wechat.account_queries import MONTHLY_CLEARS_MAX, Quota, QuotaCleared, RidReport
from guarddog_gui.domain.wechat.protocol import Refusal, TransportFailure
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import JobCrashed, JobFailed, JobFailure, JobHandle, QueryKind
from guarddog_gui.services.account_queries import NoLiveToken, QueryAnswer
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.texts import format_timestamp
from guarddog_gui.ui.dialogs.auto_height_dialog import AutoHeightDialog
from guarddog_gui.ui.dialogs.confirm_dialog import ConfirmDialog
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.text.plain_text import button_box_without_icons, make_selectable_label


class QueryDialog(AutoHeightDialog):
    """Base of the dialogs that send one query when they open and show the answer as plain text."""

    def __init__(
        self, controller: Controller, formatter: Formatter, account: Account, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._formatter = formatter
        self._account = account
        self._query_job: JobHandle[QueryAnswer] | None = None
        self._result: QueryAnswer | JobFailure | None = None
        self._answer_label = make_selectable_label("answer")
        self._answer_label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._button_box = button_box_without_icons(QDialogButtonBox.StandardButton.Close)
        self._button_box.rejected.connect(self.reject)
        self.setLayout(make_column((self._answer_label, 1), self._button_box, spacing=16, margin=24))
        self.setMinimumWidth(480)

    def retranslate(self) -> None:
        self._button_box.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        if self._result is not None:
            self._answer_label.setText(self._result_text(self._result))

    @property
    def is_waiting(self) -> bool:
        return self._query_job is not None

    def start_query(self, kind: QueryKind, rid: str = "") -> None:
        """Send a query to WeChat; the answer replaces the shown text."""
        self._query_job = self._controller.account_jobs.query_wechat(self._account, kind, rid)
        self._query_job.notify(self._on_query_ended, self._on_query_ended)
        self._answer_label.setText(self.tr("Asking WeChat…"))
        self.update_buttons()

    def update_buttons(self) -> None:
        """Enable the buttons that can be used now. Subclasses with such buttons override it."""

    def answer_text(self, answer: QueryAnswer) -> str:
        """Return the text for an answer other than a failure. Overridden by each subclass."""
        raise NotImplementedError

    @Slot(object)
    def _on_query_ended(self, result: QueryAnswer | JobFailure) -> None:
        self.show_result(result)

    def show_result(self, result: QueryAnswer | JobFailure) -> None:
        self._query_job = None
        self._result = result
        self.update_buttons()
        self._answer_label.setText(self._result_text(result))

    def _result_text(self, result: QueryAnswer | JobFailure) -> str:
        match result:
            case JobFailed() | JobCrashed():
                return self._formatter.job_failure_message(result).text
            case Refusal() | TransportFailure() | NoLiveToken():
                return self._formatter.messages.for_failed_query(result).text
            case SecretMissing() | KeyringIsLocked() | KeyringIsDown():
                return self._formatter.messages.for_keyring_result(result).text
            case _:
                return self.answer_text(result)


class QuotaDialog(QueryDialog):
    """Dialog with the daily quota of each WeChat API that Guard Dog calls, and a button to clear the counters."""

    def __init__(
        self, controller: Controller, formatter: Formatter, account: Account, parent: QWidget | None = None
    ) -> None:
        super().__init__(controller, formatter, account, parent)
        self._clears = 0  # this month
        self._has_live_token = True
        self._clear_button = QPushButton(autoDefault=False)  # clearing is limited, so Enter must not do it
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

    def _result_text(self, result: QueryAnswer | JobFailure) -> str:
        """Say without a token that the counters can be cleared all the same."""
        text = super()._result_text(result)
        if not isinstance(result, NoLiveToken):
            return text
        return f"{text}\n\n" + self.tr(
            "If WeChat gives no token because today's calls are used up (45009): the counters can be cleared with the "
            "stored AppSecret."
        )

    def answer_text(self, answer: QueryAnswer) -> str:
        match answer:
            case QuotaCleared():
                return self._formatter.messages.text(
                    "The day's counters are at zero again. Guard Dog has done this {done} of {most} times this month.",
                    done=self._clears,
                    most=MONTHLY_CLEARS_MAX,
                )
            case tuple():
                return "\n".join(map(self._quota_line, answer))
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

    def show_result(self, result: QueryAnswer | JobFailure) -> None:
        if not isinstance(result, QuotaCleared):
            self._has_live_token = not isinstance(result, NoLiveToken)
            super().show_result(result)
            return
        if not self._has_live_token:  # WeChat gives one again
            self._controller.refresh(self._account.appid)

        def show(clears: int) -> None:
            if isValid(self):  # the dialog may be closed before a slow disk answers
                self._clears = clears
                super(QuotaDialog, self).show_result(result)

        self._controller.history_queries.load_quota_clears_this_month(self._account.appid, show)

    @Slot()
    def _on_clear_clicked(self) -> None:
        def confirm_clear(clears: int) -> None:
            if isValid(self):
                self._confirm_clear(clears)

        self._controller.history_queries.load_quota_clears_this_month(self._account.appid, confirm_clear)

    def _confirm_clear(self, clears: int) -> None:
        advice = self.tr(
            "Guard Dog has done it {done} of {most} times this month; the button in WeChat's console counts, too."
        ).format(done=clears, most=MONTHLY_CLEARS_MAX)
        if not self._has_live_token:
            advice = f"{advice} " + self.tr("Without a live token WeChat gets the stored AppSecret (clear_quota/v2).")
        message = Message(self.tr("Set all counters of today to zero?"), advice)
        if ConfirmDialog(self, message, self.tr("Cancel"), self.tr("Clear the counters"), is_destructive=True).ask():
            self.start_query(QueryKind.CLEAR_QUOTA)


class RidDialog(QueryDialog):
    """Dialog with WeChat's report about a request of the last seven days (see WeChat's page getRidInfo).

    WeChat finds the request by its rid (request id).
    """

    def __init__(
        self, controller: Controller, formatter: Formatter, account: Account, rid: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(controller, formatter, account, parent)
        self.retranslate()
        self.start_query(QueryKind.RID, rid)

    def retranslate(self) -> None:
        super().retranslate()
        self.setWindowTitle(self.tr("What WeChat knows of this rid"))

    def answer_text(self, answer: QueryAnswer) -> str:
        if not isinstance(answer, RidReport):
            return ""
        values = (
            (self.tr("Time"), format_timestamp(answer.requested_at)),
            (self.tr("Took"), f"{answer.cost_ms} ms"),
            (self.tr("From"), answer.client_ip),
            (self.tr("Request"), answer.url),
            (self.tr("Body"), answer.body),
            (self.tr("Answer"), answer.response),
        )
        line = self.tr("{name}: {value}")
        return "\n".join(line.format(name=name, value=value) for name, value in values if value)
