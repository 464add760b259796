"""Check the keyring by asking for an entry that does not exist, so that no secret is read."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from guarddog_gui.adapters.keyring.backends import KeyringBackends, is_prompt_open
from guarddog_gui.adapters.keyring.store import KeyringSecretStore
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted
from guarddog_gui.domain.health import KeyringProbeResult

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

PROBE_APPID = "nobody"
_PROMPT_CHECK_TIMEOUT_S = 0.5


def check_keyring(
    list_backends: "Callable[[], Sequence[KeyringBackend]] | None" = None, *, deadline_s: float = 5.0
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
