import pytest

from guarddog_gui.adapters.http.proxies import proxy_name, proxy_variable


@pytest.mark.parametrize("proxy", ["http://me:pw@proxy.test:8080", "http://proxy.test:8080/x", "proxy.test:8080"])
def test_the_name_of_a_proxy_has_no_login(proxy: str) -> None:
    assert proxy_name(proxy) == "http://proxy.test:8080"


def test_the_variable_that_sets_a_proxy_is_named() -> None:
    assert proxy_variable("http://p:1", {"ALL_PROXY": "http://p:1"}) == "ALL_PROXY"
    assert proxy_variable("http://p:1", {"ALL_PROXY": "http://p:2"}) == ""
