"""Dialog that imports accounts from an exported file: passphrase, what is in it, and what came of it."""

from collections.abc import Callable
from pathlib import PurePath

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from guarddog_gui.domain.errors import NoSuchAccount
from guarddog_gui.domain.transfer import ImportPlan, TransferProblem
from guarddog_gui.runtime.jobs import JobFailed, JobFailure, JobHandle
from guarddog_gui.runtime.window.transfer_jobs import ImportAccounts, OpenedFile
from guarddog_gui.runtime.window.window_jobs import AccountJobs
from guarddog_gui.services.accounts.transfer import NotImported
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.texts import join_sentences
from guarddog_gui.services.messages.transfer import (
    imported_message,
    left_out_messages,
    not_imported_message,
    refused_import_message,
    transfer_problem_message,
)
from guarddog_gui.ui.dialogs.auto_height_dialog import FormScrollArea
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.fonts import CARD_TITLE, scaled_font
from guarddog_gui.ui.transfer.moved_accounts import MovedAccountList
from guarddog_gui.ui.transfer.passphrase_field import PassphraseField
from guarddog_gui.ui.transfer.writing_dialog import WritingDialog
from guarddog_gui.ui.widgets.controls.check_box import CheckBox
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row
from guarddog_gui.ui.widgets.strip import Severity
from guarddog_gui.ui.widgets.text.message_view import MessageView

WIDTH = 580
LIST_HEIGHT_MAX = 320  # pixels; more accounts are scrolled


