"""Base of the dialogs that ask WeChat about an account and show the answer."""

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QDialogButtonBox, QVBoxLayout, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.wechat.protocol import Refusal, TransportFailure
from guarddog_gui.runtime.controller import Controller
from guarddog_gui.runtime.jobs import JobCrashed, JobFailed, JobFailure, JobHandle, QueryKind
from guarddog_gui.services.account_queries import NoLiveToken, QueryAnswer
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.auto_height_dialog import AutoHeightDialog
from guarddog_gui.ui.widgets.plain_text import button_box_without_icons, make_selectable_label


class QueryDialog(AutoHeightDialog):
    """Dialog that sends one query when it opens and shows the answer as plain text."""

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
        self._button_box = button_box_without_icons(QDialogButtonBox.StandardButton.Close)
        self._button_box.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(self._answer_label, 1)
        layout.addWidget(self._button_box)
        self.setMinimumSize(480, 160)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Set all texts in the current language."""
        self._button_box.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        if self._result is not None:
            self._answer_label.setText(self._result_text(self._result))

    @property
    def is_waiting(self) -> bool:
        """Return whether the answer to the last query is pending."""
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
        self._query_job = None
        self._result = result
        self.update_buttons()
        self._answer_label.setText(self._result_text(result))

    def _result_text(self, result: QueryAnswer | JobFailure) -> str:
        match result:
            case JobFailed(error):
                return self._formatter.messages.for_error(error).text
            case JobCrashed():
                return self._formatter.messages.for_crash().text
            case Refusal() | TransportFailure() | NoLiveToken():
                return self._formatter.messages.for_failed_query(result).text
            case _:
                return self.answer_text(result)
