"""Second kind of secret in a store that has one per appid: the sandbox's memory, or the keyring of a test."""

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import LookupResult, StoreResult
from guarddog_gui.services.ports import SecretStore


class NamedSecretStore:
    """SecretStore whose secrets are in another store, below `<appid>/<name>`, which no appid can be."""

    def __init__(self, store: SecretStore, name: str) -> None:
        self._store = store
        self._name = name

    def get(self, appid: str) -> LookupResult:
        return self._store.get(self._key(appid))

    def set(self, appid: str, secret: Secret) -> StoreResult:
        return self._store.set(self._key(appid), secret)

    def remove(self, appid: str) -> StoreResult:
        return self._store.remove(self._key(appid))

    def invalidate(self, appid: str) -> None:
        self._store.invalidate(self._key(appid))

    def _key(self, appid: str) -> str:
        return f"{appid}/{self._name}"


def make_proxy_passwords(given: SecretStore | None) -> SecretStore:
    """Return the store of the passwords of proxies: entries of the keyring, or of a store that is given."""
    if given is not None:
        return NamedSecretStore(given, "proxy")
    from guarddog_gui.adapters.keyring.store import PROXY_USER_NAME, KeyringSecretStore

    return KeyringSecretStore(user_name=PROXY_USER_NAME)
