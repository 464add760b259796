"""The exceptions of Guard Dog, split by whose move is next.

GuardDogError
├── PersonMustAct          a person has to change something before it can work
│   ├── UsageError           an argument that cannot be meant (exit 2)
│   │   ├── BadKey             a key that cannot be the name of a `.dog` file
│   │   ├── NotInitialised     `get` of a key without an `init` before
│   │   └── Closed             `init` or `get` after `close`
│   ├── NoSuchAccount        nobody knows that appid or name (exit 3)
│   ├── BadInput             a value that was typed or stored cannot be used (exit 4)
│   └── FileTrouble          a file could not be read or written (exit 7)
├── TimeWillTell           nothing to do but wait; it is tried again
│   ├── LockBusy             another program is refreshing this account
│   └── LoadFailed           a loader of the guard_dog library brought no value
└── OurBug                 a promise between our own parts was broken

Refusals by WeChat (`wechat.Refusal`), silence of the network (`wechat.Silence`) and answers of the keyring
(`secrets.Missing` …) are values, not exceptions.
"""


class GuardDogError(Exception):
    """Every exception that Guard Dog raises on purpose."""


class PersonMustAct(GuardDogError):
    """A person has to change something before it can work."""


class UsageError(PersonMustAct):
    """An argument that cannot be meant."""


class BadKey(UsageError, ValueError):
    """A key of the guard_dog library that cannot be the name of a `.dog` file."""


class NotInitialised(UsageError, LookupError):
    """The guard_dog library was asked for a key that nobody has initialised."""


class Closed(UsageError):
    """A GuardDog was used after its end."""


class NoSuchAccount(PersonMustAct):
    """Nobody knows that appid or name."""


class BadInput(PersonMustAct):
    """A value that was typed or stored cannot be used; the text says which and why."""


class FileTrouble(PersonMustAct):
    """A file could not be read or written."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class TimeWillTell(GuardDogError):
    """Nothing to do but wait; it is tried again."""


class LockBusy(TimeWillTell):
    """Another program is refreshing this account and did not finish in time."""


class LoadFailed(TimeWillTell):
    """A loader of the guard_dog library brought no value; `__cause__` is what it raised, if it did."""


class OurBug(GuardDogError):
    """A promise between our own parts was broken."""
