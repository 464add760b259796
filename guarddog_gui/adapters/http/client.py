"""Sends a request to WeChat with `requests`; whatever goes wrong becomes a Silence that shows no URL.

What this needs is imported at the first call: it takes 0.15 s and 20 MB, which a tray icon need not wait for.
"""

import json
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from guarddog_gui.domain.wechat.protocol import REPLY_MAX, Reply, Request, Silence, Unheard, checked_api_base

if TYPE_CHECKING:
    import requests

    from guarddog_gui.adapters.http.deadline import Call
    from guarddog_gui.adapters.http.session import Wire

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_READ_AT_ONCE = 16 * 1024


class WeChatHttp:
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
        connect_s: float = 5.0,
        read_s: float = 10.0,
        total_s: float = 15.0,
        idle_s: float = 30.0,
    ) -> None:
        """Raises BadInput for an API base that would show the secret to the network."""
        self._api_base = checked_api_base(api_base)
        self._is_local = is_local(self._api_base)
        self._waits = (connect_s, read_s)
        self._total_s = total_s
        self._idle_s = idle_s
        self._used_at = 0.0
        self._wire: Wire | None = None
        self._session: requests.Session | None = None
        self._call: Call | None = None

    def send(self, request: Request) -> Reply | Silence:
        """The reply, its body only if the status is 200; or why there is none."""
        from guarddog_gui.adapters.http.deadline import Call
        from guarddog_gui.adapters.http.errors import let_go, silence_after

        call = self._call = Call(self._total_s)
        try:
            with call:
                return self._send(request, call)
        except Exception as trouble:  # noqa: BLE001  # the border: nothing foreign gets past it, nor its text
            silence = silence_after(trouble, call)
            let_go(trouble)
            return silence
        finally:
            self._call = None
            self._used_at = _ticks()

    def close(self) -> None:
        """End the call that is under way, if there is one, and let the connections go. From any thread."""
        call = self._call
        if call is not None:
            call.end()
        if self._session is not None:
            self._session.close()

    def _send(self, request: Request, call: "Call") -> Reply | Silence:
        from guarddog_gui.adapters.http.deadline import Stage

        session = self._prepared_session(call)
        url = self._api_base + request.path
        proxy = self._proxy_for(url)
        if proxy is not None:
            call.stage = Stage.TO_PROXY
            if proxy.lower().startswith("socks"):
                return Silence(Unheard.PROXY, "SOCKS is not supported", reached=False)
        response = session.request(
            "GET" if request.body is None else "POST",
            url,
            params=request.query,
            data=None if request.body is None else json.dumps(dict(request.body)).encode(),
            headers=None if request.body is None else {"Content-Type": "application/json"},
            proxies={} if proxy is None else {"https": proxy},
            timeout=self._waits,
            allow_redirects=False,
            stream=True,
        )
        try:
            return _read(response, call)
        finally:
            response.close()

    def _prepared_session(self, call: "Call") -> "requests.Session":
        if self._session is None or self._wire is None:
            from guarddog_gui.adapters.http import session as wire

            self._wire = wire.Wire()
            self._session = wire.session_on(self._wire)
        elif _ticks() - self._used_at > self._idle_s:
            self._wire.close()
        self._wire.call = call
        return self._session

    def _proxy_for(self, url: str) -> str | None:
        if self._is_local:
            return None
        from guarddog_gui.adapters.http import session as wire

        return wire.proxy_for(url)


def is_local(api_base: str) -> bool:
    """Whether it is on this machine, where no proxy has any business."""
    return urlsplit(api_base).hostname in _LOOPBACK


def _read(response: "requests.Response", call: "Call") -> Reply | Silence:
    from guarddog_gui.adapters.http.session import unix_time

    server_at = unix_time(response.headers.get("Date", ""))
    if response.status_code != 200:
        return Reply(response.status_code, b"", server_at)  # what it says besides is not WeChat's
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        return Silence(Unheard.NOT_JSON, "compressed")
    body = bytearray()
    while piece := response.raw.read(_READ_AT_ONCE, decode_content=False):
        body += piece
        if len(body) > REPLY_MAX:
            return Silence(Unheard.TOO_BIG)
    if call.is_over:  # the end of the body was our own doing
        return Silence(Unheard.TIMEOUT)
    return Reply(200, bytes(body), server_at)


def _ticks() -> float:
    """Seconds that go on while the machine sleeps, where the system has such a clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
