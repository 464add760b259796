"""Lock files that let only one thread or process at a time refresh an account."""

from contextlib import AbstractContextManager
from pathlib import Path

from guarddog_gui.adapters.files.lock import file_lock

ACCOUNT_LOCK_TIMEOUT_S = 20.0  # longer than the deadline of one request: then the holder is stuck


class AccountLockFiles:
    """One lock file per account in `locks_dir`, for use from any thread."""

    def __init__(self, locks_dir: Path, timeout_s: float = ACCOUNT_LOCK_TIMEOUT_S) -> None:
        self._locks_dir = locks_dir
        self._timeout_s = timeout_s

    def acquire(self, appid: str) -> AbstractContextManager[None]:
        """Wait for the lock. Raises LockBusy after `timeout_s`, FileError if it cannot be created."""
        return file_lock(self.lock_path(appid), self._timeout_s)

    def lock_path(self, appid: str) -> Path:
        return self._locks_dir / f"{appid}.lock"
