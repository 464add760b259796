"""HTTP client for WeChat's API, built on `requests`; every failure is returned as a TransportFailure.

`requests`, urllib3 and truststore are imported by the first call, not with this module: they take 0.15 s and
20 MB, and the tray icon appears without them.
"""

import json
import sys
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from guarddog_gui.domain.accounts.route import DIRECT, SYSTEM_PROXY, normalize_api_base
from guarddog_gui.domain.hidden_fields import HiddenFields
from guarddog_gui.domain.wechat.protocol import REPLY_MAX, Reply, Request, TransportFailure

if TYPE_CHECKING:
    from guarddog_gui.adapters.http.connect import Deadline
    from guarddog_gui.adapters.http.session import WeChatSession

_LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")


class HttpCall(HiddenFields, Struct, frozen=True):
    """One HTTP request; `path` is below the API base. `files` are the files of a form, as requests takes them.

    At most `size_max` bytes of the reply are read.
    """

    hidden_fields = ("query", "data", "files")

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    data: bytes | dict[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, tuple[str, bytes, str]], ...] = ()
    size_max: int = REPLY_MAX


class WeChatHttpClient:
    """Transport for WeChat's API; an instance belongs to one thread, except for `close`.

    No request is ever sent twice. A request that broke off may have reached WeChat, and a repetition would use up quota
    again or, on the classic endpoint, replace the token that the first one obtained.

    For the same reason a connection is not reused blindly. If the server has closed an idle connection, urllib3 notices
    before it sends and opens a new one. If the connection has been idle for more than `idle_max_s`, it is closed
    without a try: the machine may have slept meanwhile, and then neither side learned that the connection is dead.
    """

    def __init__(
        self,
        api_base: str,
        *,
        proxy: str = SYSTEM_PROXY,
        connect_timeout_s: float = 5.0,
        read_timeout_s: float = 10.0,
        total_timeout_s: float = 15.0,
        idle_max_s: float = 30.0,
    ) -> None:
        """Store the limits; the connection is opened by the first request.

        `proxy` may have a login in it; see `domain.accounts.route` for the values. A server on this machine is
        never reached through a proxy. `connect_timeout_s` is the limit for each address of the server,
        `read_timeout_s` for each read, and
        `total_timeout_s` for the whole request. Raises BadInput for an invalid API base, and for one that
        would send the secret over the network without TLS.
        """
        self._api_base = normalize_api_base(api_base)
        self._is_loopback = is_loopback(self._api_base)
        self._proxy = proxy
        self._timeouts_s = (connect_timeout_s, read_timeout_s)
        self._total_timeout_s = total_timeout_s
        self._idle_max_s = idle_max_s
        self._last_used_boot_s = 0.0
        self._session: WeChatSession | None = None
        self._deadline: Deadline | None = None

    def send(self, request: Request) -> Reply | TransportFailure:
        """Send the request once and return the reply."""
        if request.body is None:
            return self.send_call(HttpCall("GET", request.path, request.query))
        data, headers = json.dumps(dict(request.body)).encode(), {"Content-Type": "application/json"}
        return self.send_call(HttpCall("POST", request.path, request.query, data, headers))

    def send_call(self, call: HttpCall) -> Reply | TransportFailure:
        """Send any request once and return the reply."""
        from guarddog_gui.adapters.http.connect import Deadline
        from guarddog_gui.adapters.http.errors import clear_frames, failure_from_exception

        deadline = self._deadline = Deadline(self._total_timeout_s)
        try:
            with deadline:
                return self._send_within(call, deadline)
        except Exception as error:  # noqa: BLE001  # the exceptions of four libraries, with the URL in their texts
            failure = failure_from_exception(error, deadline)
            clear_frames(error)
            return failure
        finally:
            self._deadline = None
            self._last_used_boot_s = _boot_clock_s()

    def close(self) -> None:
        """Cancel the pending request, if any, and close the connections. May be called from any thread."""
        if (deadline := self._deadline) is not None:
            deadline.expire()
        if self._session is not None:
            self._session.close()

    def _send_within(self, call: HttpCall, deadline: "Deadline") -> Reply | TransportFailure:
        from guarddog_gui.adapters.http.connect import RequestStage
        from guarddog_gui.adapters.http.session import WeChatSession, read_response, system_proxy_for
        from guarddog_gui.adapters.http.socks import is_socks, parse_socks_proxy

        if self._session is None:
            self._session = WeChatSession()
        elif _boot_clock_s() - self._last_used_boot_s > self._idle_max_s:
            self._session.adapter.close()
        self._session.adapter.deadline = deadline
        url = self._api_base + call.path
        proxy = self._proxy if self._proxy != SYSTEM_PROXY else system_proxy_for(url)
        if self._is_loopback or proxy == DIRECT:
            proxy = None
        is_socks_proxy = proxy is not None and is_socks(proxy)
        if proxy is not None:
            deadline.stage = RequestStage.CONNECTING_TO_PROXY
        self._session.adapter.use_socks_proxy(parse_socks_proxy(proxy) if proxy and is_socks_proxy else None)
        response = self._session.request(
            call.method,
            url,
            params=call.query,
            data=call.data,
            files=call.files or None,
            headers=call.headers,
            proxies={} if proxy is None or is_socks_proxy else {"https": proxy},
            timeout=self._timeouts_s,
            allow_redirects=False,
            stream=True,
        )
        with response:
            reply = read_response(response, deadline, call.size_max)
        if isinstance(reply, Reply) and proxy is not None:
            return replace(reply, is_proxied=True)
        return reply


def is_loopback(api_base: str) -> bool:
    """Return True if the API base is on this machine; such a server is never reached through a proxy."""
    return urlsplit(api_base).hostname in _LOOPBACK_HOSTS


def _boot_clock_s() -> float:
    """Return monotonic seconds, including the time asleep where the system has such a clock (Linux)."""
    if sys.platform != "linux":
        return time.monotonic()
    return time.clock_gettime(time.CLOCK_BOOTTIME)
