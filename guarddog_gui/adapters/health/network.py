"""Check the connection to WeChat step by step: name, TCP, TLS, and a request without account or secret."""

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from msgspec.structs import replace

from guarddog_gui.adapters.http.client import WeChatHttpClient, is_loopback
from guarddog_gui.adapters.http.connect import AddressInfo, Connector, Deadline, Resolver, resolve_addresses
from guarddog_gui.adapters.http.proxies import proxy_name, proxy_variable
from guarddog_gui.domain.accounts.route import DIRECT, SYSTEM_PROXY
from guarddog_gui.domain.health.results import ConnectionStep, NetworkProbeResult
from guarddog_gui.domain.wechat.protocol import Request, TransportFailure

_CONNECT_TIMEOUT_S = 2.5  # for one of several addresses


def check_network(
    api_base: str,
    environ: Mapping[str, str],
    clock: Callable[[], float],
    *,
    account_proxy: str = SYSTEM_PROXY,
    timeout_s: float = 5.0,
    resolve: Resolver = resolve_addresses,
) -> NetworkProbeResult:
    """Return how far a connection to the API base gets, by which proxy, and the clock skew.

    Two connections are made, each within `timeout_s`: one that goes step by step to find where it fails, and
    one by the client that real requests use. Behind a proxy only the second one is made. `account_proxy` is the
    proxy of an account, with its password.
    """
    from guarddog_gui.adapters.http.session import system_proxy_for

    parts = urlsplit(api_base)
    host = parts.hostname or ""
    proxy: str | None = account_proxy
    if is_loopback(api_base) or account_proxy == DIRECT:
        proxy = None
    elif account_proxy == SYSTEM_PROXY:
        proxy = system_proxy_for(f"{api_base}/")
    if proxy is None:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        result = _check_connection(host, port, parts.scheme, timeout_s, resolve)
        if result.failure is not None:
            return result
    else:
        is_of_account = account_proxy != SYSTEM_PROXY
        variable = "" if is_of_account else proxy_variable(proxy, environ)
        result = NetworkProbeResult(host, proxy_name(proxy), variable, is_account_proxy=is_of_account)
    client = WeChatHttpClient(
        api_base,
        proxy=account_proxy,
        connect_timeout_s=_CONNECT_TIMEOUT_S,
        read_timeout_s=timeout_s,
        total_timeout_s=timeout_s,
    )
    started_s = time.monotonic()
    reply = client.send(Request("/"))
    took_ms = round((time.monotonic() - started_s) * 1000)
    client.close()
    if isinstance(reply, TransportFailure):
        return replace(result, took_ms=took_ms, failed_step=ConnectionStep.ANSWER, failure=reply)
    clock_skew_s = None if reply.server_at is None else clock() - reply.server_at
    return replace(result, took_ms=took_ms, clock_skew_s=clock_skew_s)


def _check_connection(host: str, port: int, scheme: str, timeout_s: float, resolve: Resolver) -> NetworkProbeResult:
    """Return the number of addresses of the host, and the step that failed unless name, TCP and TLS succeed."""
    import truststore

    from guarddog_gui.adapters.http.errors import clear_frames, failure_from_exception

    address_count = 0

    def resolve_and_count(host: str, port: int) -> Sequence[AddressInfo]:
        nonlocal address_count
        addresses = resolve(host, port)
        address_count = len(addresses)
        return addresses

    deadline = Deadline(timeout_s)
    step = ConnectionStep.DNS
    try:
        with deadline:
            connection = Connector(resolve_and_count).connect(host, port, deadline, _CONNECT_TIMEOUT_S, ())
            step = ConnectionStep.TLS
            with connection:
                deadline.attach_socket(connection)
                if scheme == "https":
                    truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_socket(connection, server_hostname=host).close()
    except Exception as error:  # noqa: BLE001 - the same exceptions as in WeChatHttpClient.send
        if step is ConnectionStep.DNS and address_count:
            step = ConnectionStep.CONNECTION
        failure = failure_from_exception(error, deadline)
        clear_frames(error)
        return NetworkProbeResult(host, address_count=address_count, failed_step=step, failure=failure)
    return NetworkProbeResult(host, address_count=address_count)
