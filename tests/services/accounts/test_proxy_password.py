import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.keyring_results import KeyringIsLocked, NotPersisted
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.services.accounts.account_service import AccountNotSaved, AccountSaved
from guarddog_gui.services.accounts.proxy_password import ProxyPasswordChange
from tests.fakes import FakeSecretStore, ticket_reply, token_reply
from tests.in_memory_services import ScriptedServices

SHOP = Account("wx00000000000000a1", "Shop", proxy="socks5://me@proxy.example.cn:1080")
SECRET, PASSWORD, OLD = Secret("0" * 32), Secret("n3w"), Secret("0ld")


@pytest.fixture
def services() -> ScriptedServices:
    return ScriptedServices()


def test_the_password_is_stored_with_the_account(services: ScriptedServices) -> None:
    saved = services.account_service.save(SHOP, SECRET, proxy_password=PASSWORD)
    assert isinstance(saved, AccountSaved)
    assert services.proxy_passwords.stored == {SHOP.appid: PASSWORD}
    assert services.secrets.stored == {SHOP.appid: SECRET}


def test_without_a_new_one_the_stored_one_stays(services: ScriptedServices) -> None:
    services.account_service.save(SHOP, SECRET, proxy_password=OLD)
    services.account_service.save(replace(SHOP, name="Shop 2"), None)
    assert services.proxy_passwords.stored == {SHOP.appid: OLD}


@pytest.mark.parametrize("proxy", ["", "direct", "http://proxy.example.cn:8080"])
def test_a_proxy_without_a_user_leaves_no_password(services: ScriptedServices, proxy: str) -> None:
    services.account_service.save(SHOP, SECRET, proxy_password=OLD)
    services.account_service.save(replace(SHOP, proxy=proxy), None, proxy_password=PASSWORD)
    assert services.proxy_passwords.stored == {}


def test_an_account_without_a_proxy_asks_no_keyring_for_a_password(services: ScriptedServices) -> None:
    services.account_service.save(replace(SHOP, proxy=""), SECRET)
    assert services.proxy_passwords.lookup_count == 0


def test_if_the_list_cannot_be_written_the_old_password_comes_back(services: ScriptedServices) -> None:
    services.account_service.save(SHOP, SECRET, proxy_password=OLD)
    services.accounts.is_disk_full = True
    saved = services.account_service.save(replace(SHOP, name="x"), None, proxy_password=PASSWORD)
    assert isinstance(saved, AccountNotSaved)
    assert services.proxy_passwords.stored == {SHOP.appid: OLD}


def test_a_refused_account_leaves_no_password(services: ScriptedServices) -> None:
    with pytest.raises(BadInput):
        services.account_service.save(replace(SHOP, proxy="nonsense"), SECRET, proxy_password=PASSWORD)
    assert services.proxy_passwords.stored == {}


@pytest.mark.parametrize("failure", [KeyringIsLocked(), NotPersisted()])
def test_a_keyring_that_does_not_take_the_password_saves_nothing(
    services: ScriptedServices, failure: KeyringIsLocked | NotPersisted
) -> None:
    services.proxy_passwords.store_result = failure
    assert services.account_service.save(SHOP, SECRET, proxy_password=PASSWORD) == AccountNotSaved(SHOP, failure)
    assert services.accounts.load() == ()
    assert services.secrets.stored == {}


def test_the_password_goes_with_the_account(services: ScriptedServices) -> None:
    services.account_service.save(SHOP, SECRET, proxy_password=OLD)
    assert services.account_removals.remove(SHOP.appid, purge=False).is_complete
    assert services.proxy_passwords.stored == {}


def test_a_password_is_tried_on_the_way_of_the_account(services: ScriptedServices) -> None:
    replies = iter([token_reply("T1"), ticket_reply("J1")])
    services.transport.handler = lambda _: next(replies)
    assert services.account_service.verify_credentials(SHOP, SECRET, proxy_password=PASSWORD).is_valid
    assert services.transport.accounts[0].proxy == SHOP.proxy
    assert services.transport.trial_passwords == [(SHOP.appid, PASSWORD)]


def test_the_password_is_in_no_repr() -> None:
    assert "n3w" not in repr(ProxyPasswordChange(FakeSecretStore(), SHOP, PASSWORD))
