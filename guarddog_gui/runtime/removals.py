"""Removals of accounts that can be undone: they end in time, also after a restart."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.removal import PendingRemoval
from guarddog_gui.runtime import jobs
from guarddog_gui.runtime.jobs import JobHandle
from guarddog_gui.runtime.qt_core import QObject, QTimer, Signal, Slot
from guarddog_gui.runtime.worker_pool import WorkerPool
from guarddog_gui.services.ports import Clock

if TYPE_CHECKING:
    from guarddog_gui.services.accounts.account_removals import AccountRemoved

log = logging.getLogger(__name__)

_GRACE_S = 1.0  # the timer may fire a little early


class Removals(QObject):
    """Removes accounts, and finishes each removal when it can no longer be undone.

    `recent` are the removals that can be undone, as far as they are known: `check` reads them from the disk.
    """

    changed = Signal()  # `recent` has changed
    accounts_changed = Signal()  # an account was removed or put back

    def __init__(self, worker_pool: WorkerPool, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker_pool = worker_pool
        self._clock = clock
        self.recent: tuple[PendingRemoval, ...] = ()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.check)

    def remove_later(self, account: Account) -> JobHandle[PendingRemoval]:
        handle = self._worker_pool.submit(jobs.RemoveAccountLater(account))
        handle.finished.connect(self._on_accounts_changed)
        return handle

    def remove_now(self, account: Account) -> JobHandle[AccountRemoved]:
        handle = self._worker_pool.submit(jobs.RemoveAccount(account))
        handle.finished.connect(self._on_accounts_changed)
        return handle

    def undo(self, appid: str) -> JobHandle[Account]:
        handle = self._worker_pool.submit(jobs.UndoRemoval(appid))
        handle.finished.connect(self._on_accounts_changed)
        handle.failed.connect(self.check)
        return handle

    @Slot()
    def check(self) -> None:
        """Finish what can no longer be undone, and look again when the next removal is due."""
        handle = self._worker_pool.submit(jobs.FinishRemovals())
        handle.finished.connect(self._on_checked)
        handle.failed.connect(self._on_check_failed)

    def stop(self) -> None:
        self._timer.stop()

    @Slot()
    def _on_accounts_changed(self) -> None:
        self.accounts_changed.emit()
        self.check()

    @Slot(object)
    def _on_checked(self, recent: tuple[PendingRemoval, ...]) -> None:
        if recent:
            wait_s = min(removal.undo_until for removal in recent) - self._clock()
            self._timer.start(round(max(0.0, wait_s + _GRACE_S) * 1000))
        else:
            self._timer.stop()
        if recent != self.recent:
            self.recent = recent
            self.changed.emit()

    @Slot()
    def _on_check_failed(self) -> None:
        """Leave it to the daily maintenance: the list cannot be read."""
        log.warning("the removed accounts cannot be read")
