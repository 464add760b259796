"""Sends a request to WeChat with `requests`; whatever goes wrong becomes a Silence that shows no URL.

What this needs is imported at the first call: it takes 0.15 s and 20 MB, which a tray icon need not wait for.
"""

import json
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from guarddog_gui.domain.wechat.protocol import (
    REPLY_MAX,
    FailureKind,
    Reply,
    Request,
    TransportFailure,
    normalize_api_base,
)

if TYPE_CHECKING:
    import requests

    from guarddog_gui.adapters.http.deadline import Deadline
    from guarddog_gui.adapters.http.session import TransportAdapter

_LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
_CHUNK_SIZE = 16 * 1024


class WeChatHttpClient:
    """A Transport for one thread. All times are in seconds.

    Nothing is ever sent twice: a call that broke off may have reached WeChat, and there a second one costs
    quota or kills a token. A kept connection that the server has closed meanwhile is noticed before anything
    is sent, and replaced; one that was idle for longer than `idle_s` is not trusted, because it may have died
    without a word while the machine slept.
    """

    def __init__(
        self,
        api_base: str,
        *,
        connect_timeout_s: float = 5.0,
        read_timeout_s: float = 10.0,
        total_timeout_s: float = 15.0,
        idle_max_s: float = 30.0,
    ) -> None:
        """Raises BadInput for an API base that would show the secret to the network."""
        self._api_base = normalize_api_base(api_base)
        self._is_loopback = is_loopback(self._api_base)
        self._timeouts_s = (connect_timeout_s, read_timeout_s)
        self._total_timeout_s = total_timeout_s
        self._idle_max_s = idle_max_s
        self._last_used_boot_s = 0.0
        self._adapter: TransportAdapter | None = None
        self._session: requests.Session | None = None
        self._deadline: Deadline | None = None

    def send(self, request: Request) -> Reply | TransportFailure:
        """The reply, its body only if the status is 200; or why there is none."""
        from guarddog_gui.adapters.http.deadline import Deadline
        from guarddog_gui.adapters.http.errors import clear_frames, failure_from_exception

        call = self._deadline = Deadline(self._total_timeout_s)
        try:
            with call:
                return self._send_request(request, call)
        except Exception as trouble:  # noqa: BLE001  # the border: nothing foreign gets past it, nor its text
            silence = failure_from_exception(trouble, call)
            clear_frames(trouble)
            return silence
        finally:
            self._deadline = None
            self._last_used_boot_s = _boot_clock_s()

    def close(self) -> None:
        """End the call that is under way, if there is one, and let the connections go. From any thread."""
        call = self._deadline
        if call is not None:
            call.expire()
        if self._session is not None:
            self._session.close()

    def _send_request(self, request: Request, deadline: "Deadline") -> Reply | TransportFailure:
        from guarddog_gui.adapters.http.deadline import RequestStage

        session = self._get_session(deadline)
        url = self._api_base + request.path
        proxy = self._proxy_for(url)
        if proxy is not None:
            deadline.stage = RequestStage.CONNECTING_TO_PROXY
            if proxy.lower().startswith("socks"):
                return TransportFailure(FailureKind.PROXY, "SOCKS is not supported", may_have_counted=False)
        response = session.request(
            "GET" if request.body is None else "POST",
            url,
            params=request.query,
            data=None if request.body is None else json.dumps(dict(request.body)).encode(),
            headers=None if request.body is None else {"Content-Type": "application/json"},
            proxies={} if proxy is None else {"https": proxy},
            timeout=self._timeouts_s,
            allow_redirects=False,
            stream=True,
        )
        try:
            return _read_response(response, deadline)
        finally:
            response.close()

    def _get_session(self, deadline: "Deadline") -> "requests.Session":
        if self._session is None or self._adapter is None:
            from guarddog_gui.adapters.http import session as wire

            self._adapter = wire.TransportAdapter()
            self._session = wire.make_session(self._adapter)
        elif _boot_clock_s() - self._last_used_boot_s > self._idle_max_s:
            self._adapter.close()
        self._adapter.deadline = deadline
        return self._session

    def _proxy_for(self, url: str) -> str | None:
        if self._is_loopback:
            return None
        from guarddog_gui.adapters.http import session as wire

        return wire.system_proxy_for(url)


def is_loopback(api_base: str) -> bool:
    """Whether it is on this machine, where no proxy has any business."""
    return urlsplit(api_base).hostname in _LOOPBACK_HOSTS


def _read_response(response: "requests.Response", deadline: "Deadline") -> Reply | TransportFailure:
    from guarddog_gui.adapters.http.session import parse_http_date

    server_at = parse_http_date(response.headers.get("Date", ""))
    if response.status_code != 200:
        return Reply(response.status_code, b"", server_at)  # what it says besides is not WeChat's
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        return TransportFailure(FailureKind.NOT_JSON, "compressed")
    body = bytearray()
    while piece := response.raw.read(_CHUNK_SIZE, decode_content=False):
        body += piece
        if len(body) > REPLY_MAX:
            return TransportFailure(FailureKind.TOO_BIG)
    if deadline.is_expired:  # the end of the body was our own doing
        return TransportFailure(FailureKind.TIMEOUT)
    return Reply(200, bytes(body), server_at)


def _boot_clock_s() -> float:
    """Seconds that go on while the machine sleeps, where the system has such a clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
