"""Writing an account into keyring and list: what is left when the second store refuses it."""

import pytest

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked, SecretSaved, StoreResult
from guarddog_gui.services.accounts.account_writer import AccountWriter, ListEdit, ListNotWritten
from tests.fakes import FakeAccountLock, FakeAccountStore, FakeSecretStore

SHOP = Account("wx00000000000000a1", "Shop")
OLD, NEW = Secret("0" * 32), Secret("1" * 32)


class ForgetfulSecretStore(FakeSecretStore):
    """Keyring that locks itself after one write."""

    def set(self, appid: str, secret: Secret) -> StoreResult:
        outcome = super().set(appid, secret)
        self.store_result = KeyringIsLocked()
        return outcome


def make_writer(secrets: FakeSecretStore, *accounts: Account) -> tuple[AccountWriter, FakeAccountStore]:
    store = FakeAccountStore(*accounts)
    return AccountWriter(secrets, store, FakeAccountLock()), store


def adding(account: Account) -> ListEdit:
    return lambda accounts: (*accounts, account)


def unchanged(accounts: tuple[Account, ...]) -> tuple[Account, ...]:
    return accounts


def test_a_new_account_is_in_both_stores_and_has_no_pending_removal() -> None:
    secrets = FakeSecretStore()
    writer, store = make_writer(secrets)
    assert writer.add(SHOP, NEW, adding(SHOP)) == SecretSaved()
    assert (store.stored, secrets.stored, store.removals) == ((SHOP,), {SHOP.appid: NEW}, ())


@pytest.mark.parametrize("keyring", [FakeSecretStore, ForgetfulSecretStore])
def test_a_refused_list_restores_the_secret_or_says_that_it_could_not(keyring: type[FakeSecretStore]) -> None:
    secrets = keyring()
    secrets.stored[SHOP.appid] = OLD
    writer, store = make_writer(secrets, SHOP)
    store.is_disk_full = True
    outcome = writer.change(SHOP.appid, NEW, unchanged)
    assert isinstance(outcome, ListNotWritten)
    assert outcome.is_undone == (secrets.stored[SHOP.appid] == OLD) == (keyring is FakeSecretStore)


def test_a_refused_list_without_a_new_secret_leaves_the_keyring_alone() -> None:
    secrets = FakeSecretStore()
    writer, store = make_writer(secrets, SHOP)
    store.is_disk_full = True
    outcome = writer.change(SHOP.appid, None, unchanged)
    assert isinstance(outcome, ListNotWritten)
    assert outcome.is_undone
    assert secrets.lookup_count == 0
