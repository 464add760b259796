"""Composition of the server from the parts of a container."""

import threading
import time
from collections.abc import Callable

from guarddog_gui.bootstrap.container import Container
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.serve.access.clients import Clients
from guarddog_gui.serve.connections.server import THREADS
from guarddog_gui.serve.served_accounts import ServedAccounts
from guarddog_gui.serve.values.live_values import LiveValues
from guarddog_gui.serve.values.refreshes import ValueRefreshes

_SPARE_THREADS = 8  # that answer while all others wait for WeChat


def make_served_accounts(container: Container, rate: int) -> ServedAccounts:
    """Return what the endpoints work with; `rate` is the number of requests per minute and client."""
    refreshes = ValueRefreshes(
        dog_files=container.own_values,
        clock=container.clock,
        make_refresher=lambda: container.make_worker_context().refresher,
        accounts_changed_at=container.accounts.changed_at,
        export=_make_export(container),
    )
    values = LiveValues(
        container.own_values, refreshes.refresh, container.clock, time.monotonic, THREADS - _SPARE_THREADS
    )
    clients = Clients(container.client_keys, time.monotonic, rate)
    return ServedAccounts(
        container.accounts, clients, values, container.errcode_catalog, container.clock, time.monotonic
    )


def _make_export(container: Container) -> Callable[[Account], None]:
    """Return a function that exports in a thread of its own: a command may be slow, and clients wait meanwhile."""

    def export(account: Account) -> None:
        if account.exports:
            run = container.make_exporter().export
            threading.Thread(target=run, args=(account,), name="serve-export", daemon=True).start()

    return export
