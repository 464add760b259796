"""The exit codes that scripts rely on, and which of them an answer or an error deserves."""

from enum import IntEnum

from guarddog_gui.domain.accounts.keyring_results import Locked, Lost, Missing, Unavailable
from guarddog_gui.domain.errors import (
    FileTrouble,
    GuardDogError,
    NoSuchAccount,
    PersonMustAct,
    TimeWillTell,
    UsageError,
)
from guarddog_gui.domain.refresh.history import Entry, Result
from guarddog_gui.domain.wechat.errcodes import Catalogue, ErrKind

# what shells expect of a program that Ctrl+C ended, and say for a command that they cannot start
INTERRUPTED, TERMINATED, NOT_EXECUTABLE, NOT_FOUND = 130, 143, 126, 127


class Exit(IntEnum):
    """How a command ends."""

    DONE = 0
    OUR_BUG = 1
    WRONG_USAGE = 2
    NO_SUCH = 3
    PERSON_MUST_ACT = 4
    TRY_LATER = 5
    KEYRING = 6
    FILE = 7


_RESULTS = {
    Result.UNHEARD: Exit.TRY_LATER,
    Result.NO_SECRET: Exit.PERSON_MUST_ACT,
    Result.KEYRING_LOCKED: Exit.KEYRING,
    Result.KEYRING_DOWN: Exit.KEYRING,
    Result.NOT_WRITTEN: Exit.FILE,
    Result.BUSY: Exit.TRY_LATER,
    Result.BUDGET: Exit.TRY_LATER,
    Result.BUG: Exit.OUR_BUG,
}
_PERSONS_MOVE = frozenset({ErrKind.CONFIG, ErrKind.PERMISSION, ErrKind.REQUEST})


def exit_of_entry(entry: Entry, catalogue: Catalogue) -> Exit:
    """The code for what came of an attempt."""
    if entry.is_good:
        return Exit.DONE
    if entry.result is Result.REFUSED:
        kind = catalogue.kind(entry.errcode or 0, entry.endpoint)
        return Exit.PERSON_MUST_ACT if kind in _PERSONS_MOVE else Exit.TRY_LATER
    return _RESULTS[entry.result]


def exit_of_trouble(reason: Missing | Locked | Unavailable | Lost | FileTrouble) -> Exit:
    """The code for what a keyring or a disk did not do."""
    if isinstance(reason, FileTrouble):
        return Exit.FILE
    return Exit.PERSON_MUST_ACT if isinstance(reason, Missing) else Exit.KEYRING


def exit_of_error(error: GuardDogError) -> Exit:
    """The code for an exception of ours."""
    match error:
        case UsageError():
            return Exit.WRONG_USAGE
        case NoSuchAccount():
            return Exit.NO_SUCH
        case FileTrouble():
            return Exit.FILE
        case PersonMustAct():
            return Exit.PERSON_MUST_ACT
        case TimeWillTell():
            return Exit.TRY_LATER
        case _:
            return Exit.OUR_BUG
