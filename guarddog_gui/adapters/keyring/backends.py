"""Find the keyring backends of this machine, at every call anew, so that one that starts late is found."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend


class KeyringBackends:
    """Finder of usable keyring backends, in place of `keyring.get_keyring`.

    `get_keyring` chooses a backend at the first call and keeps it for the life of the process, even if the
    choice is "no keyring". A program that starts with the session may be earlier than the desktop's keyring.
    """

    def __init__(self) -> None:
        self._instances: dict[type[KeyringBackend], KeyringBackend] = {}

    def in_priority_order(self) -> tuple["KeyringBackend", ...]:
        """Return the backends: secrets are written to the first; the others may hold older secrets.

        A backend that the user configured (PYTHON_KEYRING_BACKEND or keyringrc.cfg) is the only one, whatever
        it is. Otherwise all backends with a priority of at least 1 are used, which is what keyring itself
        calls recommended: none that stores secrets in plain text.

        May block, because the backends talk to their services. Raises the exception of a configured backend
        that cannot be used.
        """
        from keyring import backend, core  # takes 0.2 s, which the start of the program does not need
        from keyring.backends.chainer import ChainerBackend

        chosen = core.load_env() or core.load_config()
        if chosen is not None:
            return (self._instances.setdefault(type(chosen), chosen),)
        # called for its side effect, which is to load plug-ins: its result is computed once per process
        backend.get_all_keyring()
        by_priority = []
        for backend_class in backend.KeyringBackend.get_viable_backends():
            if issubclass(backend_class, ChainerBackend):
                continue  # asks the same backends as we do, but gives up at the first that is locked
            try:
                by_priority.append((float(backend_class.priority), backend_class))
            except Exception:  # noqa: BLE001, S112  # its service stopped after `get_viable_backends`
                continue
        by_priority.sort(key=lambda pair: pair[0], reverse=True)
        classes = [backend_class for priority, backend_class in by_priority if priority >= 1]
        self._instances |= {cls: cls() for cls in classes if cls not in self._instances}
        return tuple(self._instances[backend_class] for backend_class in classes)
