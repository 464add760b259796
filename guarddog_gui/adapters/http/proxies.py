"""Proxies of this computer: which one a URL goes through, where that is set, and its address without a login."""

from collections.abc import Mapping

VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


def proxy_name(proxy: str) -> str:
    """Return the address of a proxy without user name and password."""
    scheme, _, rest = proxy.rpartition("://")
    return f"{scheme or 'http'}://{rest.rpartition('@')[2].partition('/')[0]}"


def proxy_variable(proxy: str, environ: Mapping[str, str]) -> str:
    """Return the environment variable that names this proxy; empty if a setting of the system does."""
    return next((name for name in VARIABLES if environ.get(name) == proxy), "")
