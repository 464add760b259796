from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.adapters.keyring.named_store import NamedSecretStore
from guarddog_gui.adapters.keyring.store import PROXY_USER_NAME, KeyringSecretStore
from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.accounts.keyring_results import SecretFound, SecretMissing, SecretSaved
from guarddog_gui.services.ports import SecretStore
from tests.adapters.fake_keyring import FakeKeyring

APPID = "wx00000000000000a1"


def check_two_kinds(secrets: SecretStore, passwords: SecretStore) -> None:
    assert secrets.set(APPID, Secret("s")) == SecretSaved()
    assert passwords.get(APPID) == SecretMissing()
    assert passwords.set(APPID, Secret("p")) == SecretSaved()
    passwords.invalidate(APPID)
    assert (secrets.get(APPID), passwords.get(APPID)) == (SecretFound(Secret("s")), SecretFound(Secret("p")))
    assert passwords.remove(APPID) == SecretSaved()
    assert (secrets.get(APPID), passwords.get(APPID)) == (SecretFound(Secret("s")), SecretMissing())


def test_a_memory_has_two_kinds_of_secrets() -> None:
    memory = MemorySecretStore()
    check_two_kinds(memory, NamedSecretStore(memory, "proxy"))


def test_the_keyring_has_two_entries_of_an_account() -> None:
    keyring = FakeKeyring()
    secrets = KeyringSecretStore(list_backends=lambda: [keyring])
    passwords = KeyringSecretStore(list_backends=lambda: [keyring], user_name=PROXY_USER_NAME)
    check_two_kinds(secrets, passwords)
