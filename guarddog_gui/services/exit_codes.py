"""Exit codes of `guarddogctl`, on which scripts rely, and the mapping of results and errors to them."""

from enum import IntEnum

from guarddog_gui.domain import errors
from guarddog_gui.domain.accounts.keyring_results import KeyringIsDown, KeyringIsLocked, NotPersisted, SecretMissing
from guarddog_gui.domain.errors import FileError, GuardDogError
from guarddog_gui.domain.refresh.backoff import needs_user_action
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry
from guarddog_gui.domain.sharing.problems import LASTING_PROBLEMS, SharingProblem
from guarddog_gui.domain.wechat.errcodes import ErrcodeCatalog

# conventions of shells: 128 + signal number, and the codes for a command that cannot be started
INTERRUPTED, TERMINATED, COMMAND_NOT_EXECUTABLE, COMMAND_NOT_FOUND = 130, 143, 126, 127


class ExitCode(IntEnum):
    """Exit codes of every command; the README documents them."""

    SUCCESS = 0
    INTERNAL_ERROR = 1
    USAGE_ERROR = 2
    NOT_FOUND = 3
    USER_ACTION_REQUIRED = 4
    TRY_LATER = 5
    KEYRING_ERROR = 6
    FILE_ERROR = 7


_EXIT_CODE_BY_RESULT = {  # of failures that do not need the user
    AttemptResult.REFUSED: ExitCode.TRY_LATER,
    AttemptResult.NO_ANSWER: ExitCode.TRY_LATER,
    AttemptResult.KEYRING_LOCKED: ExitCode.KEYRING_ERROR,
    AttemptResult.KEYRING_DOWN: ExitCode.KEYRING_ERROR,
    AttemptResult.NOT_WRITTEN: ExitCode.FILE_ERROR,
    AttemptResult.LOCK_BUSY: ExitCode.TRY_LATER,
    AttemptResult.BUDGET_EXCEEDED: ExitCode.TRY_LATER,
    AttemptResult.NOT_ADOPTED: ExitCode.TRY_LATER,
    AttemptResult.NOT_SHARED: ExitCode.TRY_LATER,
    AttemptResult.INTERNAL_ERROR: ExitCode.INTERNAL_ERROR,
}
_EXIT_CODE_BY_ERROR = (  # special errors before the general ones
    (errors.UsageError, ExitCode.USAGE_ERROR),
    (errors.NoSuchAccount, ExitCode.NOT_FOUND),
    (FileError, ExitCode.FILE_ERROR),
    (errors.UserActionRequired, ExitCode.USER_ACTION_REQUIRED),
    (errors.TemporaryError, ExitCode.TRY_LATER),
)


def exit_code_for_entry(entry: HistoryEntry, errcode_catalog: ErrcodeCatalog) -> ExitCode:
    if entry.is_success:
        return ExitCode.SUCCESS
    if needs_user_action(entry, errcode_catalog):
        return ExitCode.USER_ACTION_REQUIRED
    if entry.result is AttemptResult.NOT_SHARED:
        word = entry.detail.partition(": ")[0]
        return exit_code_for_sharing(SharingProblem(word)) if word in set(SharingProblem) else ExitCode.TRY_LATER
    return _EXIT_CODE_BY_RESULT[entry.result]


def exit_code_for_sharing(problem: SharingProblem) -> ExitCode:
    if problem is SharingProblem.KEYRING:
        return ExitCode.KEYRING_ERROR
    return ExitCode.USER_ACTION_REQUIRED if problem in LASTING_PROBLEMS else ExitCode.TRY_LATER


def exit_code_for_storage_error(
    error: SecretMissing | KeyringIsLocked | KeyringIsDown | NotPersisted | FileError,
) -> ExitCode:
    if isinstance(error, FileError):
        return ExitCode.FILE_ERROR
    return ExitCode.USER_ACTION_REQUIRED if isinstance(error, SecretMissing) else ExitCode.KEYRING_ERROR


def exit_code_for_error(error: GuardDogError) -> ExitCode:
    """Return the exit code for an exception; INTERNAL_ERROR for an unexpected kind."""
    codes = (code for error_type, code in _EXIT_CODE_BY_ERROR if isinstance(error, error_type))
    return next(codes, ExitCode.INTERNAL_ERROR)
