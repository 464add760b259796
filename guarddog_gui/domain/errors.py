"""Exceptions of Guard Dog, divided by who can resolve the problem.

Expected outcomes are return values, not exceptions: refusals by WeChat (`protocol.Refusal`), network failures
(`protocol.TransportFailure`) and answers of the keyring (`keyring_results.SecretMissing` …).

    GuardDogError
        UserActionRequired
            UsageError: BadKey, NotInitialised, Closed
            NoSuchAccount, NoSuchKey
            RefreshRefused: KeyringUnavailable
            BadInput: BadApiBase
            FileError
        TemporaryError: LockBusy, RefreshDelayed, LoadFailed
        InternalError
"""

from guarddog_gui.domain.problems import InputProblem


class GuardDogError(Exception):
    """Base class of every exception that Guard Dog raises on purpose."""


class UserActionRequired(GuardDogError):
    """The user has to change something before the operation can succeed."""


class UsageError(UserActionRequired):
    """An argument is invalid."""


class BadKey(UsageError, ValueError):
    """A key of the guard_dog library cannot be the name of a `.dog` file."""


class NotInitialised(UsageError, LookupError):
    """`get` was called for a key of the guard_dog library before `init`."""


class Closed(UsageError):
    """A GuardDog was used after `close`."""


class NoSuchAccount(UserActionRequired):
    """No account has the given appid or name."""


class NoSuchKey(UserActionRequired):
    """The account does not have the given key: mini programs have no tickets."""


class RefreshRefused(UserActionRequired):
    """No valid value exists, and refreshing is useless until the user acts.

    `errcode` is WeChat's, or None if the reason is another one than a refusal by WeChat.
    """

    def __init__(self, message: str, errcode: int | None = None) -> None:
        super().__init__(message)
        self.errcode = errcode


class KeyringUnavailable(RefreshRefused):
    """No valid value exists, and the keyring with the AppSecret is locked or does not answer."""


class BadInput(UserActionRequired):
    """A value that was typed or stored cannot be used; the message says which and why.

    `subject` names the one of several that is wrong: a path or a command.
    """

    def __init__(self, problem: InputProblem, subject: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.subject = subject


class BadApiBase(BadInput):
    """The address of the WeChat API cannot be used.

    `variable` is the environment variable that it came from; empty if it came from the preferences.
    """

    def __init__(self, api_base: str, variable: str = "") -> None:
        super().__init__(InputProblem.INVALID_API_BASE)
        self.api_base = api_base
        self.variable = variable


class FileError(UserActionRequired):
    """A file could not be read or written; `reason` is a short text about why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)  # with both arguments, so that it can be unpickled
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class TemporaryError(GuardDogError):
    """The problem resolves itself with time; Guard Dog tries again."""


class LockBusy(TemporaryError):
    """Another process holds the lock of this account and did not release it in time."""


class RefreshDelayed(TemporaryError):
    """No valid value exists at the moment, but later attempts can succeed. `errcode` is WeChat's, or None."""

    def __init__(self, message: str, errcode: int | None = None) -> None:
        super().__init__(message)
        self.errcode = errcode


class LoadFailed(TemporaryError):
    """A loader of the guard_dog library returned no value; `__cause__` is the exception that it raised."""


class InternalError(GuardDogError):
    """Guard Dog has a bug: two of its parts disagree."""


# Names of version 0.1, kept for one release: programs that use the library may still catch them.
PersonMustAct = UserActionRequired
TimeWillTell = TemporaryError
KeyringShut = KeyringUnavailable
FileTrouble = FileError
BadAddress = BadApiBase
OurBug = InternalError
