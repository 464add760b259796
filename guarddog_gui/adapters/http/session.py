"""`requests` session with a deadline, the system's certificates, and no redirects, cookies or logs.

urllib3 opens connections deep inside its pools. To apply the deadline to name resolution, connecting, TLS and
the proxy's CONNECT, this module replaces the connection classes of the pools by subclasses.
"""

import calendar
import functools
import logging
import socket
import ssl
import weakref
from base64 import b64encode
from email.utils import parsedate_tz
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from importlib import metadata
from typing import Any, cast

import requests
import truststore
from requests.adapters import HTTPAdapter
from requests.utils import get_auth_from_url
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.poolmanager import PoolManager

from guarddog_gui.adapters.http.connect import Connector, Deadline, RequestStage
from guarddog_gui.adapters.http.socks import SocksProxy, connect_through
from guarddog_gui.domain.wechat.protocol import REPLY_MAX, FailureKind, Reply, TransportFailure

_CHUNK_SIZE = 16 * 1024


class TransportAdapter(HTTPAdapter):
    """HTTPAdapter of one client; holds its connections."""

    deadline: Deadline  # of the request that is being sent; set by the client before each request
    socks_proxy: SocksProxy | None = None

    def __init__(self) -> None:
        self.connector = Connector()
        # One context per adapter and so per thread: truststore's SSLContext holds a lock during the whole
        # handshake, so in a shared context one server that hangs would block the other accounts.
        self._ssl_context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        super().__init__(pool_connections=2, pool_maxsize=1)

    def on_connected(self, connection: socket.socket) -> None:
        """Do nothing; a subclass may look at a new connection to the server or to its proxy."""

    def on_encrypted(self, connection: ssl.SSLSocket) -> None:
        """Do nothing; a subclass may look at a connection whose certificate was accepted."""

    def use_socks_proxy(self, proxy: SocksProxy | None) -> None:
        """Open new connections through this proxy; None goes without one."""
        if proxy != self.socks_proxy:
            self.close()  # no connection of the other way is used again
            self.socks_proxy = proxy

    def init_poolmanager(self, *args: Any, **pool_kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._ssl_context, **pool_kwargs)
        self._set_pool_classes(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        manager = super().proxy_manager_for(
            proxy, ssl_context=self._ssl_context, proxy_ssl_context=self._ssl_context, **proxy_kwargs
        )
        self._set_pool_classes(manager)
        return manager

    def proxy_headers(self, proxy: str) -> dict[str, str]:
        """Return the login in the proxy's URL; in UTF-8 (RFC 7617), of which requests knows only Latin-1."""
        user, password = get_auth_from_url(proxy)
        if not user:
            return {}
        return {"Proxy-Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}

    def cert_verify(self, conn: Any, url: object, verify: object, cert: object) -> None:  # noqa: ARG002  # no choice
        """Require a certificate that the system trusts.

        requests would load certifi's list of authorities instead, and would switch the check off for `verify=False`.
        """
        conn.cert_reqs = "CERT_REQUIRED"

    def _set_pool_classes(self, manager: PoolManager) -> None:
        # A weak reference, because urllib3 closes idle connections by a `weakref.finalize` of their pool, and
        # that finalizer keeps the connections alive. With a strong reference from them to this adapter, which
        # owns the pools, no pool would ever be garbage-collected and no idle connection closed.
        adapter = weakref.proxy(self)
        pools: dict[str, Any] = {  # urllib3 expects classes here, but only calls them
            "http": functools.partial(_HttpPool, adapter=adapter),
            "https": functools.partial(_HttpsPool, adapter=adapter),
        }
        manager.pool_classes_by_scheme = pools


class _HttpConnection(HTTPConnection):
    """Connection that observes the deadline of the current request and records the request's progress."""

    def __init__(self, *args: Any, adapter: TransportAdapter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._adapter = adapter

    def _new_conn(self) -> socket.socket:
        deadline, proxy = self._adapter.deadline, self._adapter.socks_proxy
        host, port = (self._dns_host, self.port) if proxy is None else (proxy.host, proxy.port)
        connection = self._adapter.connector.connect(
            host, port, deadline, float(self.timeout or 0), self.socket_options or ()
        )
        deadline.attach_socket(connection)
        self._adapter.on_connected(connection)
        if proxy is not None:
            try:
                connect_through(connection, proxy, self._dns_host, self.port)
            except BaseException:
                connection.close()
                raise
            deadline.stage = RequestStage.CONNECTING_TO_SERVER
        return connection

    def _tunnel(self) -> None:
        super()._tunnel()
        if self._adapter.deadline.is_expired:
            raise TimeoutError  # http.client accepts truncated headers, which is how a shutdown looks to it
        self._adapter.deadline.stage = RequestStage.CONNECTING_TO_SERVER

    def request(self, *args: Any, **kwargs: Any) -> None:
        # urllib3 would connect inside of its `request`; connect first, so that a failure to connect is not
        # taken for a request that may have reached WeChat
        if self.sock is None:
            self.connect()
        else:
            self._adapter.deadline.attach_socket(self.sock)
        self._adapter.deadline.stage = RequestStage.SENT
        super().request(*args, **kwargs)


class _HttpsConnection(_HttpConnection, HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        if cast("ssl.SSLSocket", self.sock).version() is None:
            # WORKAROUND: ssl.SSLSocket skips the handshake, and with it the check of the certificate, if the
            # server has already closed the connection (python/cpython#108310 only covers unread data)
            self.close()
            raise ConnectionResetError
        self._adapter.on_encrypted(cast("ssl.SSLSocket", self.sock))


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


class WeChatSession(requests.Session):
    """Session that ignores the environment, stores no cookies and adds only our own headers."""

    def __init__(self, adapter: TransportAdapter | None = None) -> None:
        super().__init__()
        self.adapter = adapter or TransportAdapter()
        self.trust_env = False  # no .netrc, no REQUESTS_CA_BUNDLE; the client passes the system's proxy itself
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers.clear()
        self.headers.update(_default_headers())
        self.mount("https://", self.adapter)
        self.mount("http://", self.adapter)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Follow no redirect: requests would read its whole body first, even with `allow_redirects=False`."""


def system_proxy_for(url: str) -> str | None:
    """Return the proxy for this URL from the environment or the settings of Windows or macOS, or None."""
    return requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url))


def read_response(
    response: requests.Response, deadline: Deadline, size_max: int = REPLY_MAX
) -> Reply | TransportFailure:
    """Read the body, within the deadline; it is empty for a redirect, and for an error page that breaks off.

    A body of more than `size_max` bytes is a failure.
    """
    server_at = _parse_http_date(response.headers.get("Date", ""))
    if response.status_code != 200:
        # WeChat answers with status 200 even for an errcode, but a gateway in front of it may change that
        error_body = b"" if response.status_code < 400 else _read_error_body(response)
        return Reply(response.status_code, error_body, server_at)
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        return TransportFailure(FailureKind.NOT_JSON, "compressed")
    body = bytearray()
    while chunk := response.raw.read(_CHUNK_SIZE, decode_content=False):
        body += chunk
        if len(body) > size_max:
            return TransportFailure(FailureKind.TOO_BIG)
    if deadline.is_expired:  # the deadline shut the socket down, which looks like the end of the body
        return TransportFailure(FailureKind.TIMEOUT)
    return Reply(200, bytes(body), server_at)


def _read_error_body(response: requests.Response) -> bytes:
    """Return the body if it is whole and short: more than the status is not needed."""
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        return b""
    body = bytearray()
    try:
        while len(body) <= REPLY_MAX and (chunk := response.raw.read(_CHUNK_SIZE, decode_content=False)):
            body += chunk
    except (OSError, HTTPError, HTTPException):
        return b""
    return bytes(body) if len(body) <= REPLY_MAX else b""


def _parse_http_date(date: str) -> float | None:
    """Parse a Date header to Unix time; return None if it is malformed."""
    try:
        parts = parsedate_tz(date)
        return None if parts is None else float(calendar.timegm(parts[:9]) - (parts[9] or 0))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _default_headers() -> dict[str, str]:
    try:
        version = metadata.version("guarddog-gui")
    except metadata.PackageNotFoundError:
        version = "0"
    return {
        "User-Agent": f"guarddog/{version}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",  # uncompressed: a small reply cannot expand to gigabytes
    }


def _reject_record(_record: logging.LogRecord) -> bool:
    return False


# Drop all log records of urllib3. They contain the URL, and with it the AppSecret of a request to the classic endpoint;
# some are warnings. A filter is used and not a level, because code that turns on debug output changes the levels.
for _name in tuple(logging.root.manager.loggerDict):
    if _name.startswith("urllib3."):
        logging.getLogger(_name).addFilter(_reject_record)
