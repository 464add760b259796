"""Escape sequences in the console of Windows, which an old console host shows as text until a program asks for them.

Facts from Microsoft's page "Console Virtual Terminal Sequences".
"""

import sys
from typing import Any

STD_OUTPUT_HANDLE = -11
ENABLE_VIRTUAL_TERMINAL_PROCESSING = 0x0004


def enable_escape_sequences(kernel: Any, make_number: Any, by_reference: Any) -> bool:
    """Return True if the console of standard output interprets escape sequences from now on.

    `kernel` is `kernel32`, the others are `ctypes.c_ulong` and `ctypes.byref`. Output to a file is no console.
    """
    handle, mode = kernel.GetStdHandle(STD_OUTPUT_HANDLE), make_number()
    if not kernel.GetConsoleMode(handle, by_reference(mode)):
        return False
    return bool(kernel.SetConsoleMode(handle, mode.value | ENABLE_VIRTUAL_TERMINAL_PROCESSING))


def prepare_console() -> None:
    """Switch the sequences on for colours and for `status -w`. A console before Windows 10 has none."""
    if sys.platform == "win32":
        import ctypes

        enable_escape_sequences(ctypes.WinDLL("kernel32"), ctypes.c_ulong, ctypes.byref)
