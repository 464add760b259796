"""Results of the health checks (`guarddogctl doctor`) as values: what was probed and what was found."""

from enum import StrEnum

from msgspec import Struct

from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted
from guarddog_gui.domain.wechat.protocol import TransportFailure


class HealthCheck(StrEnum):
    """The checks, in the order in which they are reported."""

    VERSIONS = "versions"
    ACCOUNTS = "accounts"
    KEYRING = "keyring"
    FILES = "files"
    FOREIGN_WRITES = "writers"
    EXPORTS = "outlets"
    API_BASE = "address"  # reported only if it cannot be used
    PROXY = "proxy"
    NETWORK = "network"
    CLOCK = "clock"
    TRAY = "tray"


class CheckStatus(StrEnum):
    """Outcome of a check."""

    OK = "ok"
    WARNING = "doubtful"  # works or will work, but worth knowing
    FAILED = "bad"
    NOT_CHECKED = "not checked"


class Finding(Struct, frozen=True):
    """Result of one check: a summary and, if the user can do something, advice."""

    check: HealthCheck
    status: CheckStatus
    summary: str
    advice: str = ""


class KeyringProbeResult(Struct, frozen=True):
    """Names of the keyring backends in the order in which they are tried; `error` is None if they answer."""

    backend_names: tuple[str, ...]
    error: KeyringIsLocked | KeyringIsDown | NotPersisted | None = None


class PathProbeResult(Struct, frozen=True):
    """State of one of Guard Dog's folders or files.

    `error` is the reason of a FileError if the path cannot be used or created, else empty. `mode` is the
    lower nine permission bits; None if the path does not exist, the platform has no modes or they do not
    matter.
    """

    path: str
    exists: bool
    error: str = ""
    is_owned_by_user: bool = True
    mode: int | None = None

    @property
    def is_accessible_to_others(self) -> bool:
        return self.mode is not None and bool(self.mode & 0o077)


class ConnectionStep(StrEnum):
    """Steps of a connection to WeChat, in order."""

    DNS = "name"
    CONNECTION = "connection"
    TLS = "tls"
    ANSWER = "answer"


class NetworkProbeResult(Struct, frozen=True):
    """Outcome of one harmless request to WeChat; `failed_step` is None if an answer arrived.

    `proxy` contains no credentials; `proxy_variable` is the environment variable that set it, or empty.
    `address_count` is the number of addresses of the host name, 0 if it was not resolved. `clock_skew_s` is
    how many seconds this computer's clock is ahead of the server's.
    """

    host: str
    proxy: str = ""
    proxy_variable: str = ""
    address_count: int = 0
    failed_step: ConnectionStep | None = None
    failure: TransportFailure | None = None
    took_ms: int = 0
    clock_skew_s: float | None = None


class TrayProbeResult(StrEnum):
    """Availability of a host for tray icons on the session bus."""

    HOST = "host"
    NO_HOST = "no-host"
    NO_BUS = "no-bus"
    NOT_ANSWERING = "silent"  # the bus or the watcher of tray icons does not answer
    NO_DESKTOP = "no-desktop"
    NOT_LINUX = "elsewhere"  # not Linux: a command-line program cannot find out
