"""Possible results of reading an AppSecret from the keyring and of storing one there."""

from dataclasses import dataclass
from enum import StrEnum

from guarddog_gui.domain.accounts.account import Secret


class KeyringFailure(StrEnum):
    """Failures of a keyring that Guard Dog knows; the words are stored in the history."""

    NO_KEYRING = "no keyring answers"
    NO_ANSWER = "no answer"  # it is there and hangs
    TOO_LONG = "too long"  # for what the Windows credential store takes


@dataclass(frozen=True, slots=True)
class SecretFound:
    """The keyring has the AppSecret."""

    secret: Secret


@dataclass(frozen=True, slots=True)
class SecretMissing:
    """The keyring works and does not have the AppSecret. Never a reason to remove an account."""


@dataclass(frozen=True, slots=True)
class KeyringIsLocked:
    """The keyring is locked, or its unlock prompt was refused or is still unanswered."""

    detail: str = ""


@dataclass(frozen=True, slots=True)
class KeyringIsDown:
    """No keyring answers: none is installed, there is no session bus, it hangs or it failed.

    `detail` is a `KeyringFailure`, or the name of an error of the keyring's own library.
    """

    detail: str = ""


@dataclass(frozen=True, slots=True)
class SecretSaved:
    """The AppSecret was written and read back for verification."""


@dataclass(frozen=True, slots=True)
class NotPersisted:
    """The AppSecret was written without an error but cannot be read back: the keyring stores nothing."""


LookupResult = SecretFound | SecretMissing | KeyringIsLocked | KeyringIsDown
StoreResult = SecretSaved | NotPersisted | KeyringIsLocked | KeyringIsDown
