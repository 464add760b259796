"""Base of the dialogs that ask WeChat about an account and show the answer."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.wechat.protocol import Refusal, TransportFailure
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import JobCrashed, JobFailed, JobResult, QueryKind, QueryResult, QueryWeChat
from guarddog_gui.services.account_queries import NoLiveToken, QueryAnswer
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.auto_height_dialog import AutoHeightDialog
from guarddog_gui.ui.widgets.plain_text import button_box_without_icons


class QueryDialog(AutoHeightDialog):
    """Dialog that sends one query when it opens and shows the answer as plain text."""

    def __init__(
        self, controller: Controller, formatter: Formatter, account: Account, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._formatter = formatter
        self._account = account
        self._query_job: QueryWeChat | None = None
        self._job_result: JobResult | None = None
        self._answer_label = QLabel()
        self._answer_label.setObjectName("answer")
        self._answer_label.setTextFormat(Qt.TextFormat.PlainText)
        self._answer_label.setWordWrap(True)
        self._answer_label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._button_box = button_box_without_icons(QDialogButtonBox.StandardButton.Close)
        self._button_box.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(self._answer_label, 1)
        layout.addWidget(self._button_box)
        self.setMinimumSize(480, 160)
        controller.job_done.connect(self._on_job_done)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Set all texts in the current language."""
        self._button_box.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        if self._job_result is not None:
            self._show_result(self._job_result)

    @property
    def is_waiting(self) -> bool:
        """Return whether the answer to the last query is pending."""
        return self._query_job is not None

    def start_query(self, kind: QueryKind, rid: str = "") -> None:
        """Send a query to WeChat; the answer replaces the shown text."""
        self._query_job = self._controller.query_wechat(self._account, kind, rid)
        self._answer_label.setText(self.tr("Asking WeChat…"))
        self.update_buttons()

    def update_buttons(self) -> None:
        """Enable the buttons that can be used now. Subclasses with such buttons override it."""

    def answer_text(self, answer: QueryAnswer) -> str:
        """Return the text for an answer other than a failure. Overridden by each subclass."""
        raise NotImplementedError

    @Slot(object, object)
    def _on_job_done(self, job: object, job_result: JobResult) -> None:
        if job is not self._query_job:
            return
        self._query_job = None
        self._job_result = job_result
        self.update_buttons()
        self._show_result(job_result)

    def _show_result(self, job_result: JobResult) -> None:
        match job_result:
            case QueryResult(Refusal() | TransportFailure() | NoLiveToken() as failure):
                self._answer_label.setText(self._formatter.messages.for_failed_query(failure).text)
            case QueryResult(answer):
                self._answer_label.setText(self.answer_text(answer))
            case JobFailed(reason):
                self._answer_label.setText(self._formatter.messages.for_error(reason).text)
            case JobCrashed():
                self._answer_label.setText(self._formatter.messages.for_crash().text)
            case _:
                pass
