"""What a keyring can answer when it is asked for an AppSecret."""

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
    """The keyring has it."""

    secret: Secret


@dataclass(frozen=True, slots=True)
class SecretMissing:
    """The keyring works and does not have it. Never a reason to remove an account."""


@dataclass(frozen=True, slots=True)
class KeyringIsLocked:
    """It is locked, or its prompt was refused or is still unanswered."""

    detail: str = ""


@dataclass(frozen=True, slots=True)
class KeyringIsDown:
    """No keyring answers: none installed, no bus, hung, or it failed in its own way.

    `detail` is a `KeyringFailure`, or the name of an error of the keyring's own library.
    """

    detail: str = ""


@dataclass(frozen=True, slots=True)
class SecretSaved:
    """It was written, and read back to be sure."""


@dataclass(frozen=True, slots=True)
class NotPersisted:
    """It was written without an error and could not be read back: a keyring that keeps nothing."""


LookupResult = SecretFound | SecretMissing | KeyringIsLocked | KeyringIsDown
StoreResult = SecretSaved | NotPersisted | KeyringIsLocked | KeyringIsDown
