"""Check of entered credentials at WeChat: by itself when they look complete, once for each pair."""

import os

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from guarddog_gui.domain.accounts.account import Account, Secret, looks_like_secret
from guarddog_gui.domain.accounts.route import api_base_problem, proxy_problem
from guarddog_gui.domain.paste.values import APPID
from guarddog_gui.runtime.jobs import JobFailure, JobHandle
from guarddog_gui.runtime.window.window_jobs import AccountJobs
from guarddog_gui.services.accounts.account_verification import VerificationResult

TYPING_DEBOUNCE_MS = 600  # the user has stopped typing for this long

_Request = tuple[Account, Secret | None, Secret | None]  # with the password of the proxy


class CredentialCheck(QObject):
    """At most one check at a time; a pair that was checked before is answered without asking WeChat again."""

    started = Signal()
    finished = Signal(object)  # VerificationResult
    failed = Signal(object)  # JobFailure

    def __init__(self, account_jobs: AccountJobs, parent: QObject) -> None:
        super().__init__(parent)
        self._account_jobs = account_jobs
        self.result: VerificationResult | None = None  # for the credentials that are entered now
        self._known_results: dict[tuple[str | Secret | None, ...], VerificationResult] = {}
        self._job: JobHandle[VerificationResult] | None = None
        self._request: _Request | None = None  # planned or running
        self._timer = QTimer(self, singleShot=True, interval=TYPING_DEBOUNCE_MS)
        self._timer.setObjectName("check-timer")
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_running(self) -> bool:
        return self._job is not None

    def plan_if_complete(self, account: Account, secret: Secret, proxy_password: Secret | None = None) -> None:
        """Check these credentials soon if they look complete, unless others are entered before."""
        self.drop()
        if APPID.fullmatch(account.appid) and looks_like_secret(secret.reveal()):
            self._request = (_without_details(account), secret, proxy_password)
            self._timer.start()

    def start(self, account: Account, secret: Secret | None, proxy_password: Secret | None = None) -> None:
        """Check at once, even if the same credentials were checked before."""
        self.drop()
        self._request = (account, secret, proxy_password)
        self._job = self._account_jobs.verify_credentials(account, secret, proxy_password)
        self._job.notify(self._on_finished, self._on_failed)
        self.started.emit()

    def drop(self) -> None:
        """Forget the result, and a check that is planned or running: other credentials are entered."""
        self._timer.stop()
        self.result = None
        if self._job is not None:
            self._job.disconnect(self)
            self._job = None

    @Slot()
    def _on_timeout(self) -> None:
        if self._request is None:
            return
        known = self._known_results.get(_key(self._request))
        if known is not None:
            self._finish(known)
        else:
            self.start(*self._request)

    @Slot(object)
    def _on_finished(self, result: VerificationResult) -> None:
        self._job = None
        if self._request is not None and self._request[1] is not None:
            self._known_results[_key(self._request)] = result
        self._finish(result)

    def _finish(self, result: VerificationResult) -> None:
        self.result = result
        self.finished.emit(result)

    @Slot(object)
    def _on_failed(self, failure: JobFailure) -> None:
        self._job = None
        self.failed.emit(failure)


def _without_details(account: Account) -> Account:
    """Return the account with what a check needs: other fields may be half filled in."""
    folder = account.dog_dir if account.dog_dir and os.path.isabs(account.dog_dir) else None  # noqa: PTH117 - a text
    checked = Account(account.appid, account.appid, account.platform, account.endpoint, folder)
    # the way to WeChat belongs to the check; half of an address is none
    if api_base_problem(account.api_base) is None and proxy_problem(account.proxy) is None:
        checked = replace(checked, api_base=account.api_base, proxy=account.proxy)
    return checked


def _key(request: _Request) -> tuple[str | Secret | None, ...]:
    """Return what the answer depends on."""
    account, secret, proxy_password = request
    return account.appid, account.dog_dir, account.api_base, account.proxy, secret, proxy_password
