"""Composition of the questions about an account's way to WeChat."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from guarddog_gui.adapters.http.proxies import proxy_in_use
from guarddog_gui.services.own_address import AddressQuery

if TYPE_CHECKING:
    from guarddog_gui.bootstrap.container import Container


def make_address_query(container: "Container", environ: Mapping[str, str], api_base: str | None) -> AddressQuery:
    """Return the question for the own address, with a transport of its own."""
    transport = container.make_transport(api_base)
    return AddressQuery(
        transport=transport,
        dog_files=container.own_values,
        history=container.history,
        clock=container.clock,
        find_proxy=lambda account: proxy_in_use(transport.api_base_of(account), account.proxy, environ),
    )
