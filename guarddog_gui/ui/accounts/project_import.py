"""Import from a project folder: the user chooses the folder, and the account if there are several."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from guarddog_gui.domain.accounts.project import FoundAccount, FoundProject
from guarddog_gui.runtime.jobs import JobFailure, JobHandle
from guarddog_gui.runtime.window.window_jobs import AccountJobs
from guarddog_gui.services.messages.message import Message
from guarddog_gui.services.messages.projects import project_message
from guarddog_gui.ui.accounts.form import AccountForm
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.widgets.strip import Severity


class ProjectImport(QObject):
    """Reads one folder at a time, fills the form with what was found, and shows where it stands."""

    failed = Signal(object)  # JobFailure

    def __init__(self, account_jobs: AccountJobs, form: AccountForm, formatter: Formatter, parent: QWidget) -> None:
        super().__init__(parent)
        self._account_jobs = account_jobs
        self._form = form
        self._formatter = formatter
        self._window = parent
        self._job: JobHandle[FoundProject] | None = None

    @Slot()
    def ask(self) -> None:
        folder = QFileDialog.getExistingDirectory(self._window, self.tr("Folder of the project"))
        if folder:
            self.read(folder)

    def read(self, folder: str) -> None:
        if self._job is not None:
            self._job.disconnect(self)
        self._job = self._account_jobs.read_project_folder(folder)
        self._job.notify(self._on_read, self._on_failed)
        self._form.project_view.show_message(lambda: Message(self.tr("Looking into the folder…")))

    @Slot(object)
    def _on_read(self, project: FoundProject) -> None:
        self._job = None
        account = self._choose(project.accounts) if project.accounts else None
        severity = Severity.INFO if account is not None and not account.secret else Severity.WARN
        messages = self._formatter.messages
        self._form.project_view.show_message(lambda: project_message(project, account, messages), severity)
        if account is not None:
            self._form.fill_in_found(account, project.dog_folders)

    @Slot(object)
    def _on_failed(self, failure: JobFailure) -> None:
        self._job = None
        self._form.project_view.clear()
        self.failed.emit(failure)

    def _choose(self, accounts: tuple[FoundAccount, ...]) -> FoundAccount:
        """Return the account that the user means; the first, which has a secret if any has, without a choice."""
        if len(accounts) == 1:
            return accounts[0]
        lines = [" · ".join(filter(None, (each.appid, each.name, each.file))) for each in accounts]
        line, is_accepted = QInputDialog.getItem(
            self._window, self.tr("From a project folder"), self.tr("Account to add"), lines, editable=False
        )
        return accounts[lines.index(line)] if is_accepted else accounts[0]
