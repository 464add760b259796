"""Windows' registry, as far as a user may write it."""

import sys
from contextlib import AbstractContextManager, suppress
from typing import Protocol

from guarddog_gui.adapters.files.paths import translate_os_errors
from guarddog_gui.domain.errors import InternalError


class Registry(Protocol):
    """Values below HKEY_CURRENT_USER. All methods raise FileError."""

    def read(self, key: str, name: str) -> str | bytes | None: ...

    def write(self, key: str, name: str, value: str) -> None: ...

    def delete(self, key: str, name: str) -> None:
        """Delete a value if it exists."""


if sys.platform == "win32":
    import winreg

    _ROOT = winreg.HKEY_CURRENT_USER

    def _translate_errors(key: str) -> AbstractContextManager[None]:
        return translate_os_errors(rf"HKEY_CURRENT_USER\{key}")

    class _CurrentUserRegistry:
        def read(self, key: str, name: str) -> str | bytes | None:
            value = None
            with _translate_errors(key), suppress(FileNotFoundError), winreg.OpenKey(_ROOT, key) as opened:
                value = winreg.QueryValueEx(opened, name)[0]
            return value if isinstance(value, str | bytes) else None

        def write(self, key: str, name: str, value: str) -> None:
            with _translate_errors(key), winreg.CreateKey(_ROOT, key) as opened:
                winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value)

        def delete(self, key: str, name: str) -> None:
            access = winreg.KEY_SET_VALUE
            with _translate_errors(key), suppress(FileNotFoundError), winreg.OpenKey(_ROOT, key, 0, access) as opened:
                winreg.DeleteValue(opened, name)

    def current_user_registry() -> Registry:
        return _CurrentUserRegistry()

else:

    def current_user_registry() -> Registry:
        raise InternalError("only Windows has a registry")
