"""Which of the machine's keyrings to ask, looked at anew each time: one that starts late is found."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend


class KeyringBackends:
    """keyring itself settles once and for ever, even on none; a desktop's keyring may come up after us."""

    def __init__(self) -> None:
        self._instances: dict[type[KeyringBackend], KeyringBackend] = {}

    def in_priority_order(self) -> tuple["KeyringBackend", ...]:
        """The one to write to first, then those in which a secret may be from before.

        What the person chose (PYTHON_KEYRING_BACKEND or keyringrc.cfg) is the only one then, whatever it is.
        Without a choice, only those are taken that keyring recommends: no plain text files.

        Talks to the bus and may hang. Raises what the chosen backend raises when it cannot be used.
        """
        from keyring import backend, core  # 0.2 s that nobody needs at start
        from keyring.backends.chainer import ChainerBackend

        chosen = core.load_env() or core.load_config()
        if chosen is not None:
            return (self._instances.setdefault(type(chosen), chosen),)
        backend.get_all_keyring()  # loads plug-ins; its list is the one that never changes
        rated = []
        for kind in backend.KeyringBackend.get_viable_backends():
            if issubclass(kind, ChainerBackend):
                continue  # it stops at the first that is locked
            try:
                rated.append((float(kind.priority), kind))
            except Exception:  # noqa: BLE001, S112  # it has gone since it was called viable
                continue
        best_first = sorted(rated, key=lambda one: one[0], reverse=True)
        return tuple(self._get_instance(kind) for rating, kind in best_first if rating >= 1)

    def _get_instance(self, backend_class: type["KeyringBackend"]) -> "KeyringBackend":
        if backend_class not in self._instances:
            self._instances[backend_class] = backend_class()
        return self._instances[backend_class]
