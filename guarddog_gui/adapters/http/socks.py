"""SOCKS 5 (RFC 1928, passwords by RFC 1929): the few bytes that ask such a proxy for a connection.

PySocks would be a dependency for 40 lines, opens its sockets itself and knows nothing of our deadline. The
proxy resolves WeChat's name, as with curl's socks5h: behind such proxies the local answer is often wrong.
"""

import socket
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from guarddog_gui.domain.hidden_fields import HiddenFields

DEFAULT_PORT = 1080
_SCHEMES = {"socks", "socks5", "socks5h"}  # `socks` is what GNOME writes
_NO_LOGIN, _PASSWORD = 0, 2
_REFUSALS = {
    1: "general failure",
    2: "not allowed by its rules",
    3: "network unreachable",
    4: "host unreachable",
    5: "refused",
    6: "time over",
}


class SocksError(OSError):
    """The proxy did not connect; the text has fixed words only."""


class SocksProxy(HiddenFields, Struct, frozen=True):
    """Address of a SOCKS 5 proxy, with the login if it needs one."""

    hidden_fields = ("user", "password")

    host: str
    port: int
    user: str = ""
    password: str = ""


def is_socks(url: str) -> bool:
    return url.lower().startswith("socks")


def parse_socks_proxy(url: str) -> SocksProxy:
    """Return the proxy. Raises SocksError for SOCKS 4, and for an address that cannot be used."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or DEFAULT_PORT
    except ValueError:
        raise SocksError("bad address") from None
    if parts.scheme.lower() not in _SCHEMES:
        raise SocksError("version 4")
    if not host:
        raise SocksError("bad address")
    return SocksProxy(host, port, unquote(parts.username or ""), unquote(parts.password or ""))


def connect_through(connection: socket.socket, proxy: SocksProxy, host: str, port: int) -> None:
    """Have the proxy connect to a host. Raises SocksError, or the OSError of the connection to the proxy."""
    methods = bytes([_NO_LOGIN, _PASSWORD]) if proxy.user else bytes([_NO_LOGIN])
    connection.sendall(bytes([5, len(methods)]) + methods)
    version, method = _receive(connection, 2)
    if version != 5:
        raise SocksError("not SOCKS 5")
    if method == _PASSWORD and proxy.user:
        _log_in(connection, proxy)
    elif method != _NO_LOGIN:
        raise SocksError("wants a login")
    name = host.encode("idna")
    connection.sendall(b"\x05\x01\x00\x03" + bytes([len(name)]) + name + port.to_bytes(2, "big"))
    version, code, _, address_type = _receive(connection, 4)
    if version != 5:
        raise SocksError("not SOCKS 5")
    if code:
        raise SocksError(_REFUSALS.get(code, f"code {code}"))
    # the address that the proxy uses is of no interest, but stands before WeChat's bytes
    length = {1: 4, 4: 16}.get(address_type) or _receive(connection, 1)[0]
    _receive(connection, length + 2)


def _log_in(connection: socket.socket, proxy: SocksProxy) -> None:
    user, password = (text.encode()[:255] for text in (proxy.user, proxy.password))
    connection.sendall(b"\x01" + bytes([len(user)]) + user + bytes([len(password)]) + password)
    if _receive(connection, 2)[1] != 0:
        raise SocksError("login refused")


def _receive(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        chunk = connection.recv(size - len(data))
        if not chunk:
            raise SocksError("closed")
        data += chunk
    return data
