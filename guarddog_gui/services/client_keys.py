"""Make and revoke the keys of the clients of `serve`."""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from guarddog_gui.domain.client_keys import KEY_BYTES, ClientKey, hash_key, is_valid_client_name, make_key
from guarddog_gui.services.ports import ClientKeyStore, Clock


class KeyRefusal(StrEnum):
    """Reason for which no key was made."""

    INVALID_NAME = "invalid name"
    NAME_TAKEN = "name taken"


class ClientKeys(Struct, kw_only=True, eq=False):
    """Use cases of `serve keys`. `random_bytes` must be a source for secrets."""

    store: ClientKeyStore
    clock: Clock
    random_bytes: Callable[[int], bytes]

    def add(self, client: ClientKey) -> str | KeyRefusal:
        """Store a new key for this client, and return the key, which is not kept. Raises FileError.

        The hash and the time of the argument do not matter.
        """
        if not is_valid_client_name(client.name):
            return KeyRefusal.INVALID_NAME
        key = make_key(self.random_bytes(KEY_BYTES))
        added = replace(client, sha256=hash_key(key), created_at=self.clock())
        is_taken = False

        def edit(keys: tuple[ClientKey, ...]) -> tuple[ClientKey, ...]:
            nonlocal is_taken
            is_taken = any(other.name == client.name for other in keys)
            return keys if is_taken else (*keys, added)

        self.store.update(edit)
        return KeyRefusal.NAME_TAKEN if is_taken else key

    def revoke(self, name: str) -> bool:
        """Remove the key of a client; return False if there is none. Raises FileError."""
        is_known = any(key.name == name for key in self.store.load())
        if is_known:
            self.store.update(lambda keys: tuple(key for key in keys if key.name != name))
        return is_known
