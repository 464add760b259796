"""Making and revoking keys."""

from guarddog_gui.domain.client_keys import ClientKey, find_client
from guarddog_gui.services.client_keys import ClientKeys, KeyRefusal
from tests.fakes import NOW, FakeClock
from tests.serve.in_memory_server import FakeClientKeyStore


def make(store: FakeClientKeyStore) -> ClientKeys:
    return ClientKeys(store=store, clock=FakeClock(), random_bytes=lambda count: b"r" * count)


def test_a_new_key_opens_what_was_stored_and_is_not_stored_itself() -> None:
    store = FakeClientKeyStore()
    key = make(store).add(ClientKey("ci", "", ("wx1",)))
    assert isinstance(key, str)
    (stored,) = store.keys
    assert find_client(store.keys, key) == stored
    assert (stored.name, stored.appids, stored.created_at) == ("ci", ("wx1",), NOW)
    assert key not in str(stored.sha256)


def test_names_are_unique_and_plain() -> None:
    store = FakeClientKeyStore(ClientKey("ci", "x"))
    assert make(store).add(ClientKey("ci", "")) is KeyRefusal.NAME_TAKEN
    assert make(store).add(ClientKey("c i", "")) is KeyRefusal.INVALID_NAME
    assert store.keys == (ClientKey("ci", "x"),)


def test_a_revoked_key_is_gone() -> None:
    store = FakeClientKeyStore(ClientKey("ci", "x"), ClientKey("b", "y"))
    assert make(store).revoke("ci")
    assert not make(store).revoke("ci")
    assert [key.name for key in store.keys] == ["b"]
