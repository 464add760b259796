"""Translate exceptions of keyring backends to results, without their texts, which may quote the secret."""

from guarddog_gui.domain.accounts.keyring_results import KeyringFailure, KeyringIsDown, KeyringIsLocked

_LOCKED_ERROR_NAMES = {"KeyringLocked", "LockedException", "PromptDismissedException"}
_DBUS_LOCKED_ERROR = "org.freedesktop.Secret.Error.IsLocked"
_NO_KEYRING_ERROR_NAMES = {"NoKeyringError", "InitError", "SecretServiceNotAvailableException", "RuntimeError"}


def keyring_failure_from_exception(error: BaseException) -> KeyringIsLocked | KeyringIsDown:
    """Return KeyringIsLocked or KeyringIsDown for an exception of a backend.

    Classes are compared by name, because no machine has all the libraries that define them installed.
    """
    names = {cls.__name__ for cls in type(error).__mro__}
    dbus_error = getattr(error, "name", None) if "DBusErrorResponse" in names else None
    if names & _LOCKED_ERROR_NAMES or dbus_error == _DBUS_LOCKED_ERROR:
        return KeyringIsLocked("not unlocked")
    if names & _NO_KEYRING_ERROR_NAMES:
        return KeyringIsDown(KeyringFailure.NO_KEYRING)
    if isinstance(dbus_error, str):
        return KeyringIsDown(dbus_error.rpartition(".")[2])
    number = next((str(part) for part in error.args if type(part) is int), "")
    return KeyringIsDown(f"{type(error).__name__} {number}".strip())
