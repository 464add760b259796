"""Dialog that exports all accounts into a file encrypted with a passphrase."""

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget

from guarddog_gui.domain.transfer import PASSPHRASE_LENGTH_MIN, TransferContent
from guarddog_gui.runtime.jobs import JobFailure, JobHandle
from guarddog_gui.runtime.window.window_jobs import AccountJobs
from guarddog_gui.services.accounts.transfer import NotExported
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.transfer import exported_message, not_exported_message, passphrase_message
from guarddog_gui.ui.dialogs.confirm_dialog import ConfirmDialog
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.style.button_kind import ButtonKind, set_kind
from guarddog_gui.ui.style.fonts import CARD_TITLE, scaled_font
from guarddog_gui.ui.transfer.passphrase_field import PassphraseField
from guarddog_gui.ui.transfer.writing_dialog import WritingDialog
from guarddog_gui.ui.widgets.layouts import STRETCH, make_column, make_row
from guarddog_gui.ui.widgets.strip import Severity
from guarddog_gui.ui.widgets.text.message_view import MessageView
from guarddog_gui.ui.widgets.text.plain_text import WrappedLabel

WIDTH = 460
SUFFIX = ".age"
FILE_NAME = f"guarddog-accounts{SUFFIX}"


class ExportDialog(WritingDialog):
    """Asks for a passphrase twice and for a file, exports, and shows what came of it."""

    def __init__(self, account_jobs: AccountJobs, formatter: Formatter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account_jobs = account_jobs
        self._formatter = formatter
        self._job: JobHandle[TransferContent | NotExported] | None = None
        self._path = ""
        self._is_done = False
        self._heading = QLabel()
        self._heading.setFont(scaled_font(self.font(), CARD_TITLE, self._heading.font().Weight.DemiBold))
        self._explanation = WrappedLabel("explanation")
        self._field, self._repeated_field = PassphraseField("passphrase"), PassphraseField("passphrase-again")
        self._message_view = MessageView(formatter.icons)
        self._cancel_button = QPushButton()
        set_kind(self._cancel_button, ButtonKind.PLAIN)
        self._cancel_button.clicked.connect(self.reject)
        self._export_button = QPushButton()
        set_kind(self._export_button, ButtonKind.PRIMARY)
        self._export_button.clicked.connect(self._on_export_clicked)
        buttons = make_row(STRETCH, self._cancel_button, self._export_button)
        fields = make_column(self._field, self._repeated_field, spacing=12)
        parts = (self._heading, self._explanation, fields, self._message_view, STRETCH, buttons)
        self.setLayout(make_column(*parts, spacing=12, margin=24))
        self._export_button.setDefault(True)  # only once it is in the dialog
        self.setMinimumWidth(WIDTH)
        self.retranslate()
        self._field.input.setFocus()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Export accounts"))
        self._heading.setText(self.tr("Export accounts for another computer"))
        self._explanation.setText(
            self.tr(
                "All accounts with their AppSecrets, and the settings, go into one file that is encrypted with a "
                "passphrase. Import it on the other computer, so that no AppSecret has to be reset."
            )
        )
        self._field.set_label(self.tr("Passphrase"))
        hint = self.tr("At least {length} characters, better several words. It cannot be recovered.")
        self._field.set_hint(hint.format(length=PASSPHRASE_LENGTH_MIN))
        self._repeated_field.set_label(self.tr("Passphrase once more"))
        self._export_button.setText(self.tr("Choose a file and export…"))
        self._cancel_button.setText(self.tr("Close") if self._is_done else self.tr("Cancel"))
        self._message_view.retranslate()

    @Slot()
    def _on_export_clicked(self) -> None:
        typed, repeated = (field.input.text() for field in (self._field, self._repeated_field))
        if (refusal := passphrase_message(typed, None, self._formatter.messages)) is not None:
            self._show_field_error(self._field, refusal)
            return
        if (refusal := passphrase_message(typed, repeated, self._formatter.messages)) is not None:
            self._show_field_error(self._repeated_field, refusal)
            return
        filter_text = self.tr("Encrypted files (*.age)")
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Export accounts"), FILE_NAME, filter_text)
        if not path:
            return
        if not Path(path).suffix:
            path += SUFFIX  # the dialog that imports shows such files
            if os.path.lexists(path) and not self._confirm_replacing(path):
                return
        self._start(path)

    def _confirm_replacing(self, path: str) -> bool:
        """Ask the user about a file that exists; the file dialog has asked about the name without suffix only."""
        question = Message(
            self.tr("Replace {file}?").format(file=Path(path).name),
            self.tr("A file of this name is in the folder already. Its content would be lost."),
        )
        return ConfirmDialog(self, question, self.tr("Cancel"), self.tr("Replace"), is_destructive=True).ask()

    @staticmethod
    def _show_field_error(field: PassphraseField, refusal: Message) -> None:
        field.set_error(refusal.text)
        field.input.setFocus()

    def _start(self, path: str) -> None:
        self._path = path
        self._job = self._account_jobs.export_accounts(path, self._field.passphrase)
        self._job.notify(self._on_exported, self._on_failed)
        text = self.tr("Encrypting and writing the file: this takes a few seconds and cannot be cancelled…")
        self._message_view.show_message(lambda: Message(text))
        self.begin_writing()
        self._set_enabled(False)

    def _set_enabled(self, is_enabled: bool) -> None:  # noqa: FBT001 - the one value
        for widget in (self._field, self._repeated_field, self._export_button, self._cancel_button):
            widget.setEnabled(is_enabled)

    @Slot(object)
    def _on_exported(self, result: TransferContent | NotExported) -> None:
        self._job = None
        self.end_writing()
        messages, path = self._formatter.messages, self._path
        if isinstance(result, NotExported):
            self._fail(lambda: not_exported_message(result, messages))
            return
        self._is_done = True
        self._cancel_button.setEnabled(True)
        for widget in (self._field, self._repeated_field, self._export_button):
            widget.hide()
        for field in (self._field, self._repeated_field):
            field.input.clear()
        self._message_view.show_message(lambda: exported_message(result, path, messages), Severity.OK)
        self.retranslate()
        self._cancel_button.setFocus()

    @Slot(object)
    def _on_failed(self, failure: JobFailure) -> None:
        self._job = None
        self.end_writing()
        self._fail(lambda: self._formatter.job_failure_message(failure))

    def _fail(self, make_message: Callable[[], Message]) -> None:
        self._message_view.show_message(make_message, Severity.BAD)
        self._set_enabled(True)
