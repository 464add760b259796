"""Checks of the desktop's session: the keyring, without reading a secret, and tray icons, without Qt."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from guarddog_gui.adapters.keyring.backends import KeyringBackends, is_prompt_open
from guarddog_gui.adapters.keyring.deadline_calls import KEYRING_DEADLINE_S
from guarddog_gui.adapters.keyring.store import KeyringSecretStore
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted
from guarddog_gui.domain.health.results import KeyringProbeResult, TrayProbeResult

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

PROBE_APPID = "nobody"  # an entry that does not exist
_PROMPT_CHECK_TIMEOUT_S = 0.5
_WATCHER_SERVICE = "org.kde.StatusNotifierWatcher"
_WATCHER_PATH = "/StatusNotifierWatcher"
_SERVICE_MISSING_ERRORS = ("ServiceUnknown", "NameHasNoOwner")


def check_keyring(
    list_backends: "Callable[[], Sequence[KeyringBackend]] | None" = None, *, deadline_s: float = KEYRING_DEADLINE_S
) -> KeyringProbeResult:
    """Return the keyring backends of this machine and the failure of the check, within `deadline_s` seconds.

    The check never opens an unlock prompt on Linux: a locked Secret Service is found out by raw D-Bus.
    """
    names: list[str] = []
    find_backends = list_backends or KeyringBackends().in_priority_order

    def find_and_record_names() -> "Sequence[KeyringBackend]":
        backends = find_backends()
        names[:] = [f"{type(backend).__module__}.{type(backend).__name__}" for backend in backends]
        is_secret_service = sys.platform == "linux" and "SecretService" in "".join(names[:1])
        if is_secret_service and is_prompt_open(_PROMPT_CHECK_TIMEOUT_S):
            from keyring.errors import KeyringLocked

            raise KeyringLocked  # reading an entry would open a prompt
        return backends

    store = KeyringSecretStore(deadline_s=deadline_s, list_backends=find_and_record_names)
    result = store.get(PROBE_APPID)
    if isinstance(result, KeyringIsLocked | KeyringIsDown):
        return KeyringProbeResult(tuple(names), result)
    is_null_backend = names[:1] == ["keyring.backends.null.Keyring"]
    return KeyringProbeResult(tuple(names), NotPersisted() if is_null_backend else None)


def check_tray(environ: Mapping[str, str], *, address: str = "SESSION", timeout_s: float = 3.0) -> TrayProbeResult:
    """Return the availability of a host for tray icons, within `timeout_s`. No service is started."""
    if sys.platform != "linux":
        return TrayProbeResult.NOT_LINUX
    if not environ.get("DISPLAY") and not environ.get("WAYLAND_DISPLAY"):
        return TrayProbeResult.NO_DESKTOP
    try:
        return _query_watcher(address, time.monotonic() + timeout_s)
    except TimeoutError:
        return TrayProbeResult.NOT_ANSWERING
    except Exception:  # noqa: BLE001 - jeepney raises many kinds when there is no session bus
        return TrayProbeResult.NO_BUS


def _query_watcher(address: str, deadline_monotonic_s: float) -> TrayProbeResult:
    from jeepney import DBusAddress, HeaderFields, MessageFlag, MessageType, Properties
    from jeepney.io.blocking import open_dbus_connection

    watcher = DBusAddress(_WATCHER_PATH, _WATCHER_SERVICE, _WATCHER_SERVICE)
    request = Properties(watcher).get("IsStatusNotifierHostRegistered")
    request.header.flags |= MessageFlag.no_auto_start
    with closing(open_dbus_connection(address, auth_timeout=deadline_monotonic_s - time.monotonic())) as bus:
        reply: Any = bus.send_and_get_reply(request, timeout=max(0.0, deadline_monotonic_s - time.monotonic()))
    if reply.header.message_type is not MessageType.error:
        ((_, has_host),) = reply.body
        return TrayProbeResult.HOST if has_host else TrayProbeResult.NO_HOST
    error_name = str(reply.header.fields.get(HeaderFields.error_name, ""))
    return TrayProbeResult.NO_HOST if error_name.endswith(_SERVICE_MISSING_ERRORS) else TrayProbeResult.NOT_ANSWERING
