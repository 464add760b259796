"""What every SecretStore does, whatever is behind it; a test class of each inherits this."""

from __future__ import annotations

import pytest

from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import Found, Missing, Stored
from guarddog_gui.services.ports import SecretStore

APPID = "wx0000000000000001"
OTHER = "wx0000000000000002"
SECRET = Secret("5ec3e7" + "0f" * 13)
NEWER = Secret("ac3fee" + "1d" * 13)


class SecretStoreContract:
    @pytest.fixture
    def store(self) -> SecretStore:
        raise NotImplementedError

    def test_what_nobody_kept_is_missing(self, store: SecretStore) -> None:
        assert store.look_up(APPID) == Missing()

    def test_what_was_kept_is_found(self, store: SecretStore) -> None:
        assert store.keep(APPID, SECRET) == Stored()
        assert store.look_up(APPID) == Found(SECRET)

    def test_it_is_still_found_after_it_was_forgotten(self, store: SecretStore) -> None:
        store.keep(APPID, SECRET)
        store.forget(APPID)
        assert store.look_up(APPID) == Found(SECRET)

    def test_the_newer_secret_replaces_the_old_one(self, store: SecretStore) -> None:
        store.keep(APPID, SECRET)
        assert store.keep(APPID, NEWER) == Stored()
        assert store.look_up(APPID) == Found(NEWER)
        store.forget(APPID)
        assert store.look_up(APPID) == Found(NEWER)

    def test_keeping_the_same_again_is_fine(self, store: SecretStore) -> None:
        assert store.keep(APPID, SECRET) == store.keep(APPID, SECRET) == Stored()
        assert store.look_up(APPID) == Found(SECRET)

    def test_accounts_do_not_mix(self, store: SecretStore) -> None:
        store.keep(APPID, SECRET)
        store.keep(OTHER, NEWER)
        store.remove(APPID)
        assert store.look_up(APPID) == Missing()
        assert store.look_up(OTHER) == Found(NEWER)

    def test_what_was_removed_is_missing(self, store: SecretStore) -> None:
        store.keep(APPID, SECRET)
        assert store.remove(APPID) == Stored()
        assert store.look_up(APPID) == Missing()

    def test_removing_what_is_not_there_is_fine(self, store: SecretStore) -> None:
        assert store.remove(APPID) == Stored()

    def test_forgetting_what_is_not_there_is_fine(self, store: SecretStore) -> None:
        store.forget(APPID)
        assert store.look_up(APPID) == Missing()

    def test_a_secret_of_the_greatest_length_is_kept_whole(self, store: SecretStore) -> None:
        longest = Secret("~" * 256)
        assert store.keep(APPID, longest) == Stored()
        store.forget(APPID)
        assert store.look_up(APPID) == Found(longest)
