"""What a keyring's exceptions mean. Their texts are not repeated: a backend may quote what it was given."""

from guarddog_gui.domain.accounts.keyring_results import Locked, Unavailable

_LOCKED = {"KeyringLocked", "LockedException", "PromptDismissedException"}
_LOCKED_ON_THE_BUS = "org.freedesktop.Secret.Error.IsLocked"
_NO_KEYRING = {"NoKeyringError", "InitError", "SecretServiceNotAvailableException", "RuntimeError"}


def keyring_trouble(error: BaseException) -> Locked | Unavailable:
    """Whether it is locked or not there. Goes by names: no machine has all the libraries that raise these."""
    names = {kind.__name__ for kind in type(error).__mro__}
    on_the_bus = getattr(error, "name", None) if "DBusErrorResponse" in names else None
    if names & _LOCKED or on_the_bus == _LOCKED_ON_THE_BUS:
        return Locked("not unlocked")
    if names & _NO_KEYRING:
        return Unavailable("no keyring answers")
    if isinstance(on_the_bus, str):
        return Unavailable(on_the_bus.rpartition(".")[2])
    number = next((str(part) for part in error.args if type(part) is int), "")
    return Unavailable(f"{type(error).__name__} {number}".strip())
