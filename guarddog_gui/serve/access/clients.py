"""Clients by their keys, with the limits for correct and for wrong ones."""

import threading
from collections.abc import Callable

from msgspec import Struct

from guarddog_gui.domain.client_keys import ClientKey, find_client
from guarddog_gui.serve.access.rate_limits import RateLimit, address_group
from guarddog_gui.services.ports import ClientKeyReader

DEFAULT_RATE = 600  # requests per minute and client
BURST_SHARE = 2  # half of the minute's requests may come at once
WRONG_KEYS_PER_MINUTE = 20  # per address


class WrongKey(Struct, frozen=True):
    """The key is of no client. With `retry_after_s` the address has sent too many of them."""

    retry_after_s: float = 0.0


class TooManyRequests(Struct, frozen=True):
    """The client has used up its requests."""

    client: ClientKey
    retry_after_s: float


class Clients:
    """Look-up of clients. Safe to use from any thread.

    The file is read again whenever it was changed, so that a revoked key is refused from the next request on. While it
    cannot be read, no key is accepted: all methods raise FileError.
    """

    def __init__(self, store: ClientKeyReader, monotonic: Callable[[], float], rate: int = DEFAULT_RATE) -> None:
        self._store = store
        self._monotonic = monotonic
        self._requests = RateLimit(rate, max(1, rate // BURST_SHARE))
        self._wrong_keys = RateLimit(WRONG_KEYS_PER_MINUTE, WRONG_KEYS_PER_MINUTE)
        self._lock = threading.Lock()
        self._keys: tuple[ClientKey, ...] = ()
        self._stamp: object = object()  # equal to none

    def all(self) -> tuple[ClientKey, ...]:
        stamp = self._store.stamp()
        with self._lock:
            if stamp != self._stamp:
                self._keys, self._stamp = self._store.load(), stamp
            return self._keys

    def identify(self, key: str, address: str) -> ClientKey | WrongKey | TooManyRequests:
        """Return the client with this key.

        A correct key is accepted from an address with many wrong ones, too: all clients behind a proxy have one
        address, and 256 random bits cannot be guessed anyway.
        """
        client = find_client(self.all(), key)
        return self.wrong_key(address) if client is None else self.count_request(client)

    def wrong_key(self, address: str) -> WrongKey:
        """Count a wrong key, or a token that is none of ours."""
        return WrongKey(self._wrong_keys.take(address_group(address), self._monotonic()))

    def count_request(self, client: ClientKey) -> ClientKey | TooManyRequests:
        wait_s = self._requests.take(client.name, self._monotonic())
        return TooManyRequests(client, wait_s) if wait_s else client
