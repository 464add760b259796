"""Find out if a keyring that does not answer is waiting for the user to type a password."""

import sys
import time
from contextlib import closing

_SERVICE_NAME = "org.freedesktop.secrets"
_OBJECT_PATH = "/org/freedesktop/secrets"


def is_prompt_open(timeout_s: float) -> bool:
    """Return True if the Secret Service answers but is locked, so that a call that blocks has a prompt open.

    Return within `timeout_s` and never start a service: starting one could itself open a prompt. On macOS
    return True, because a keychain blocks for no other reason; on Windows False, because it has no prompt.

    This uses raw D-Bus with a timeout, not the library secretstorage, whose calls block without one.
    """
    if sys.platform == "darwin":
        return True
    if sys.platform == "win32":
        return False
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
