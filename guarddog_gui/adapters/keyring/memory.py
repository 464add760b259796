"""Secret store of the sandbox, in memory only."""

import threading

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import (
    LookupResult,
    SecretFound,
    SecretMissing,
    SecretSaved,
    StoreResult,
)


class MemorySecretStore:
    """SecretStore that is never locked and never fails."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: dict[str, Secret] = {}

    def get(self, appid: str) -> LookupResult:
        with self._lock:
            secret = self._secrets.get(appid)
        return SecretMissing() if secret is None else SecretFound(secret)

    def set(self, appid: str, secret: Secret) -> StoreResult:
        with self._lock:
            self._secrets[appid] = secret
        return SecretSaved()

    def remove(self, appid: str) -> StoreResult:
        with self._lock:
            self._secrets.pop(appid, None)
        return SecretSaved()

    def invalidate(self, appid: str) -> None:
        """Do nothing: the memory is not a cache of another store."""
