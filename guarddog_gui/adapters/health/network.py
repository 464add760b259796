"""Walks the way to WeChat step by step, with a request that says and asks nothing."""

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from guarddog_gui.adapters.http.client import WeChatHttp, is_local
from guarddog_gui.adapters.http.connect import Address, Dialler, Resolve, addresses_of
from guarddog_gui.adapters.http.deadline import Call
from guarddog_gui.domain.health import NetworkSeen, Step
from guarddog_gui.domain.wechat.protocol import Request, Silence

_VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_EACH_S = 2.5  # for one of several addresses


def look_at_network(
    api_base: str,
    environ: Mapping[str, str],
    clock: Callable[[], float],
    *,
    seconds: float = 5.0,
    resolve: Resolve = addresses_of,
) -> NetworkSeen:
    """What there is between us and the API base; each of its two connections has `seconds`."""
    from guarddog_gui.adapters.http.session import proxy_for

    parts = urlsplit(api_base)
    host = parts.hostname or ""
    proxy = None if is_local(api_base) else proxy_for(f"{api_base}/")
    addresses = 0
    if proxy is None:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        walked = _first_steps(host, port, parts.scheme, seconds, resolve)
        if isinstance(walked, NetworkSeen):
            return walked
        addresses = walked
    source = next((name for name in _VARIABLES if environ.get(name) == proxy), "") if proxy else ""
    transport = WeChatHttp(api_base, connect_s=_EACH_S, read_s=seconds, total_s=seconds)
    began = time.monotonic()
    sent = transport.send(Request("/"))
    took_ms = round((time.monotonic() - began) * 1000)
    transport.close()
    shown = _without_credentials(proxy) if proxy else ""
    if isinstance(sent, Silence):
        return NetworkSeen(host, shown, source, addresses, Step.ANSWER, sent, took_ms)
    skew_s = None if sent.server_at is None else clock() - sent.server_at
    return NetworkSeen(host, shown, source, addresses, took_ms=took_ms, skew_s=skew_s)


def _first_steps(host: str, port: int, scheme: str, seconds: float, resolve: Resolve) -> int | NetworkSeen:
    """How many addresses the name has, once the last of these steps is done; or where the way ended."""
    import truststore

    from guarddog_gui.adapters.http.errors import let_go, silence_after

    found: list[int] = []

    def counted(host: str, port: int) -> Sequence[Address]:
        addresses = resolve(host, port)
        found.append(len(addresses))
        return addresses

    call = Call(seconds)
    step = Step.NAME
    try:
        with call:
            connection = Dialler(counted).dial(host, port, call, _EACH_S, ())
            step = Step.TLS
            with connection:
                call.watch(connection)
                if scheme == "https":
                    truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_socket(
                        connection, server_hostname=host
                    ).close()
    except Exception as trouble:  # noqa: BLE001 - the border, as in WeChatHttp
        if step is Step.NAME and found:
            step = Step.CONNECTION
        silence = silence_after(trouble, call)
        let_go(trouble)
        return NetworkSeen(host, addresses=sum(found), failed=step, silence=silence)
    return sum(found)


def _without_credentials(proxy: str) -> str:
    """Its scheme, host and port."""
    scheme, _, rest = proxy.rpartition("://")
    return f"{scheme or 'http'}://{rest.rpartition('@')[2].partition('/')[0]}"
