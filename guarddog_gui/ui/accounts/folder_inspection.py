"""Inspection of the folder that the user has chosen for the `.dog` files of an account."""

import os

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QLabel

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.existing_files import FolderContents
from guarddog_gui.runtime.jobs import InspectFolder, JobCrashed, JobFailure, JobHandle
from guarddog_gui.runtime.window.window_jobs import AccountJobs
from guarddog_gui.services.accounts.account_verification import VerificationResult
from guarddog_gui.ui.formatter import Formatter


class FolderInspection(QObject):
    """Reads the folder selected last, once, and keeps what is in it.

    `initial_folder` is the one that the account has already, which is not inspected; a new account has none.
    """

    finished = Signal()
    failed = Signal(object)  # JobFailure, for example: the folder of another account

    def __init__(
        self, account_jobs: AccountJobs, formatter: Formatter, initial: Account | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.has_to_save_again = False  # Save has shown what is in the folder
        self._formatter = formatter
        self._account_jobs = account_jobs
        self._initial = initial
        self._job: JobHandle[FolderContents] | None = None
        self._inspected_folder: str | None = None  # the folder that `_contents` is about
        self._contents: FolderContents | None = None

    def is_new(self, account: Account) -> bool:
        """Return whether the account is to get another folder than it has."""
        return self._initial is None or account.dog_dir != self._initial.dog_dir

    def is_needed(self, account: Account) -> bool:
        folder = account.dog_dir
        is_absolute = folder is not None and os.path.isabs(folder)  # noqa: PTH117 - a string
        return is_absolute and folder != self._inspected_folder and self.is_new(account)

    def start(self, account: Account) -> None:
        """Inspect the folder of the account, unless an inspection is running."""
        if self._job is None:
            self._job = self._account_jobs.inspect_folder(account)
            self._job.notify(self._on_finished, self._on_failed)

    def drop(self) -> None:
        """Ignore an inspection that is running: another folder is entered."""
        self.has_to_save_again = False
        if self._job is not None:
            self._job.disconnect(self)
            self._job = None

    def contents(self, account: Account) -> FolderContents | None:
        """Return what is in the folder of the account; None if that is unknown."""
        return self._contents if account.dog_dir == self._inspected_folder else None

    def text(self, account: Account, result: VerificationResult | None) -> str:
        """Return the text about the files in the folder, which depends on the token kinds of the account.

        It is empty where the message about the verification `result` covers them.
        """
        contents = self.contents(account)
        if contents is None or (result is not None and result.existing_token_rejected):
            return ""
        return self._formatter.messages.for_existing_files(contents, account.token_kinds, self._formatter.clock()).text

    def show(self, label: QLabel, account: Account, result: VerificationResult | None) -> None:
        """Show this text; below it, that Save has to be pressed once more if Save has only brought it up."""
        text = self.text(account, result)
        again = self.tr("Press Save once more to use this folder.") if self.has_to_save_again else ""
        label.setText("\n".join(filter(None, (text, again))) if text else "")
        label.setVisible(bool(text))

    @Slot(object, object)
    def _on_finished(self, contents: FolderContents | None, job: InspectFolder) -> None:
        self._job = None
        self._inspected_folder = job.account.dog_dir
        self._contents = contents
        self.finished.emit()

    @Slot(object, object)
    def _on_failed(self, failure: JobFailure, job: InspectFolder) -> None:
        if isinstance(failure, JobCrashed):  # saving checks the folder again
            self._on_finished(None, job)
            return
        self._job = None
        self.failed.emit(failure)
