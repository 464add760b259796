"""npm `guard_dog` in Python: a value per key, kept in a `.dog` file and refreshed before it dies.

    from guarddog_gui import guard_dog

    def load(handler):
        reply = requests.get(…, timeout=10).json()
        handler(reply["access_token"], reply["expires_in"], 300)

    guard_dog.init("ACCESS_TOKEN", load, "/var/lib/shop")
    token = guard_dog.get("ACCESS_TOKEN")

`init` and `get` are those of one GuardDog for the whole program; make your own for tests, or to end it
with `close()`. What the `.dog` files look like is in `domain/dogfile.py`.
"""

from guarddog_gui.domain.errors import BadKey, Closed, FileError, FileTrouble, LoadFailed, NotInitialised
from guarddog_gui.guard_dog.guard import GuardDog
from guarddog_gui.guard_dog.loader import Handler, Loader

__all__ = [
    "BadKey",
    "Closed",
    "FileError",
    "FileTrouble",
    "GuardDog",
    "Handler",
    "LoadFailed",
    "Loader",
    "NotInitialised",
    "get",
    "init",
]

_program = GuardDog()
init = _program.init
get = _program.get
