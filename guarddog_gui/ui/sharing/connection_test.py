"""Test of a connection to Redis with a preview of what is there, in a worker."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.sharing.settings import Sharing
from guarddog_gui.runtime.jobs import JobFailure, JobHandle
from guarddog_gui.runtime.window.window_jobs import AccountJobs
from guarddog_gui.services.accounts.sharing_service import SharingPreview

TYPING_DEBOUNCE_MS = 600  # the user has stopped typing for this long

_Request = tuple[Account, Sharing, Secret | None]


class ConnectionTest(QObject):
    """At most one test at a time.

    The first one of an address is asked for: while it is typed, the password would go to a half of its host name.
    Once Redis has answered, other keys are looked up by themselves.
    """

    started = Signal()
    finished = Signal(object)  # SharingPreview
    failed = Signal(object)  # JobFailure

    def __init__(self, account_jobs: AccountJobs, parent: QObject) -> None:
        super().__init__(parent)
        self._account_jobs = account_jobs
        self._job: JobHandle[SharingPreview] | None = None
        self._planned: _Request | None = None
        self._is_connected = False
        self._timer = QTimer(self, singleShot=True, interval=TYPING_DEBOUNCE_MS)
        self._timer.setObjectName("preview-timer")
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_running(self) -> bool:
        return self._job is not None

    def start(self, account: Account, sharing: Sharing, password: Secret | None) -> None:
        self._stop()
        self._job = self._account_jobs.preview_sharing(account, sharing, password)
        self._job.notify(self._on_finished, self._on_failed)
        self.started.emit()

    def plan(self, account: Account, sharing: Sharing, password: Secret | None) -> None:
        """Look at other keys soon, if Redis has answered before."""
        self._stop()
        if self._is_connected:
            self._planned = (account, sharing, password)
            self._timer.start()

    def drop(self) -> None:
        """Forget that Redis has answered: another address or password is entered."""
        self._stop()
        self._is_connected = False

    def _stop(self) -> None:
        self._timer.stop()
        if self._job is not None:
            self._job.disconnect(self)
            self._job = None

    @Slot()
    def _on_timeout(self) -> None:
        if self._planned is not None:
            self.start(*self._planned)

    @Slot(object)
    def _on_finished(self, preview: SharingPreview) -> None:
        self._job = None
        self._is_connected = preview.failure is None
        self.finished.emit(preview)

    @Slot(object)
    def _on_failed(self, failure: JobFailure) -> None:
        self._job = None
        self.failed.emit(failure)
