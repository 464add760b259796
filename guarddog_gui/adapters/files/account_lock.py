"""One refresher per account, across threads and programs."""

from contextlib import AbstractContextManager
from pathlib import Path

from guarddog_gui.adapters.files.lock import file_lock

ACCOUNT_LOCK_TIMEOUT_S = 20.0  # longer than one request with its deadline; then the other program is stuck


class AccountLockFiles:
    """A lock file per account in `locks_dir`; safe to use from any thread."""

    def __init__(self, locks_dir: Path, timeout_s: float = ACCOUNT_LOCK_TIMEOUT_S) -> None:
        self._locks_dir = locks_dir
        self._timeout_s = timeout_s

    def acquire(self, appid: str) -> AbstractContextManager[None]:
        """Wait for the account. Raises LockBusy after `wait_s`, FileTrouble when locks cannot be made."""
        return file_lock(self.lock_path(appid), self._timeout_s)

    def lock_path(self, appid: str) -> Path:
        """Where the lock file of this account is, or will be."""
        return self._locks_dir / f"{appid}.lock"
