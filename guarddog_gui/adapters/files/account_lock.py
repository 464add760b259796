"""One refresher per account, across threads and programs."""

from contextlib import AbstractContextManager
from pathlib import Path

from guarddog_gui.adapters.files.lock import locked

WAIT_S = 20.0  # longer than one request with its deadline; then the other program is stuck


class AccountLocks:
    """A lock file per account in `locks_dir`; safe to use from any thread."""

    def __init__(self, locks_dir: Path, wait_s: float = WAIT_S) -> None:
        self._locks_dir = locks_dir
        self._wait_s = wait_s

    def hold(self, appid: str) -> AbstractContextManager[None]:
        """Wait for the account. Raises LockBusy after `wait_s`, FileTrouble when locks cannot be made."""
        return locked(self.path(appid), self._wait_s)

    def path(self, appid: str) -> Path:
        """Where the lock file of this account is, or will be."""
        return self._locks_dir / f"{appid}.lock"
