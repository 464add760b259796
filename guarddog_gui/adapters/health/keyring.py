"""Asks the keyring for something that it does not have: no secret is read, and no person is asked."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from guarddog_gui.adapters.keyring.backends import KeyringBackends
from guarddog_gui.adapters.keyring.prompt import awaits_a_person
from guarddog_gui.adapters.keyring.store import KeyringSecrets
from guarddog_gui.domain.accounts.keyring_results import Locked, Lost, Unavailable
from guarddog_gui.domain.health import KeyringSeen

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

NOBODY = "nobody"
_LOOK_S = 0.5


def look_at_keyring(
    backends: "Callable[[], Sequence[KeyringBackend]] | None" = None, *, deadline_s: float = 5.0
) -> KeyringSeen:
    """The keyrings of this machine and whether they answer, within `deadline_s` seconds."""
    names: list[str] = []
    in_order = backends or KeyringBackends().in_order

    def noted() -> "Sequence[KeyringBackend]":
        found = in_order()
        names[:] = [f"{type(one).__module__}.{type(one).__name__}" for one in found]
        if sys.platform == "linux" and "SecretService" in "".join(names[:1]) and awaits_a_person(_LOOK_S):
            from keyring.errors import KeyringLocked

            raise KeyringLocked  # to ask it would open a dialog
        return found

    answer = KeyringSecrets(deadline_s=deadline_s, backends=noted).look_up(NOBODY)
    if isinstance(answer, Locked | Unavailable):
        return KeyringSeen(tuple(names), answer)
    keeps_nothing = names[:1] == ["keyring.backends.null.Keyring"]
    return KeyringSeen(tuple(names), Lost() if keeps_nothing else None)
