"""Identity of the program for Windows: without it, notifications come from "Python" and the taskbar mixes windows.

Facts from Microsoft's page "Application User Model IDs", and from the name and icon that Windows 11 shows for a
notification whose id is registered under `AppUserModelId`.
"""

import sys
from pathlib import Path
from typing import Any

from guarddog_gui.adapters.windows.registry import Registry, current_user_registry
from guarddog_gui.domain.errors import FileError

APP_NAME = "Guard Dog"
_KEY = r"Software\Classes\AppUserModelId"


def register_app(registry: Registry, shell: Any, app_id: str, icon: Path) -> bool:
    """Register name and icon of the id, then give the id to this process; return False if it keeps none.

    An id that is not registered makes Windows drop the notifications, so the order matters. `shell` is `shell32`.
    """
    try:
        registry.write(rf"{_KEY}\{app_id}", "DisplayName", APP_NAME)
        registry.write(rf"{_KEY}\{app_id}", "IconUri", str(icon))
    except FileError:
        return False
    return bool(shell.SetCurrentProcessExplicitAppUserModelID(app_id) == 0)  # S_OK


def identify_frozen_app(app_id: str) -> None:
    """Register an installed program before its QApplication exists; do nothing in a checkout."""
    if sys.platform == "win32" and getattr(sys, "frozen", False):
        import ctypes

        icon = Path(sys.executable).parent / "guarddog.ico"
        register_app(current_user_registry(), ctypes.WinDLL("shell32"), app_id, icon)
