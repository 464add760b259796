"""What an examination of this installation sees, and what it finds: facts and verdicts as values."""

from dataclasses import dataclass
from enum import StrEnum

from guarddog_gui.domain.accounts.keyring_results import Locked, Lost, Unavailable
from guarddog_gui.domain.wechat.protocol import Silence


class Check(StrEnum):
    """What is looked at, in the order in which it is told."""

    VERSIONS = "versions"
    ACCOUNTS = "accounts"
    KEYRING = "keyring"
    FILES = "files"
    WRITERS = "writers"
    OUTLETS = "outlets"
    ADDRESS = "address"  # told only where it cannot be used
    PROXY = "proxy"
    NETWORK = "network"
    CLOCK = "clock"
    TRAY = "tray"


class Health(StrEnum):
    """How it is."""

    OK = "ok"
    DOUBTFUL = "doubtful"  # it works, or will; somebody may want to know
    BAD = "bad"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found: what it is and, where there is something to do, what."""

    check: Check
    health: Health
    what: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class KeyringSeen:
    """The names of the keyrings in the order in which they are asked; `trouble` None means they answer."""

    names: tuple[str, ...]
    trouble: Locked | Unavailable | Lost | None = None


@dataclass(frozen=True, slots=True)
class PathSeen:
    """A folder or file of ours. `trouble` is a FileTrouble's reason why it cannot be used, or made.

    `mode` is the lower nine bits; None where there is no such file, no modes on this system, or none of our
    business.
    """

    path: str
    is_there: bool
    trouble: str = ""
    is_ours: bool = True
    mode: int | None = None

    @property
    def is_open_to_others(self) -> bool:
        """Whether anybody but its owner may do anything with it."""
        return self.mode is not None and bool(self.mode & 0o077)


class Step(StrEnum):
    """The way to WeChat."""

    NAME = "name"
    CONNECTION = "connection"
    TLS = "tls"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class NetworkSeen:
    """How far one harmless request came. `failed` None means that an answer came.

    `proxy` carries no credentials, `source` is the variable that named it or nothing. `addresses` is how
    many the name has, 0 where that was not asked. `skew_s`: how far our clock is ahead of the server's.
    """

    host: str
    proxy: str = ""
    source: str = ""
    addresses: int = 0
    failed: Step | None = None
    silence: Silence | None = None
    took_ms: int = 0
    skew_s: float | None = None


class TraySeen(StrEnum):
    """Whether there is a place for a tray icon on the session bus."""

    HOST = "host"
    NO_HOST = "no-host"
    NO_BUS = "no-bus"
    SILENT = "silent"  # the bus, or who keeps the list of icons, does not answer
    NO_DESKTOP = "no-desktop"
    ELSEWHERE = "elsewhere"  # not Linux: nothing that a command line could ask
