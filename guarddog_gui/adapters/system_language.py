"""Languages that the user has chosen in the operating system; on Linux the locale variables say it."""

import ctypes
import locale
import sys
from typing import Any

_CORE_FOUNDATION = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"
_UTF_8 = 0x08000100  # kCFStringEncodingUTF8
_NAME_MAX = 64  # bytes of a language's name such as zh-Hans-CN


def preferred_languages() -> tuple[str, ...]:
    """Return names such as `zh_CN` or `zh-Hans-CN`, best first; none where the system does not say."""
    try:
        if sys.platform == "win32":
            return windows_languages(ctypes.windll.kernel32)
        if sys.platform == "darwin":
            return macos_languages(ctypes.CDLL(_CORE_FOUNDATION))
    except (OSError, AttributeError):  # an old or reduced system without the library or the function
        pass
    return ()


def windows_languages(kernel32: Any) -> tuple[str, ...]:
    """Return the language in which Windows shows its menus."""
    name = locale.windows_locale.get(kernel32.GetUserDefaultUILanguage() & 0xFFFF)
    return () if name is None else (name,)


def macos_languages(core_foundation: Any) -> tuple[str, ...]:
    """Return the list under System Settings > Language & Region.

    Programs that are started from the Finder or at login get no LANG. `defaults read -g AppleLanguages`
    gives the same list and costs a process.
    """
    pointer = ctypes.c_void_p
    core_foundation.CFLocaleCopyPreferredLanguages.restype = pointer
    core_foundation.CFArrayGetCount.argtypes = [pointer]
    core_foundation.CFArrayGetCount.restype = ctypes.c_long
    core_foundation.CFArrayGetValueAtIndex.argtypes = [pointer, ctypes.c_long]
    core_foundation.CFArrayGetValueAtIndex.restype = pointer
    core_foundation.CFStringGetCString.argtypes = [pointer, ctypes.c_char_p, ctypes.c_long, ctypes.c_uint32]
    core_foundation.CFStringGetCString.restype = ctypes.c_bool
    core_foundation.CFRelease.argtypes = [pointer]
    array = core_foundation.CFLocaleCopyPreferredLanguages()
    if not array:
        return ()
    try:
        names = []
        for index in range(core_foundation.CFArrayGetCount(array)):
            buffer = ctypes.create_string_buffer(_NAME_MAX)
            text = core_foundation.CFArrayGetValueAtIndex(array, index)
            if core_foundation.CFStringGetCString(text, buffer, _NAME_MAX, _UTF_8):
                names.append(buffer.value.decode("utf-8"))
        return tuple(names)
    finally:
        core_foundation.CFRelease(array)
