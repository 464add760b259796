"""Whether a keyring that does not answer is waiting for a person to type a password."""

import sys
import time
from contextlib import closing

_SERVICE_NAME = "org.freedesktop.secrets"
_OBJECT_PATH = "/org/freedesktop/secrets"


def is_prompt_open(timeout_s: float) -> bool:
    """True if the Secret Service is alive and locked: then a dialog is open somewhere.

    Says so within the given seconds, and never starts a service. On macOS it is always true, because there a
    keychain hangs for no other reason.
    """
    if sys.platform == "darwin":
        return True
    if sys.platform == "win32":
        return False
    try:
        return _is_default_collection_locked(time.monotonic() + timeout_s)
    except Exception:  # noqa: BLE001  # no bus, no service, no answer: nobody is asked anything
        return False


def _is_default_collection_locked(deadline_monotonic_s: float) -> bool:
    from jeepney import DBusAddress, Message, MessageFlag, MessageType, Properties, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    with closing(open_dbus_connection(auth_timeout=deadline_monotonic_s - time.monotonic())) as bus:

        def ask(message: Message) -> tuple[object, ...]:
            message.header.flags |= MessageFlag.no_auto_start
            reply = bus.send_and_get_reply(message, timeout=max(0.0, deadline_monotonic_s - time.monotonic()))
            if reply.header.message_type is MessageType.error:
                raise LookupError
            return tuple(reply.body)

        service = DBusAddress(_OBJECT_PATH, _SERVICE_NAME, "org.freedesktop.Secret.Service")
        (collection,) = ask(new_method_call(service, "ReadAlias", "s", ("default",)))
        if collection == "/":
            return True  # there is none yet: it asks for the password of a new one
        where = DBusAddress(str(collection), _SERVICE_NAME, "org.freedesktop.Secret.Collection")
        (variant,) = ask(Properties(where).get("Locked"))
        return variant == ("b", True)
