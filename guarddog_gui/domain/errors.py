"""The exceptions of Guard Dog, split by whose move is next.

GuardDogError
├── PersonMustAct          a person has to change something before it can work
│   ├── UsageError           an argument that cannot be meant (exit 2)
│   │   ├── BadKey             a key that cannot be the name of a `.dog` file
│   │   ├── NotInitialised     `get` of a key without an `init` before
│   │   └── Closed             `init` or `get` after `close`
│   ├── NoSuchAccount        nobody knows that appid or name (exit 3)
│   ├── NoSuchKey            the account does not keep that key (exit 3)
│   ├── RefreshRefused       WeChat refuses, or there is no secret: a person has to act (exit 4)
│   ├── KeyringShut          the keyring is locked or does not answer (exit 6)
│   ├── BadInput             a value that was typed or stored cannot be used (exit 4)
│   │   └── BadAddress         the address of the WeChat API
│   └── FileTrouble          a file could not be read or written (exit 7)
├── TimeWillTell           nothing to do but wait; it is tried again
│   ├── LockBusy             another program is refreshing this account
│   ├── RefreshDelayed       no network, a quota, a busy server, our own limit
│   └── LoadFailed           a loader of the guard_dog library brought no value
└── OurBug                 a promise between our own parts was broken

Refusals by WeChat (`wechat.Refusal`), silence of the network (`wechat.Silence`) and answers of the keyring
(`secrets.Missing` …) are values, not exceptions.
"""

from guarddog_gui.domain.problems import InputProblem


class GuardDogError(Exception):
    """Every exception that Guard Dog raises on purpose."""


class UserActionRequired(GuardDogError):
    """A person has to change something before it can work."""


class UsageError(UserActionRequired):
    """An argument that cannot be meant."""


class BadKey(UsageError, ValueError):
    """A key of the guard_dog library that cannot be the name of a `.dog` file."""


class NotInitialised(UsageError, LookupError):
    """The guard_dog library was asked for a key that nobody has initialised."""


class Closed(UsageError):
    """A GuardDog was used after its end."""


class NoSuchAccount(UserActionRequired):
    """Nobody knows that appid or name."""


class NoSuchKey(UserActionRequired):
    """The account does not keep that key: mini programs have no tickets."""


class RefreshRefused(UserActionRequired):
    """There is no live value, and no new one before a person has done something.

    `errcode` is WeChat's, or None where it was not WeChat that refused.
    """

    def __init__(self, message: str, errcode: int | None = None) -> None:
        super().__init__(message)
        self.errcode = errcode


class KeyringUnavailable(RefreshRefused):
    """There is no live value, and the keyring that has the AppSecret is locked or does not answer."""


class BadInput(UserActionRequired):
    """A value that was typed or stored cannot be used; the text says which and why.

    `about` names the one of several that is meant: a path or a command.
    """

    def __init__(self, problem: InputProblem, subject: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.subject = subject


class BadApiBase(BadInput):
    """WeChat's address cannot be used. `source` is the variable that has it; none: the Preferences."""

    def __init__(self, api_base: str, variable: str = "") -> None:
        super().__init__(InputProblem.INVALID_API_BASE)
        self.api_base = api_base
        self.variable = variable


class FileError(UserActionRequired):
    """A file could not be read or written."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)  # both, or it does not come out of another process
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class TemporaryError(GuardDogError):
    """Nothing to do but wait; it is tried again."""


class LockBusy(TemporaryError):
    """Another program is refreshing this account and did not finish in time."""


class RefreshDelayed(TemporaryError):
    """There is no live value now; later there will be one. `errcode` is WeChat's, or None."""

    def __init__(self, message: str, errcode: int | None = None) -> None:
        super().__init__(message)
        self.errcode = errcode


class LoadFailed(TemporaryError):
    """A loader of the guard_dog library brought no value; `__cause__` is what it raised, if it did."""


class InternalError(GuardDogError):
    """A promise between our own parts was broken."""


# names of 0.1, kept for one release: programs that use the library may still catch them
PersonMustAct = UserActionRequired
TimeWillTell = TemporaryError
KeyringShut = KeyringUnavailable
FileTrouble = FileError
BadAddress = BadApiBase
OurBug = InternalError
