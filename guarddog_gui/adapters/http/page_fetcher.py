"""GET requests to the user's own pages, with what a check of them needs: the certificate, the IP address, the redirect.

Only the status, a few headers and as much of the body as is asked for are read, within a deadline. No cookie, no login
and nothing of an account is sent, and no redirect is followed. A private address is allowed: the page of a developer
may be in a test network. The caller asks only for what the user has named.
"""

import socket
import ssl
from urllib.parse import urlsplit

from msgspec.structs import replace

from guarddog_gui.adapters.http.client import is_loopback
from guarddog_gui.adapters.http.connect import Connector, Deadline, RequestStage
from guarddog_gui.domain.readiness.answers import PageAnswer
from guarddog_gui.domain.readiness.certificate import Certificate, parse_certificate
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure

REQUEST_TIMEOUT_S = 8.0
_CONNECT_TIMEOUT_S = 4.0  # for one of several addresses
_CHUNK_SIZE = 4096
_LOCATION_MAX = 8192  # characters


class HttpPageFetcher:
    """Fetcher for one thread; each request has a connection of its own, whose certificate belongs to its answer."""

    def __init__(self, request_timeout_s: float = REQUEST_TIMEOUT_S) -> None:
        self._request_timeout_s = request_timeout_s

    def fetch(self, url: str, body_max: int, timeout_s: float) -> PageAnswer:
        from guarddog_gui.adapters.http.errors import clear_frames, failure_from_exception

        deadline = Deadline(min(timeout_s, self._request_timeout_s))
        exchange = _Exchange(url, deadline)
        try:
            with deadline:
                return exchange.run(body_max)
        except Exception as error:  # noqa: BLE001  # the same exceptions as in WeChatHttpClient.send
            failure = failure_from_exception(error, deadline)
            clear_frames(error)
            answer = PageAnswer(url, proxy=exchange.proxy_name, address=exchange.address, failure=failure)
        finally:
            exchange.close()
        if failure.kind is not FailureKind.TLS or exchange.proxy_name:
            return answer
        return replace(answer, certificate=_read_refused_certificate(url, self._request_timeout_s))


class _Exchange:
    """One request, and what its connection shows."""

    def __init__(self, url: str, deadline: Deadline) -> None:
        from guarddog_gui.adapters.http.proxies import proxy_name
        from guarddog_gui.adapters.http.session import TransportAdapter, WeChatSession, system_proxy_for

        exchange = self

        class RecordingAdapter(TransportAdapter):
            """Adapter that notes the address and the certificate of the server."""

            def on_connected(self, connection: socket.socket) -> None:
                if not exchange.proxy_name:
                    exchange.address = str(connection.getpeername()[0])

            def on_encrypted(self, connection: ssl.SSLSocket) -> None:
                exchange.certificate = parse_certificate(connection.getpeercert(binary_form=True) or b"")

        self._url = url
        self._deadline = deadline
        self._proxy = None if is_loopback(url) else system_proxy_for(url)
        self.proxy_name = "" if self._proxy is None else proxy_name(self._proxy)
        self.address = ""
        self.certificate: Certificate | None = None
        self._session: WeChatSession = WeChatSession(RecordingAdapter())

    def run(self, body_max: int) -> PageAnswer:
        """Send the request and read the answer. Raises whatever the libraries raise."""
        from guarddog_gui.adapters.http.socks import is_socks, parse_socks_proxy

        self._session.adapter.deadline = self._deadline
        uses_socks = self._proxy is not None and is_socks(self._proxy)
        if self._proxy is not None and (uses_socks or self._url.startswith("https:")):
            self._deadline.stage = RequestStage.CONNECTING_TO_PROXY  # for plain http a proxy answers by itself
        self._session.adapter.use_socks_proxy(parse_socks_proxy(self._proxy) if self._proxy and uses_socks else None)
        response = self._session.request(
            "GET",
            self._url,
            headers={"Accept": "*/*", "Connection": "close"},
            proxies={} if self._proxy is None or uses_socks else {urlsplit(self._url).scheme: self._proxy},
            timeout=(_CONNECT_TIMEOUT_S, self._deadline.remaining_s),
            allow_redirects=False,
            stream=True,
        )
        with response:
            body = bytearray()
            while len(body) <= body_max and body_max:
                chunk = response.raw.read(_CHUNK_SIZE, decode_content=False)
                if not chunk:
                    break
                body += chunk
            if self._deadline.is_expired:  # the deadline shut the socket down, which looks like the end of the body
                failure = TransportFailure(FailureKind.TIMEOUT)
                return PageAnswer(self._url, proxy=self.proxy_name, address=self.address, failure=failure)
            return PageAnswer(
                self._url,
                status=response.status_code,
                location=_decode_location(response.headers.get("Location", "")),
                content_type=response.headers.get("Content-Type", ""),
                body=bytes(body[:body_max]),
                is_cut=len(body) > body_max > 0,
                address=self.address,
                proxy=self.proxy_name,
                certificate=self.certificate,
            )

    def close(self) -> None:
        self._session.close()


def _decode_location(location: str) -> str:
    """Return the header's text: http.client reads it as Latin-1, but servers write UTF-8."""
    try:
        return location[:_LOCATION_MAX].encode("latin-1").decode()
    except UnicodeError:
        return location[:_LOCATION_MAX]


def _read_refused_certificate(url: str, timeout_s: float) -> Certificate | None:
    """Return the certificate that was not accepted, from a handshake without a check; nothing else is sent."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    deadline = Deadline(timeout_s)
    try:
        with deadline, Connector().connect(host, port, deadline, _CONNECT_TIMEOUT_S, ()) as connection:
            deadline.attach_socket(connection)
            with context.wrap_socket(connection, server_hostname=host) as encrypted:
                return parse_certificate(encrypted.getpeercert(binary_form=True) or b"")
    except OSError:
        return None
