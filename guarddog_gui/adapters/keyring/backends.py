"""Find the keyring backends of this machine, and find out if one is waiting for the user to type a password."""

import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE_NAME = "org.freedesktop.secrets"
_OBJECT_PATH = "/org/freedesktop/secrets"


class ChosenKeyringNotLoaded(Exception):
    """PYTHON_KEYRING_BACKEND or keyringrc.cfg names a keyring that cannot be loaded."""


class KeyringBackends:
    """Finder of usable keyring backends, at every call anew, in place of `keyring.get_keyring`.

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

        May block, because the backends talk to their services. Raises ChosenKeyringNotLoaded for a configured
        backend that does not exist.
        """
        from keyring import backend, core  # takes 0.2 s, which the start of the program does not need
        from keyring.backends.chainer import ChainerBackend

        try:
            chosen = core.load_env() or core.load_config()
        except (ImportError, AttributeError, ValueError) as error:
            raise ChosenKeyringNotLoaded from error
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


def is_prompt_open(timeout_s: float) -> bool:
    """Return True if the Secret Service answers but is locked, so that a call that blocks has a prompt open.

    Return within `timeout_s` and never start a service: starting one could itself open a prompt. On macOS
    return True, because a keychain blocks for no other reason; on Windows False, because it has no prompt.

    This uses raw D-Bus with a timeout, not the library secretstorage, whose calls block without one.
    """
    if sys.platform in {"darwin", "win32"}:
        return sys.platform == "darwin"
    try:
        return _is_default_collection_locked(time.monotonic() + timeout_s)
    except Exception:  # noqa: BLE001  # no bus, no service or no answer: no prompt is open
        return False


def _is_default_collection_locked(deadline_monotonic_s: float) -> bool:
    from jeepney import DBusAddress, Message, MessageFlag, MessageType, Properties, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    with closing(open_dbus_connection(auth_timeout=deadline_monotonic_s - time.monotonic())) as bus:

        def call(message: Message) -> tuple[object, ...]:
            message.header.flags |= MessageFlag.no_auto_start
            reply = bus.send_and_get_reply(message, timeout=max(0.0, deadline_monotonic_s - time.monotonic()))
            if reply.header.message_type is MessageType.error:
                raise LookupError
            return tuple(reply.body)

        service = DBusAddress(_OBJECT_PATH, _SERVICE_NAME, "org.freedesktop.Secret.Service")
        (collection,) = call(new_method_call(service, "ReadAlias", "s", ("default",)))
        if collection == "/":
            return True  # there is no collection yet, so the prompt asks for the password of a new one
        address = DBusAddress(str(collection), _SERVICE_NAME, "org.freedesktop.Secret.Collection")
        (variant,) = call(Properties(address).get("Locked"))
        return variant == ("b", True)
