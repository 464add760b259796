"""Asks the keyring for something that it does not have: no secret is read, and no person is asked."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from guarddog_gui.adapters.keyring.backends import KeyringBackends
from guarddog_gui.adapters.keyring.prompt import is_prompt_open
from guarddog_gui.adapters.keyring.store import KeyringSecretStore
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted
from guarddog_gui.domain.health import KeyringProbeResult

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

PROBE_APPID = "nobody"
_PROMPT_CHECK_TIMEOUT_S = 0.5


def check_keyring(
    backends: "Callable[[], Sequence[KeyringBackend]] | None" = None, *, deadline_s: float = 5.0
) -> KeyringProbeResult:
    """The keyrings of this machine and whether they answer, within `deadline_s` seconds."""
    names: list[str] = []
    in_order = backends or KeyringBackends().in_priority_order

    def noted() -> "Sequence[KeyringBackend]":
        found = in_order()
        names[:] = [f"{type(one).__module__}.{type(one).__name__}" for one in found]
        if (
            sys.platform == "linux"
            and "SecretService" in "".join(names[:1])
            and is_prompt_open(_PROMPT_CHECK_TIMEOUT_S)
        ):
            from keyring.errors import KeyringLocked

            raise KeyringLocked  # to ask it would open a dialog
        return found

    answer = KeyringSecretStore(deadline_s=deadline_s, list_backends=noted).get(PROBE_APPID)
    if isinstance(answer, KeyringIsLocked | KeyringIsDown):
        return KeyringProbeResult(tuple(names), answer)
    keeps_nothing = names[:1] == ["keyring.backends.null.Keyring"]
    return KeyringProbeResult(tuple(names), NotPersisted() if keeps_nothing else None)
