"""npm `guard_dog` in Python: values by key, cached in `.dog` files and refreshed before they expire.

Give each key a loader that gets a new value, and ask for the value whenever you need it:

    from guarddog_gui import guard_dog

    def load(handler):
        reply = requests.get("https://example.com/token", timeout=10).json()
        handler(reply["access_token"], reply["expires_in"], 300)  # refresh 300 seconds before the end

    guard_dog.init("ACCESS_TOKEN", load, "/var/lib/shop")  # file: /var/lib/shop/ACCESS_TOKEN.dog
    token = guard_dog.get("ACCESS_TOKEN")

`init` and `get` belong to one `GuardDog` for the whole program. Create your own `GuardDog` for tests, or to
end the refreshes with `close()`. All times are in seconds. Every error of this module is among the names
below; `FileTrouble` is the former name of `FileError`.

The file format is described in `domain/tokens/dog_format.py`; it is that of npm `guard_dog` 3.1.
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
