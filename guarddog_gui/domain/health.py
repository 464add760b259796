"""What an examination of this installation sees, and what it finds: facts and verdicts as values."""

from dataclasses import dataclass
from enum import StrEnum

from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted
from guarddog_gui.domain.wechat.protocol import TransportFailure


class HealthCheck(StrEnum):
    """What is looked at, in the order in which it is told."""

    VERSIONS = "versions"
    ACCOUNTS = "accounts"
    KEYRING = "keyring"
    FILES = "files"
    FOREIGN_WRITES = "writers"
    EXPORTS = "outlets"
    API_BASE = "address"  # told only where it cannot be used
    PROXY = "proxy"
    NETWORK = "network"
    CLOCK = "clock"
    TRAY = "tray"


class CheckStatus(StrEnum):
    """How it is."""

    OK = "ok"
    WARNING = "doubtful"  # it works, or will; somebody may want to know
    FAILED = "bad"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found: what it is and, where there is something to do, what."""

    check: HealthCheck
    status: CheckStatus
    summary: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class KeyringProbeResult:
    """The names of the keyrings in the order in which they are asked; `trouble` None means they answer."""

    backend_names: tuple[str, ...]
    error: KeyringIsLocked | KeyringIsDown | NotPersisted | None = None


@dataclass(frozen=True, slots=True)
class PathProbeResult:
    """A folder or file of ours. `trouble` is a FileTrouble's reason why it cannot be used, or made.

    `mode` is the lower nine bits; None where there is no such file, no modes on this system, or none of our
    business.
    """

    path: str
    exists: bool
    error: str = ""
    is_owned_by_user: bool = True
    mode: int | None = None

    @property
    def is_accessible_to_others(self) -> bool:
        """Whether anybody but its owner may do anything with it."""
        return self.mode is not None and bool(self.mode & 0o077)


class ConnectionStep(StrEnum):
    """The way to WeChat."""

    DNS = "name"
    CONNECTION = "connection"
    TLS = "tls"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class NetworkProbeResult:
    """How far one harmless request came. `failed` None means that an answer came.

    `proxy` carries no credentials, `source` is the variable that named it or nothing. `addresses` is how
    many the name has, 0 where that was not asked. `skew_s`: how far our clock is ahead of the server's.
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
    """Whether there is a place for a tray icon on the session bus."""

    HOST = "host"
    NO_HOST = "no-host"
    NO_BUS = "no-bus"
    NOT_ANSWERING = "silent"  # the bus, or who keeps the list of icons, does not answer
    NO_DESKTOP = "no-desktop"
    NOT_LINUX = "elsewhere"  # not Linux: nothing that a command line could ask
