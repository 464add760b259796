"""Results of the probes of `guarddogctl doctor`, as values without text."""

from enum import StrEnum

from msgspec import Struct

from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.health.mounts import Mount
from guarddog_gui.domain.wechat.protocol import TransportFailure


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


class FolderAbility(StrEnum):
    """Abilities that a folder needs for the files in it, in the order in which they are tried."""

    WRITE = "write"  # a new file with some content, flushed to the disk
    MODE = "mode"  # chmod to 0600, and no rights for others afterwards
    REPLACE = "replace"  # a file by another one, in one step
    LOCK = "lock"  # which excludes a second holder
    DATABASE = "database"  # a table in a SQLite file


class FolderUse(StrEnum):
    """Use of a folder, which decides what it must be able to do."""

    CONFIG = "config"
    DATA = "data"  # with the history
    LOCKS = "locks"
    LOGS = "logs"
    TOKENS = "tokens"  # `.dog` files
    EXPORT = "export"  # files of another program, into which values are written


ABILITIES_BY_USE = {
    FolderUse.CONFIG: frozenset(FolderAbility) - {FolderAbility.DATABASE},
    FolderUse.DATA: frozenset(FolderAbility),
    FolderUse.LOCKS: frozenset({FolderAbility.WRITE, FolderAbility.LOCK}),
    FolderUse.LOGS: frozenset({FolderAbility.WRITE, FolderAbility.MODE, FolderAbility.REPLACE}),
    FolderUse.TOKENS: frozenset({FolderAbility.WRITE, FolderAbility.MODE, FolderAbility.REPLACE}),
    FolderUse.EXPORT: frozenset({FolderAbility.WRITE, FolderAbility.REPLACE}),
}


class FolderLack(Struct, frozen=True):
    """An ability that a folder lacks.

    `reason` is that of a FileError. It is empty if no call failed: then a mode does not stay (`mode` is the one
    that was read back), or a lock does not exclude a second holder.
    """

    ability: FolderAbility
    reason: str = ""
    mode: int | None = None


class FolderTrial(Struct, frozen=True):
    """Result of trying to write, replace and lock files in a folder.

    `path` is the folder, which may be missing: then its nearest parent was tried. `mount` is None outside of
    Linux. `free_bytes` is None where it is unknown. With `is_hanging` the folder did not answer in time.
    """

    path: str
    use: FolderUse
    lacks: tuple[FolderLack, ...] = ()
    mount: Mount | None = None
    free_bytes: int | None = None
    is_hanging: bool = False


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
    is_account_proxy: bool = False  # set for an account, not by the system


class TrayProbeResult(StrEnum):
    """Availability of a host for tray icons on the session bus."""

    HOST = "host"
    NO_HOST = "no-host"
    NO_BUS = "no-bus"
    NOT_ANSWERING = "silent"  # the bus or the watcher of tray icons does not answer
    NO_DESKTOP = "no-desktop"
    NOT_LINUX = "elsewhere"  # not Linux: a command-line program cannot find out


class ClipboardProbeResult(StrEnum):
    """How a copy from the tray reaches the clipboard."""

    DATA_CONTROL = "data-control"  # Wayland, without a window
    WINDOW = "window"  # Wayland without that protocol: a window must get the focus
    NOT_ANSWERING = "silent"  # the compositor does not answer
    X11 = "x11"
    NO_DESKTOP = "no-desktop"
    NOT_LINUX = "elsewhere"


class FontProbeResult(StrEnum):
    """Availability of fonts with Chinese characters."""

    FOUND = "found"
    MISSING = "missing"
    UNKNOWN = "unknown"  # fontconfig's program is missing or does not answer
    NO_DESKTOP = "no-desktop"
    NOT_LINUX = "elsewhere"  # these systems bring such fonts along


class HistoryProbeResult(Struct, frozen=True):
    """Whether the history can be written; `quarantined_path` is where a damaged one was moved to, or empty."""

    error: FileError | None = None
    quarantined_path: str = ""


class EngineProcess(Struct, frozen=True):
    """A running program of Guard Dog that refreshes in the background: the tray app or `watch`.

    `api_base` is the address of WeChat's API in its environment; empty if its settings decide.
    """

    pid: int
    program: str
    config_dir: str
    data_dir: str
    api_base: str = ""


class OpenFile(Struct, frozen=True):
    """A process that has a folder, or a file in it, open."""

    pid: int
    program: str
    folder: str
