"""Proxies of this computer: which one a URL goes through, where that is set, and its address without a login."""

from collections.abc import Mapping

from guarddog_gui.domain.accounts.route import DIRECT, SYSTEM_PROXY, ProxyInUse

VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


def proxy_name(proxy: str) -> str:
    """Return the address of a proxy without user name and password."""
    scheme, _, rest = proxy.rpartition("://")
    return f"{scheme or 'http'}://{rest.rpartition('@')[2].partition('/')[0]}"


def proxy_in_use(api_base: str, account_proxy: str, environ: Mapping[str, str]) -> ProxyInUse:
    """Return the proxy of an account's calls to this API base; it is not asked if it works."""
    from guarddog_gui.adapters.http.client import is_loopback
    from guarddog_gui.adapters.http.session import system_proxy_for

    if is_loopback(api_base) or account_proxy == DIRECT:
        return ProxyInUse()
    if account_proxy != SYSTEM_PROXY:
        return ProxyInUse(proxy_name(account_proxy), is_of_account=True)
    proxy = system_proxy_for(f"{api_base}/")
    return ProxyInUse() if proxy is None else ProxyInUse(proxy_name(proxy), proxy_variable(proxy, environ))


def proxy_variable(proxy: str, environ: Mapping[str, str]) -> str:
    """Return the environment variable that names this proxy; empty if a setting of the system does."""
    return next((name for name in VARIABLES if environ.get(name) == proxy), "")
