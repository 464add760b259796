from pathlib import Path

from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.bootstrap.container import Container
from guarddog_gui.bootstrap.network_queries import make_address_query
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.route import ProxyInUse
from tests.fakes import FakeClock


def test_the_proxy_of_the_account_is_found(tmp_path: Path) -> None:
    environ = {"GUARDDOG_HOME": str(tmp_path)}
    query = make_address_query(Container(environ, FakeClock(), MemorySecretStore()), environ, None)
    shop = Account("wx00000000000000a1", "Shop", proxy="http://me@proxy.example.cn:1")
    assert query.report(shop).proxy == ProxyInUse("http://proxy.example.cn:1", is_of_account=True)
