"""Possible results of reading an AppSecret from the keyring and of storing one there."""

from enum import StrEnum

from msgspec import Struct

from guarddog_gui.domain.accounts.account import Secret


class KeyringFailure(StrEnum):
    """Failures of a keyring that Guard Dog knows; the words are stored in the history."""

    NO_KEYRING = "no keyring answers"
    NO_ANSWER = "no answer"  # it is there and hangs
    TOO_LONG = "too long"  # for what the Windows credential store takes
    READ_ONLY = "read only"  # its secrets are provided from outside
    NOT_LOADED = "not loaded"  # the one that the user has chosen does not exist


class SecretFound(Struct, frozen=True):
    """The keyring has the AppSecret."""

    secret: Secret


class SecretMissing(Struct, frozen=True):
    """The keyring works and does not have the AppSecret. Never a reason to remove an account."""


class KeyringIsLocked(Struct, frozen=True):
    """The keyring is locked, or its unlock prompt was refused or is still unanswered."""

    detail: str = ""


class KeyringIsDown(Struct, frozen=True):
    """No keyring answers: none is installed, there is no session bus, it hangs or it failed.

    `detail` is a `KeyringFailure`, or the name of an error of the keyring's own library.
    """

    detail: str = ""


class SecretSaved(Struct, frozen=True):
    """The AppSecret was written and read back for verification."""


class NotPersisted(Struct, frozen=True):
    """The AppSecret was written without an error but cannot be read back: the keyring stores nothing."""


LookupResult = SecretFound | SecretMissing | KeyringIsLocked | KeyringIsDown
StoreResult = SecretSaved | NotPersisted | KeyringIsLocked | KeyringIsDown
