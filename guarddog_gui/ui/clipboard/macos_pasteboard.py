"""Copying on macOS with the mark that asks clipboard managers not to record the value."""

from typing import Any, Protocol

TEXT_TYPE = "public.utf8-plain-text"
CONCEALED_TYPE = "org.nspasteboard.ConcealedType"  # http://nspasteboard.org
_LIBRARY = "/usr/lib/libobjc.A.dylib"


class ObjectiveC(Protocol):
    """Objective-C runtime: objects are addresses, 0 stands for nil."""

    def get_class(self, name: str) -> int: ...

    def send(self, receiver: int, selector: str, *arguments: int | bytes) -> int:
        """Send a message whose result and arguments are objects, integers or C strings."""


class NativeObjectiveC:
    """Runtime of this process. Raises OSError where there is none."""

    def __init__(self) -> None:
        import ctypes  # only macOS needs it

        self._library: Any = ctypes.CDLL(_LIBRARY)
        for name in ("objc_getClass", "sel_registerName"):
            getattr(self._library, name).restype = ctypes.c_void_p
            getattr(self._library, name).argtypes = [ctypes.c_char_p]

    def get_class(self, name: str) -> int:
        return self._library.objc_getClass(name.encode()) or 0

    def send(self, receiver: int, selector: str, *arguments: int | bytes) -> int:
        import ctypes

        # objc_msgSend has the signature of the method that it calls
        types = [ctypes.c_char_p if isinstance(argument, bytes) else ctypes.c_void_p for argument in arguments]
        prototype = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p, *types)
        message = prototype(("objc_msgSend", self._library))
        return int(message(receiver, self._library.sel_registerName(selector.encode()), *arguments))


def copy_concealed(text: str, runtime: ObjectiveC | None = None) -> bool:
    """Put the text on the general pasteboard, marked as concealed; return False if that is not possible.

    WORKAROUND: QMimeData cannot do it. Qt writes a MIME type that it does not know as
    `com.trolltech.anymime.…`, which no clipboard manager looks for, and PySide6 has no QUtiMimeConverter.
    """
    try:
        runtime = runtime or NativeObjectiveC()
    except OSError:
        return False
    pasteboard = runtime.send(runtime.get_class("NSPasteboard"), "generalPasteboard")
    if not pasteboard:
        return False
    runtime.send(pasteboard, "clearContents")
    is_copied = _set_string(runtime, pasteboard, text, TEXT_TYPE)
    return is_copied and _set_string(runtime, pasteboard, "", CONCEALED_TYPE)


def _set_string(runtime: ObjectiveC, pasteboard: int, text: str, pasteboard_type: str) -> bool:
    strings = runtime.get_class("NSString")
    content, name = (
        runtime.send(strings, "stringWithUTF8String:", value.encode()) for value in (text, pasteboard_type)
    )
    # the result is a BOOL: the other bits of the register are undefined
    return bool(runtime.send(pasteboard, "setString:forType:", content, name) & 0xFF)
