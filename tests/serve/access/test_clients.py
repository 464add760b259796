"""Clients by their keys."""

import pytest

from guarddog_gui.domain.client_keys import ClientKey, hash_key
from guarddog_gui.domain.errors import FileError
from guarddog_gui.serve.access.clients import Clients, TooManyRequests, WrongKey
from tests.fakes import FakeClock
from tests.serve.in_memory_server import KEY, OTHER_KEY, FakeClientKeyStore

SHOP_KEY = ClientKey("shop", hash_key(KEY), ("wx1",))


def test_a_correct_key_is_accepted_from_an_address_with_many_wrong_ones() -> None:
    clients = Clients(FakeClientKeyStore(SHOP_KEY), FakeClock())
    wrong = [clients.identify(f"gdk_{number}", "192.0.2.1") for number in range(30)]
    assert wrong[:20] == [WrongKey()] * 20
    assert all(isinstance(key, WrongKey) and key.retry_after_s > 0 for key in wrong[20:])
    assert clients.identify("gdk_x", "192.0.2.2") == WrongKey()
    assert clients.identify(KEY, "192.0.2.1") == SHOP_KEY


def test_the_rate_is_that_of_the_client() -> None:
    clients = Clients(FakeClientKeyStore(SHOP_KEY), FakeClock(), rate=2)
    assert clients.identify(KEY, "a") == SHOP_KEY
    assert isinstance(clients.identify(KEY, "b"), TooManyRequests)


def test_changes_of_the_file_count_at_once() -> None:
    store = FakeClientKeyStore(SHOP_KEY)
    clients = Clients(store, FakeClock())
    assert clients.identify(KEY, "a") == SHOP_KEY
    store.keys = (ClientKey("new", hash_key(OTHER_KEY)),)
    assert isinstance(clients.identify(KEY, "a"), WrongKey)
    assert clients.identify(OTHER_KEY, "a") == store.keys[0]


def test_no_key_is_accepted_while_the_file_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    store = FakeClientKeyStore(SHOP_KEY)
    clients = Clients(store, FakeClock())
    assert clients.identify(KEY, "a") == SHOP_KEY

    def load() -> tuple[ClientKey, ...]:
        raise FileError("client_keys.json", "permission denied")

    monkeypatch.setattr(store, "load", load)
    store.keys = ()
    with pytest.raises(FileError):
        clients.identify(KEY, "a")
