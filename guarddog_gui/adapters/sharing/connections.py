"""Connections to Redis: redis-py with deadlines of our own, without retries, and with the system's certificates.

redis-py is an extra of this package and is imported with the first shared account.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.redis_url import RedisKind, parse_redis_url
from guarddog_gui.domain.sharing.values import SharingFailure

if TYPE_CHECKING:
    from guarddog_gui.domain.accounts.account import Secret
    from guarddog_gui.domain.sharing.settings import Sharing

DEADLINE_S = 1.0  # to connect, and for each answer; redis-py's own are 5 s, with ten retries


def connect(sharing: Sharing, password: Secret | None) -> Any:
    """Return a client, which connects with its first command. Raises ImportError, ValueError, OSError, ssl.SSLError."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    address = parse_redis_url(sharing.url)
    if address is None:
        raise ValueError("not an address of Redis")
    options: dict[str, Any] = {
        "socket_timeout": DEADLINE_S, "socket_connect_timeout": DEADLINE_S, "retry": Retry(NoBackoff(), 0),
        "db": address.db, "protocol": 2, "driver_info": None, "username": address.username or None,
        "password": password.reveal() if password is not None else None,
    }  # fmt: skip
    if sharing.ca_file:
        ssl.create_default_context(cafile=sharing.ca_file)  # raises if it cannot be used, with fewer words around it
    tls: dict[str, Any] = {"ssl_ca_certs": sharing.ca_file or None} if address.uses_tls else {}
    match address.kind:
        case RedisKind.SOCKET:
            pool = redis.ConnectionPool(connection_class=redis.UnixDomainSocketConnection, path=address.path, **options)
            return redis.Redis(connection_pool=pool)
        case RedisKind.SERVER:
            (host, port), *_ = address.hosts
            kind = _tls_connection_class(sharing.ca_file) if address.uses_tls else redis.Connection
            return redis.Redis(
                connection_pool=redis.ConnectionPool(connection_class=kind, host=host, port=port, **options, **tls)
            )
        case RedisKind.SENTINEL:
            return _connect_through_sentinel(address.hosts, address.service, options, tls, uses_tls=address.uses_tls)
        case _:
            return _connect_to_cluster(address.hosts, options, tls, uses_tls=address.uses_tls)


def _tls_connection_class(ca_file: str) -> Any:
    """Return the class of connections that trust what the system trusts, or the authority of a file beside it."""
    import redis

    if ca_file:
        return redis.SSLConnection
    import truststore

    class SystemTrustConnection(redis.SSLConnection):
        """Connection with the certificates of the system; OpenSSL's own list is empty on macOS."""

        def _wrap_socket_with_ssl(self, sock: Any) -> Any:
            return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_socket(sock, server_hostname=self.host)

    return SystemTrustConnection


def _connect_through_sentinel(
    hosts: tuple[tuple[str, int], ...], service: str, options: dict[str, Any], tls: dict[str, Any], *, uses_tls: bool
) -> Any:
    from redis.sentinel import Sentinel as UntypedSentinel

    make_sentinel: Any = UntypedSentinel

    own_options = {name: options[name] for name in ("socket_timeout", "socket_connect_timeout", "retry", "protocol")}
    tls_options = {"ssl": True, **tls} if uses_tls else {}
    sentinel = make_sentinel(hosts, sentinel_kwargs={**own_options, **tls_options}, **options, **tls_options)
    return sentinel.master_for(service)


def _connect_to_cluster(
    hosts: tuple[tuple[str, int], ...], options: dict[str, Any], tls: dict[str, Any], *, uses_tls: bool
) -> Any:
    from redis.cluster import ClusterNode, RedisCluster

    node_options = {name: value for name, value in options.items() if name != "db"}
    make_node: Any = ClusterNode
    nodes = [make_node(host, port) for host, port in hosts]
    return RedisCluster(startup_nodes=nodes, **node_options, **({"ssl": True, **tls} if uses_tls else {}))