class ImportDialog(WritingDialog):
    """Opens the file with the passphrase, shows its accounts, and imports them when the user says so."""

    imported = Signal(bool)  # the settings of the file were taken over

    def __init__(
        self, account_jobs: AccountJobs, formatter: Formatter, path: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._account_jobs = account_jobs
        self._formatter = formatter
        self._path = path
        self._opened: OpenedFile | None = None
        self._job: JobHandle[OpenedFile | TransferProblem] | JobHandle[ImportPlan | NotImported] | None = None
        self._is_done = False
        self._heading = QLabel()
        self._heading.setFont(scaled_font(self.font(), CARD_TITLE, self._heading.font().Weight.DemiBold))
        self._field = PassphraseField("passphrase")
        self._account_list = MovedAccountList(formatter)
        self.scroll_area = self._list_area = FormScrollArea(self._account_list)
        self._list_area.setMaximumHeight(LIST_HEIGHT_MAX)
        self._replace_box, self._settings_box = CheckBox(), CheckBox()
        self._message_view = MessageView(formatter.icons)
        self._cancel_button = QPushButton()
        set_kind(self._cancel_button, ButtonKind.PLAIN)
        self._cancel_button.clicked.connect(self.reject)
        self._accept_button = QPushButton()
        set_kind(self._accept_button, ButtonKind.PRIMARY)
        self._accept_button.clicked.connect(self._on_accept_clicked)
        for widget in (self._list_area, self._replace_box, self._settings_box):
            widget.hide()
        buttons = make_row(STRETCH, self._cancel_button, self._accept_button)
        boxes = make_column(self._replace_box, self._settings_box)
        parts = (self._heading, self._field, (self._list_area, 1), boxes, self._message_view, STRETCH, buttons)
        self.setLayout(make_column(*parts, spacing=12, margin=24))
        self._accept_button.setDefault(True)  # only once it is in the dialog
        self.setMinimumWidth(WIDTH)
        self.retranslate()
        self._field.input.setFocus()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Import accounts"))
        self._heading.setText(self.tr("Import accounts from {file}").format(file=PurePath(self._path).name))
        self._field.set_label(self.tr("Passphrase"))
        self._replace_box.setText(self.tr("Replace accounts that exist here, with their AppSecrets"))
        self._settings_box.setText(self.tr("Take over the settings of the file, too"))
        self._accept_button.setText(self.tr("Import") if self._opened is not None else self.tr("Open"))
        self._cancel_button.setText(self.tr("Close") if self._is_done else self.tr("Cancel"))
        self._account_list.retranslate()
        self._message_view.retranslate()

    @Slot()
    def _on_accept_clicked(self) -> None:
        if self._opened is None:
            job = self._account_jobs.read_transfer_file(self._path, self._field.passphrase)
            job.notify(self._on_read, self._on_failed)
            self._wait(job, self.tr("Opening the file: this takes a few seconds…"))
            return
        content = self._opened.content
        request = ImportAccounts(content, self._replace_box.isChecked(), self._settings_box.isChecked())
        import_job = self._account_jobs.import_accounts(request)
        import_job.notify(self._on_imported, self._on_failed)
        self._wait(import_job, self.tr("Importing: this takes a moment and cannot be cancelled…"))
        self._cancel_button.setEnabled(False)
        self.begin_writing()

    def _wait(
        self, job: JobHandle[OpenedFile | TransferProblem] | JobHandle[ImportPlan | NotImported], text: str
    ) -> None:
        self._job = job
        self._message_view.show_message(lambda: Message(text))
        self._set_enabled(False)

    def _set_enabled(self, is_enabled: bool) -> None:  # noqa: FBT001 - the one value
        for widget in (self._field, self._replace_box, self._settings_box, self._accept_button):
            widget.setEnabled(is_enabled)

    @Slot(object)
    def _on_read(self, result: OpenedFile | TransferProblem) -> None:
        self._set_enabled(True)
        messages, path = self._formatter.messages, self._path
        if isinstance(result, TransferProblem):
            self._message_view.clear()
            self._field.set_error(transfer_problem_message(result, PurePath(path).name, messages).text)
            self._field.input.setFocus()
            self._field.input.selectAll()
            return
        self.show_opened(result)

    def show_opened(self, result: OpenedFile) -> None:
        """Show what is in the file, in the place of the passphrase."""
        messages = self._formatter.messages
        self._opened = result
        self._field.input.clear()
        self._field.hide()
        self._account_list.show_plan(result.plan)
        self._list_area.show()
        self._replace_box.setVisible(bool(result.plan.kept))
        self._settings_box.setChecked(not result.plan.kept)  # a new computer is to be as the old one was
        self._settings_box.show()
        plan = result.plan
        if plan.left_out:
            self._message_view.show_message(lambda: _join(left_out_messages(plan, messages)), Severity.WARN)
        else:
            self._message_view.clear()
        self.retranslate()
        self._accept_button.setFocus()

    @Slot(object, object)
    def _on_imported(self, result: ImportPlan | NotImported, job: ImportAccounts) -> None:
        self._end_import()
        messages = self._formatter.messages
        if isinstance(result, NotImported):
            self._fail(lambda: not_imported_message(result, messages))
            return
        self._is_done = True
        for widget in (self._list_area, self._replace_box, self._settings_box, self._accept_button):
            widget.hide()
        self._message_view.show_message(lambda: imported_message(result, messages), Severity.OK)
        self.retranslate()
        self._cancel_button.setFocus()
        self.imported.emit(job.takes_settings)

    @Slot(object)
    def _on_failed(self, failure: JobFailure) -> None:
        self._end_import()
        messages = self._formatter.messages
        if isinstance(failure, JobFailed) and not isinstance(failure.error, NoSuchAccount):
            error = failure.error
            self._fail(lambda: refused_import_message(error, messages))
        else:
            self._fail(lambda: self._formatter.job_failure_message(failure))

    def _end_import(self) -> None:
        self.end_writing()
        self._cancel_button.setEnabled(True)

    def _fail(self, make_message: Callable[[], Message]) -> None:
        self._job = None
        self._message_view.show_message(make_message, Severity.BAD)
        self._set_enabled(True)


def _join(messages: list[Message]) -> Message:
    """Return one message with what each of them says, and the advice of the first, which they share."""
    summary = ""
    for message in messages:
        summary = join_sentences(summary, message.summary)
    return Message(summary, messages[0].advice)
