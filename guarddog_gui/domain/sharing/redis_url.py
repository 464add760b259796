"""Addresses of Redis: the URLs that redis-py takes, and forms of the same kind for Sentinel and cluster.

    redis://[USER@]HOST[:PORT][/DB]             rediss:// with TLS
    unix://[USER@]/PATH[?db=DB]                 a socket on this computer
    redis+sentinel://[USER@]HOST[:PORT],…/SERVICE[/DB]      rediss+sentinel:// with TLS
    redis+cluster://[USER@]HOST[:PORT][,…]                  rediss+cluster:// with TLS

A password may stand behind the user in what the user types. It is taken out before the address is stored.
"""

from enum import StrEnum
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from msgspec import Struct

from guarddog_gui.domain.hidden_fields import HiddenFields

URL_LENGTH_MAX = 1024
DEFAULT_PORT, DEFAULT_SENTINEL_PORT = 6379, 26379


class RedisKind(StrEnum):
    """Ways to reach a Redis."""

    SERVER = "server"
    SOCKET = "socket"
    SENTINEL = "sentinel"
    CLUSTER = "cluster"


class RedisAddress(HiddenFields, Struct, frozen=True):
    """Parsed address; `path` is that of a socket, `service` the name that Sentinel knows the master by."""

    hidden_fields = ("password",)

    kind: RedisKind
    hosts: tuple[tuple[str, int], ...] = ()
    path: str = ""
    service: str = ""
    db: int = 0
    username: str = ""
    password: str | None = None
    uses_tls: bool = False


_SCHEMES = {
    "redis": (RedisKind.SERVER, False), "rediss": (RedisKind.SERVER, True), "unix": (RedisKind.SOCKET, False),
    "redis+sentinel": (RedisKind.SENTINEL, False), "rediss+sentinel": (RedisKind.SENTINEL, True),
    "redis+cluster": (RedisKind.CLUSTER, False), "rediss+cluster": (RedisKind.CLUSTER, True),
}  # fmt: skip


def parse_redis_url(text: str) -> RedisAddress | None:
    """Return the parts of an address; None if it is none. Options other than `db` and `password` are refused."""
    if len(text) > URL_LENGTH_MAX or not text.isprintable() or " " in text or "#" in text:
        return None
    scheme, separator, _ = text.partition("://")
    if not separator or scheme.lower() not in _SCHEMES:
        return None
    kind, uses_tls = _SCHEMES[scheme.lower()]
    try:
        parts = urlsplit(text)
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        user, _, hosts = parts.netloc.rpartition("@")
        username, has_password, password = user.partition(":")
        default_port = DEFAULT_SENTINEL_PORT if kind is RedisKind.SENTINEL else DEFAULT_PORT
        addresses = () if kind is RedisKind.SOCKET else tuple(_parse_host(h, default_port) for h in hosts.split(","))
        path, service, db = _parse_path(kind, unquote(parts.path), options.get("db"))
    except ValueError:
        return None
    if set(options) - {"db", "password"} or (kind is RedisKind.SERVER and len(addresses) != 1):
        return None
    taken = unquote(password) if has_password else options.get("password")
    return RedisAddress(kind, addresses, path, service, db, unquote(username), taken, uses_tls)


def _parse_host(text: str, default_port: int) -> tuple[str, int]:
    """Return host and port. Raises ValueError."""
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.path or parts.query:
        raise ValueError(text)
    return parts.hostname, parts.port or default_port


def _parse_path(kind: RedisKind, path: str, db_option: str | None) -> tuple[str, str, int]:
    """Return path of the socket, name of the service and number of the database. Raises ValueError."""
    if kind is RedisKind.SOCKET:
        if not path.startswith("/") or path == "/":
            raise ValueError(path)
        return path, "", _parse_db(db_option or "0")
    words = path.strip("/").split("/") if path.strip("/") else []
    service = words.pop(0) if kind is RedisKind.SENTINEL and words else ""
    if (kind is RedisKind.SENTINEL and not service) or len(words) > 1 or (words and db_option):
        raise ValueError(path)
    db = _parse_db(words[0] if words else db_option or "0")
    if kind is RedisKind.CLUSTER and db:
        raise ValueError(path)  # a cluster has the database 0 only
    return "", service, db


def _parse_db(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise ValueError(text)
    return int(text)


def format_redis_url(address: RedisAddress) -> str:
    """Return the address as it is stored: without its password, and without what is usual."""
    scheme = next(word for word, pair in _SCHEMES.items() if pair == (address.kind, address.uses_tls))
    user = f"{quote(address.username, safe='')}@" if address.username else ""
    if address.kind is RedisKind.SOCKET:
        return f"{scheme}://{user}{quote(address.path)}" + (f"?db={address.db}" if address.db else "")
    default_port = DEFAULT_SENTINEL_PORT if address.kind is RedisKind.SENTINEL else DEFAULT_PORT
    hosts = ",".join(_format_host(host, port, default_port) for host, port in address.hosts)
    service = f"/{quote(address.service, safe='')}" if address.service else ""
    return f"{scheme}://{user}{hosts}{service}" + (f"/{address.db}" if address.db else "")


def _format_host(host: str, port: int, default_port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if port == default_port else f"{name}:{port}"


def display_redis_url(url: str) -> str:
    """Return the address as it may be shown: one that cannot be parsed may contain a password and is left out."""
    address = parse_redis_url(url)
    return "" if address is None else format_redis_url(address)


def take_password(text: str) -> tuple[str, str | None]:
    """Return the address without its password, and the password; an unusable text comes back as it is."""
    address = parse_redis_url(text.strip())
    if address is None:
        return text.strip(), None
    return format_redis_url(address), address.password