_TEXTS = (  # parts of the texts of errors that have no class of their own, most of them OpenSSL's
    ("WRONGPASS", SharingProblem.PASSWORD_WRONG),
    ("invalid username-password", SharingProblem.PASSWORD_WRONG),
    ("invalid password", SharingProblem.PASSWORD_WRONG),
    ("without any password configured", SharingProblem.PASSWORD_WRONG),
    ("NOAUTH", SharingProblem.PASSWORD_MISSING),
    ("Authentication required", SharingProblem.PASSWORD_MISSING),
    ("NOPERM", SharingProblem.PERMISSION),
    ("no permissions", SharingProblem.PERMISSION),
    ("OOM", SharingProblem.OUT_OF_MEMORY),
    ("READONLY", SharingProblem.READ_ONLY),
    ("WRONGTYPE", SharingProblem.FOREIGN_KEY),
    ("Hostname mismatch", SharingProblem.TLS_WRONG_NAME),
    ("IP address mismatch", SharingProblem.TLS_WRONG_NAME),
    ("certificate has expired", SharingProblem.TLS_EXPIRED),
    ("certificate is not yet valid", SharingProblem.TLS_EXPIRED),
    ("certificate verify failed", SharingProblem.TLS_UNTRUSTED),
    ("CERTIFICATE_VERIFY_FAILED", SharingProblem.TLS_UNTRUSTED),
    ("WRONG_VERSION_NUMBER", SharingProblem.TLS_MISMATCH),
    ("handshake operation timed out", SharingProblem.TLS_MISMATCH),
    ("record layer failure", SharingProblem.TLS_MISMATCH),
    ("UNEXPECTED_EOF", SharingProblem.TLS_MISMATCH),
    ("Name or service not known", SharingProblem.UNKNOWN_HOST),
    ("nodename nor servname", SharingProblem.UNKNOWN_HOST),
    ("getaddrinfo failed", SharingProblem.UNKNOWN_HOST),
    ("name resolution", SharingProblem.UNKNOWN_HOST),
)

_CLASSES = (  # names of exceptions, the special ones first; redis-py takes the first word of an error out of its text
    ("TimeoutError", SharingProblem.TIMEOUT),
    ("AuthenticationError", SharingProblem.PASSWORD_WRONG),
    ("AuthenticationWrongNumberOfArgsError", SharingProblem.PASSWORD_WRONG),
    ("NoPermissionError", SharingProblem.PERMISSION),
    ("AuthorizationError", SharingProblem.PERMISSION),
    ("OutOfMemoryError", SharingProblem.OUT_OF_MEMORY),
    ("ReadOnlyError", SharingProblem.READ_ONLY),
    ("BusyLoadingError", SharingProblem.LOADING),
    ("MasterNotFoundError", SharingProblem.NO_MASTER),
    ("MasterDownError", SharingProblem.NO_MASTER),
    ("ClusterDownError", SharingProblem.CLUSTER_DOWN),
    ("RedisClusterException", SharingProblem.CLUSTER_DOWN),
    ("ClusterError", SharingProblem.CLUSTER_DOWN),
)


def failure_of(error: Exception, *, is_new_connection: bool = False) -> SharingFailure:
    """Return the failure for any exception of redis-py, without its text, which may quote what was sent."""
    if isinstance(error, ImportError):
        return SharingFailure(SharingProblem.NOT_INSTALLED)
    names = {each.__name__ for each in type(error).__mro__}
    text = " ".join(str(each) for each in _causes(error))
    problem = next((problem for words, problem in _TEXTS if words in text), None)
    if problem is None:
        problem = next((problem for name, problem in _CLASSES if name in names), None)
    if problem is None and {"ConnectionError", "OSError"} & names:
        is_closed = "closed by server" in text or "reset by peer" in text
        problem = SharingProblem.TLS_MISMATCH if is_closed and is_new_connection else SharingProblem.UNREACHABLE
    problem = problem or SharingProblem.OTHER
    return SharingFailure(problem, type(error).__name__ if problem is SharingProblem.OTHER else "")


def _causes(error: BaseException) -> list[BaseException]:
    causes: list[BaseException] = []
    while error not in causes and len(causes) < 5:
        causes.append(error)
        following = error.__cause__ or error.__context__
        if following is None:
            break
        error = following
    return causes
