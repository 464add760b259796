"""What a keyring's exceptions mean. Their texts are not repeated: a backend may quote what it was given."""

from guarddog_gui.domain.accounts.keyring_results import KeyringFailure, KeyringIsDown, KeyringIsLocked

_LOCKED_ERROR_NAMES = {"KeyringLocked", "LockedException", "PromptDismissedException"}
_DBUS_LOCKED_ERROR = "org.freedesktop.Secret.Error.IsLocked"
_NO_KEYRING_ERROR_NAMES = {
    "NoKeyringError",
    "InitError",
    "SecretServiceNotAvailableException",
    "RuntimeError",
}


def keyring_failure_from_exception(error: BaseException) -> KeyringIsLocked | KeyringIsDown:
    """Whether it is locked or not there. Goes by names: no machine has all the libraries that raise these."""
    names = {kind.__name__ for kind in type(error).__mro__}
    on_the_bus = getattr(error, "name", None) if "DBusErrorResponse" in names else None
    if names & _LOCKED_ERROR_NAMES or on_the_bus == _DBUS_LOCKED_ERROR:
        return KeyringIsLocked("not unlocked")
    if names & _NO_KEYRING_ERROR_NAMES:
        return KeyringIsDown(KeyringFailure.NO_KEYRING)
    if isinstance(on_the_bus, str):
        return KeyringIsDown(on_the_bus.rpartition(".")[2])
    number = next((str(part) for part in error.args if type(part) is int), "")
    return KeyringIsDown(f"{type(error).__name__} {number}".strip())
