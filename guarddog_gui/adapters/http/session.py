"""`requests` as Guard Dog wants it: the system's TLS, no redirects, cookies or logs, and calls that end."""

import calendar
import functools
import logging
import socket
import ssl
import weakref
from email.utils import parsedate_tz
from http.cookiejar import DefaultCookiePolicy
from importlib import metadata
from typing import Any, cast

import requests
import truststore
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager

from guarddog_gui.adapters.http.connect import Connector
from guarddog_gui.adapters.http.deadline import Deadline, RequestStage


class TransportAdapter(HTTPAdapter):
    """The connections of one thread. `call` is the one that is under way."""

    deadline: Deadline

    def __init__(self) -> None:
        self.connector = Connector()
        # one context for each wire: truststore's holds a lock during a handshake, and a handshake may hang
        self._ssl_context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        super().__init__(pool_connections=2, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **pool_kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._ssl_context, **pool_kwargs)
        self._set_pool_classes(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        manager = super().proxy_manager_for(
            proxy, ssl_context=self._ssl_context, proxy_ssl_context=self._ssl_context, **proxy_kwargs
        )
        self._set_pool_classes(manager)
        return manager

    def cert_verify(self, conn: Any, url: object, verify: object, cert: object) -> None:  # noqa: ARG002  # no choice
        """Trust whom the system trusts, always: requests would add its own list, or obey a `verify=False`."""
        conn.cert_reqs = "CERT_REQUIRED"

    def _set_pool_classes(self, manager: PoolManager) -> None:
        # urllib3 keeps idle connections until their pool dies: with a hold on us, that would be never
        adapter = weakref.proxy(self)
        pools: dict[str, Any] = {  # called like the classes that urllib3 expects here
            "http": functools.partial(_HttpPool, adapter=adapter),
            "https": functools.partial(_HttpsPool, adapter=adapter),
        }
        manager.pool_classes_by_scheme = pools


class _HttpConnection(HTTPConnection):
    """Dials by our deadline, and tells the call how far it has come."""

    def __init__(self, *args: Any, adapter: TransportAdapter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._adapter = adapter

    def _new_conn(self) -> socket.socket:
        call = self._adapter.deadline
        connection = self._adapter.connector.connect(
            self._dns_host, self.port, call, float(self.timeout or 0), self.socket_options or ()
        )
        call.attach_socket(connection)
        return connection

    def _tunnel(self) -> None:
        super()._tunnel()
        if self._adapter.deadline.is_expired:
            raise TimeoutError  # http.client is content with headers that break off, as they do at our end
        self._adapter.deadline.stage = RequestStage.CONNECTING_TO_SERVER

    def request(self, *args: Any, **kwargs: Any) -> None:
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
            # WORKAROUND: Python skips the handshake, and so the certificate, if the server has gone already
            self.close()
            raise ConnectionResetError


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


class _NoRedirectSession(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None at all: requests would read the whole body of a redirect just to know where it leads."""


def make_session(adapter: TransportAdapter) -> requests.Session:
    """A session that takes nothing from the environment, keeps no cookies, and sends what it is told to."""
    session = _NoRedirectSession()
    session.trust_env = False  # no .netrc, no REQUESTS_CA_BUNDLE; the caller brings the system's proxies
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.clear()
    session.headers.update(_default_headers())
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def system_proxy_for(url: str) -> str | None:
    """The system's proxy for this URL: environment, Windows and macOS settings, with their exceptions."""
    return requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url))


def parse_http_date(date: str) -> float | None:
    """A Date header in Unix seconds; None if it is none."""
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
        "Accept-Encoding": "identity",  # what is not compressed cannot be a bomb
    }


def _mute_urllib3_logs() -> None:
    """Its log lines carry the URL with the secret of the classic GET, some of them as warnings.

    A filter, because a level would be overruled by whoever turns on debugging.
    """
    for name in tuple(logging.root.manager.loggerDict):
        if name.startswith("urllib3."):
            logging.getLogger(name).addFilter(_reject_record)


def _reject_record(_record: logging.LogRecord) -> bool:
    return False


_mute_urllib3_logs()
