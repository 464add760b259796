"""Dialog that checks if a page is ready for the JS-SDK; it asks the server only when the user says so."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QPushButton, QWidget

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.readiness.checks import Tick, has_failed
from guarddog_gui.domain.readiness.target import CheckTarget, parse_target
from guarddog_gui.runtime.jobs import CheckPage, JobFailure, JobHandle
from guarddog_gui.runtime.signing import SigningController
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.page_check import CheckStopped, PageReport
from guarddog_gui.ui.dialogs.auto_height_dialog import AutoHeightDialog, FormScrollArea
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.readiness.check_list import CheckList
from guarddog_gui.ui.widgets.controls.labelled_field import LabelledField
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row
from guarddog_gui.ui.widgets.strip import Severity
from guarddog_gui.ui.widgets.text.message_view import MessageView
from guarddog_gui.ui.widgets.text.plain_text import WrappedLabel, button_box_without_icons

WIDTH_MIN = 620
MARGIN = 20


class PageCheckDialog(AutoHeightDialog):
    """Fields for the page and WeChat's file, and the list with ticks below; closing it ends a running check."""

    copy_requested = Signal(str, str)  # text to copy and its name

    def __init__(
        self,
        signing: SigningController,
        formatter: Formatter,
        account: Account | None,
        url: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._signing = signing
        self._formatter = formatter
        self._account = account
        self._job: JobHandle[PageReport | CheckStopped] | None = None
        self._report: PageReport | None = None
        domains = account.js_domains if account is not None else ()
        self._hint_label = WrappedLabel("page-check-hint")
        self._page_field = QLineEdit(url or (domains[0] if domains else ""))
        self._file_field = QLineEdit()
        self._fields = {
            "page": LabelledField("page", self._page_field),
            "file": LabelledField("verify-file", self._file_field),
        }
        self._check_button = QPushButton(default=True)
        self._message_view = MessageView(formatter.icons)
        self._check_list = CheckList(formatter.icons, formatter.messages)
        self._copy_button = QPushButton(autoDefault=False)
        self._button_box = button_box_without_icons(QDialogButtonBox.StandardButton.Close)
        self._button_box.addButton(self._copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        self._lay_out()
        self._check_button.clicked.connect(self.check)
        self._copy_button.clicked.connect(self._on_copy_clicked)
        self._button_box.rejected.connect(self.reject)
        self.finished.connect(self._on_closed)
        self.retranslate()
        self._page_field.setFocus()

    def _lay_out(self) -> None:
        form = QWidget()
        column = make_column(
            self._hint_label,
            self._fields["page"],
            self._fields["file"],
            make_row(STRETCH, self._check_button),
            self._message_view,
            self._check_list,
            STRETCH,
            spacing=14,
        )
        form.setLayout(column)
        self.scroll_area = FormScrollArea(form)
        self.setLayout(make_column((self.scroll_area, 1), self._button_box, spacing=14, margin=MARGIN))
        self.setMinimumWidth(WIDTH_MIN)

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Is the page ready?"))
        self._hint_label.setText(
            self.tr(
                "Looks at the page as a browser would: certificate, redirects, WeChat's file. Only this host is "
                "asked, and only when you press Check."
            )
        )
        self._fields["page"].set_label(self.tr("Domain or page"))
        self._page_field.setPlaceholderText("shop.example.cn")
        self._fields["file"].set_label(self.tr("Name of WeChat's file (optional)"))
        self._file_field.setPlaceholderText("MP_verify_….txt")
        self._check_button.setText(self.tr("Check"))
        self._copy_button.setText(self.tr("Copy report"))
        self._button_box.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        self._message_view.retranslate()
        self._show_report()

    @Slot()
    def check(self) -> None:
        """Ask the server, or show at the field why what was typed cannot be checked."""
        target = parse_target(self._page_field.text(), self._file_field.text())
        self._show_problem(target if isinstance(target, InputProblem) else None)
        if isinstance(target, CheckTarget) and self._job is None:
            self._report = None
            self._job = self._signing.check_page(target, self._account)
            self._job.notify(self._on_checked, self._on_check_failed)
            host = target.host
            text = self.tr("Asking {host}…")
            self._message_view.show_message(lambda: Message(text.format(host=host)))
        self._show_report()

    def _show_problem(self, problem: InputProblem | None) -> None:
        text = "" if problem is None else self._formatter.messages.for_bad_input(problem).text
        is_of_file = problem is InputProblem.INVALID_VERIFY_FILE
        self._fields["page"].set_error("" if is_of_file else text)
        self._fields["file"].set_error(text if is_of_file else "")
        if problem is not None:
            (self._file_field if is_of_file else self._page_field).setFocus()

    @Slot(object)
    def _on_checked(self, report: PageReport | CheckStopped) -> None:
        self._job = None
        if isinstance(report, PageReport):
            self._report = report
            self._message_view.show_message(self._verdict, _severity(report))
        self._show_report()

    @Slot(object)
    def _on_check_failed(self, failure: JobFailure) -> None:
        self._job = None
        self._message_view.show_message(lambda: self._formatter.job_failure_message(failure), Severity.BAD)
        self._show_report()

    def _verdict(self) -> Message:
        if self._report is None:
            return Message("")
        host, bad = self._report.target.host, sum(item.tick is Tick.FAILED for item in self._report.items)
        if bad:
            text = self._formatter.messages.plural(
                "{host} is not ready: {count} check failed.", "{host} is not ready: {count} checks failed.", bad,
                host=host, count=bad,
            )  # fmt: skip
            return Message(text)
        if _severity(self._report) is Severity.WARN:
            return Message(self.tr("{host} works, with something to look at.").format(host=host))
        return Message(self.tr("{host} is ready.").format(host=host))

    def _show_report(self) -> None:
        items = self._report.items if self._report is not None else ()
        self._check_list.show_items(items, self._formatter.messages)
        self._copy_button.setEnabled(bool(items))
        self._check_button.setEnabled(self._job is None)

    @Slot()
    def _on_copy_clicked(self) -> None:
        if self._report is not None:
            text = f"{self._report.target.page_url}\n{self._check_list.as_text()}\n"
            self.copy_requested.emit(text, self.tr("the report"))

    @Slot()
    def _on_closed(self) -> None:
        if self._job is not None and isinstance(self._job.job, CheckPage):
            self._job.job.cancelled.set()
            self._job.disconnect(self)
            self._job = None


def _severity(report: PageReport) -> Severity:
    if has_failed(report.items):
        return Severity.BAD
    return Severity.WARN if any(item.tick is Tick.WARNING for item in report.items) else Severity.OK
