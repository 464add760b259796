"""Walks the way to WeChat step by step, with a request that says and asks nothing."""

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from guarddog_gui.adapters.http.client import WeChatHttpClient, is_loopback
from guarddog_gui.adapters.http.connect import AddressInfo, Connector, Resolver, resolve_addresses
from guarddog_gui.adapters.http.deadline import Deadline
from guarddog_gui.domain.health import ConnectionStep, NetworkProbeResult
from guarddog_gui.domain.wechat.protocol import Request, TransportFailure

_PROXY_VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_CONNECT_TIMEOUT_S = 2.5  # for one of several addresses


def check_network(
    api_base: str,
    environ: Mapping[str, str],
    clock: Callable[[], float],
    *,
    timeout_s: float = 5.0,
    resolve: Resolver = resolve_addresses,
) -> NetworkProbeResult:
    """What there is between us and the API base; each of its two connections has `seconds`."""
    from guarddog_gui.adapters.http.session import system_proxy_for

    parts = urlsplit(api_base)
    host = parts.hostname or ""
    proxy = None if is_loopback(api_base) else system_proxy_for(f"{api_base}/")
    addresses = 0
    if proxy is None:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        walked = _check_connection(host, port, parts.scheme, timeout_s, resolve)
        if isinstance(walked, NetworkProbeResult):
            return walked
        addresses = walked
    source = next((name for name in _PROXY_VARIABLES if environ.get(name) == proxy), "") if proxy else ""
    transport = WeChatHttpClient(
        api_base, connect_timeout_s=_CONNECT_TIMEOUT_S, read_timeout_s=timeout_s, total_timeout_s=timeout_s
    )
    began = time.monotonic()
    sent = transport.send(Request("/"))
    took_ms = round((time.monotonic() - began) * 1000)
    transport.close()
    shown = _strip_credentials(proxy) if proxy else ""
    if isinstance(sent, TransportFailure):
        return NetworkProbeResult(host, shown, source, addresses, ConnectionStep.ANSWER, sent, took_ms)
    skew_s = None if sent.server_at is None else clock() - sent.server_at
    return NetworkProbeResult(host, shown, source, addresses, took_ms=took_ms, clock_skew_s=skew_s)


def _check_connection(
    host: str, port: int, scheme: str, timeout_s: float, resolve: Resolver
) -> int | NetworkProbeResult:
    """How many addresses the name has, once the last of these steps is done; or where the way ended."""
    import truststore

    from guarddog_gui.adapters.http.errors import clear_frames, failure_from_exception

    found: list[int] = []

    def counted(host: str, port: int) -> Sequence[AddressInfo]:
        addresses = resolve(host, port)
        found.append(len(addresses))
        return addresses

    call = Deadline(timeout_s)
    step = ConnectionStep.DNS
    try:
        with call:
            connection = Connector(counted).connect(host, port, call, _CONNECT_TIMEOUT_S, ())
            step = ConnectionStep.TLS
            with connection:
                call.attach_socket(connection)
                if scheme == "https":
                    truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_socket(
                        connection, server_hostname=host
                    ).close()
    except Exception as trouble:  # noqa: BLE001 - the border, as in WeChatHttp
        if step is ConnectionStep.DNS and found:
            step = ConnectionStep.CONNECTION
        silence = failure_from_exception(trouble, call)
        clear_frames(trouble)
        return NetworkProbeResult(host, address_count=sum(found), failed_step=step, failure=silence)
    return sum(found)


def _strip_credentials(proxy: str) -> str:
    """Its scheme, host and port."""
    scheme, _, rest = proxy.rpartition("://")
    return f"{scheme or 'http'}://{rest.rpartition('@')[2].partition('/')[0]}"
