"""Dialog with the IP address that WeChat sees for an account, whether it changed, and the proxy in between."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.runtime.jobs import JobFailure, JobHandle
from guarddog_gui.runtime.window.window_jobs import AccountJobs
from guarddog_gui.services.messages.health.address import address_message, asked_message, proxy_in_use_text
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.own_address import AddressReport
from guarddog_gui.ui.dialogs.auto_height_dialog import AutoHeightDialog, FormScrollArea
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.fonts import TITLE, code_font, scaled_font
from guarddog_gui.ui.widgets.layouts import make_column
from guarddog_gui.ui.widgets.strip import Severity
from guarddog_gui.ui.widgets.text.message_view import MessageView
from guarddog_gui.ui.widgets.text.plain_text import WrappedLabel, button_box_without_icons, make_selectable_label

WIDTH_MIN = 480
MARGIN = 20


class AddressDialog(AutoHeightDialog):
    """Shows what the history knows; WeChat is asked only when the user says so."""

    copy_requested = Signal(str, str)  # text to copy and its name

    def __init__(
        self, account_jobs: AccountJobs, formatter: Formatter, account: Account, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._account_jobs = account_jobs
        self._formatter = formatter
        self._account = account
        self._job: JobHandle[AddressReport] | None = None
        self._report: AddressReport | None = None
        self._address_label = make_selectable_label("address")
        self._address_label.setFont(code_font(scaled_font(self.font(), TITLE)))
        self._known_view = MessageView(formatter.icons, "known")
        self._answer_view = MessageView(formatter.icons, "answer")
        self._proxy_label = make_selectable_label("proxy-in-use")
        self._hint_label = WrappedLabel("address-hint")
        self._ask_button = QPushButton(default=True)
        set_kind(self._ask_button, ButtonKind.PRIMARY)
        self._copy_button = QPushButton(autoDefault=False)
        self._button_box = button_box_without_icons(QDialogButtonBox.StandardButton.Close)
        self._button_box.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        for button in (self._ask_button, self._copy_button):
            self._button_box.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        content = QWidget()
        parts = (self._address_label, self._known_view, self._answer_view, self._proxy_label, self._hint_label)
        content.setLayout(make_column(*parts, spacing=12))
        self.scroll_area = FormScrollArea(content)
        self.setLayout(make_column((self.scroll_area, 1), self._button_box, spacing=14, margin=MARGIN))
        self.setMinimumWidth(WIDTH_MIN)
        self._ask_button.clicked.connect(self._on_ask_clicked)
        self._copy_button.clicked.connect(self._on_copy_clicked)
        self._button_box.rejected.connect(self.reject)
        self.retranslate()
        self._find(asks=False)

    def retranslate(self) -> None:
        name = self._account.name
        self.setWindowTitle(self.tr("IP address that WeChat sees for {name}").format(name=name))
        self._hint_label.setText(
            self.tr(
                "WeChat is asked without the AppSecret, by calls that it refuses: no token is made or ended. Only "
                "WeChat's own answer tells the address that the IP whitelist is compared with."
            )
        )
        self._ask_button.setText(self.tr("Ask WeChat now"))
        self._copy_button.setText(self.tr("Copy"))
        self._button_box.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        self._known_view.retranslate()
        self._answer_view.retranslate()
        self._show()

    def _find(self, *, asks: bool) -> None:
        self._job = self._account_jobs.find_address(self._account, asks=asks)
        self._job.notify(self._on_found, self._on_failed)
        if asks:
            text = self.tr("Asking WeChat…")
            self._answer_view.show_message(lambda: Message(text))
        self._show()

    @Slot()
    def _on_ask_clicked(self) -> None:
        self._find(asks=True)

    @Slot(object)
    def _on_found(self, report: AddressReport) -> None:
        self._job, self._report = None, report
        latest = report.known.latest
        severity = Severity.INFO if latest is None or latest.is_listed is None else Severity.OK
        if latest is not None and latest.is_listed is False:
            severity = Severity.WARN
        self._known_view.show_message(self._known_message, severity)
        self._answer_view.show_message(self._answer_message, Severity.WARN)
        self._show()

    def _known_message(self) -> Message:
        return Message("") if self._report is None else address_message(self._report.known, self._formatter.messages)

    def _answer_message(self) -> Message:
        answer = self._report.answer if self._report is not None else None
        message = asked_message(answer, self._formatter.messages) if answer is not None else None
        return message or Message("")

    @Slot(object)
    def _on_failed(self, failure: JobFailure) -> None:
        self._job = None
        self._answer_view.show_message(lambda: self._formatter.job_failure_message(failure), Severity.BAD)
        self._show()

    def _show(self) -> None:
        report = self._report
        latest = report.known.latest if report is not None else None
        self._address_label.setText("" if latest is None else latest.ip)
        self._address_label.setVisible(latest is not None)
        proxy = proxy_in_use_text(report.proxy, self._formatter.messages) if report is not None else ""
        self._proxy_label.setText(proxy)
        self._proxy_label.setVisible(bool(proxy))
        self._ask_button.setEnabled(self._job is None)
        self._copy_button.setEnabled(latest is not None)

    @Slot()
    def _on_copy_clicked(self) -> None:
        self.copy_requested.emit(self._address_label.text(), self.tr("the IP address"))
