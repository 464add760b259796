"""AppSecrets of the sandbox: in memory only, gone with the program."""

import threading

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import Found, Kept, Looked, Missing, Stored


class MemorySecrets:
    """A SecretStore that is never locked and never fails."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: dict[str, Secret] = {}

    def look_up(self, appid: str) -> Looked:
        with self._lock:
            secret = self._secrets.get(appid)
        return Missing() if secret is None else Found(secret)

    def keep(self, appid: str, secret: Secret) -> Kept:
        with self._lock:
            self._secrets[appid] = secret
        return Stored()

    def remove(self, appid: str) -> Kept:
        with self._lock:
            self._secrets.pop(appid, None)
        return Stored()

    def forget(self, appid: str) -> None:
        """There is no keyring behind it to ask again."""
