"""Contract of every SecretStore: a test class per implementation inherits it."""

from __future__ import annotations

import pytest

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import SecretFound, SecretMissing, SecretSaved
from guarddog_gui.services.ports import SecretStore

APPID = "wx0000000000000001"
OTHER_APPID = "wx0000000000000002"
SECRET = Secret("5ec3e7" + "0f" * 13)
NEWER_SECRET = Secret("ac3fee" + "1d" * 13)


class SecretStoreContract:
    @pytest.fixture
    def store(self) -> SecretStore:
        raise NotImplementedError

    def test_unknown_secret_is_missing(self, store: SecretStore) -> None:
        assert store.get(APPID) == SecretMissing()

    def test_stored_secret_is_found(self, store: SecretStore) -> None:
        assert store.set(APPID, SECRET) == SecretSaved()
        assert store.get(APPID) == SecretFound(SECRET)

    def test_stored_secret_is_found_after_invalidation(self, store: SecretStore) -> None:
        store.set(APPID, SECRET)
        store.invalidate(APPID)
        assert store.get(APPID) == SecretFound(SECRET)

    def test_newer_secret_replaces_old_one(self, store: SecretStore) -> None:
        store.set(APPID, SECRET)
        assert store.set(APPID, NEWER_SECRET) == SecretSaved()
        assert store.get(APPID) == SecretFound(NEWER_SECRET)
        store.invalidate(APPID)
        assert store.get(APPID) == SecretFound(NEWER_SECRET)

    def test_storing_same_secret_twice(self, store: SecretStore) -> None:
        assert store.set(APPID, SECRET) == store.set(APPID, SECRET) == SecretSaved()
        assert store.get(APPID) == SecretFound(SECRET)

    def test_accounts_are_independent(self, store: SecretStore) -> None:
        store.set(APPID, SECRET)
        store.set(OTHER_APPID, NEWER_SECRET)
        store.remove(APPID)
        assert store.get(APPID) == SecretMissing()
        assert store.get(OTHER_APPID) == SecretFound(NEWER_SECRET)

    def test_removed_secret_is_missing(self, store: SecretStore) -> None:
        store.set(APPID, SECRET)
        assert store.remove(APPID) == SecretSaved()
        assert store.get(APPID) == SecretMissing()

    def test_removing_missing_secret_succeeds(self, store: SecretStore) -> None:
        assert store.remove(APPID) == SecretSaved()

    def test_invalidating_missing_secret_succeeds(self, store: SecretStore) -> None:
        store.invalidate(APPID)
        assert store.get(APPID) == SecretMissing()

    def test_longest_secret_is_not_truncated(self, store: SecretStore) -> None:
        longest = Secret("~" * 256)
        assert store.set(APPID, longest) == SecretSaved()
        store.invalidate(APPID)
        assert store.get(APPID) == SecretFound(longest)
