"""Global hotkey on X11: the X server sends a grabbed key to this program wherever the keyboard focus is.

libxcb is used directly, which Qt has loaded already: the requests of XCB return their errors, whereas Xlib reports a
key that is taken to one handler for the whole process, and ends the process if there is none.
"""

import ctypes
import struct
from typing import Any

from guarddog_gui.domain.hotkeys import Hotkey, HotkeyStatus

_KEY_PRESS, _KEY_RELEASE, _CLIENT_MESSAGE, _MAPPING_NOTIFY = 2, 3, 33, 34  # of X11/X.h
_SYNTHETIC = 0x80  # bit of an event that another program has sent
_POINTER_MAPPING = 2
_GRAB_MODE_ASYNC = 1
_LOCK_MASK = 1 << 1
_SUBSTRUCTURE_MASK = 1 << 19 | 1 << 20
_MODIFIER_COUNT = 8
_NO_SYMBOL = 0
_NUM_LOCK_KEYSYM = 0xFF7F
_MODIFIER_KEYSYMS = {"Shift": 0xFFE1, "Ctrl": 0xFFE3, "Alt": 0xFFE9, "Meta": 0xFFEB}  # the left key of each
_FROM_A_PAGER = 2  # source of a request that acts for the user, which no window manager refuses


class _ScreenIterator(ctypes.Structure):
    """xcb_screen_iterator_t."""

    _fields_ = (("data", ctypes.POINTER(ctypes.c_uint32)), ("rem", ctypes.c_int), ("index", ctypes.c_int))


class _Cookie(ctypes.Structure):
    """xcb_void_cookie_t, and the cookies of all requests with a reply."""

    _fields_ = (("sequence", ctypes.c_uint),)


_P, _U8, _U16, _U32 = ctypes.c_void_p, ctypes.c_uint8, ctypes.c_uint16, ctypes.c_uint32
_XCB_FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "xcb_connect": (_P, (ctypes.c_char_p, _P)),
    "xcb_disconnect": (None, (_P,)),
    "xcb_connection_has_error": (ctypes.c_int, (_P,)),
    "xcb_get_file_descriptor": (ctypes.c_int, (_P,)),
    "xcb_get_setup": (_P, (_P,)),
    "xcb_setup_roots_iterator": (_ScreenIterator, (_P,)),
    "xcb_flush": (ctypes.c_int, (_P,)),
    "xcb_poll_for_event": (_P, (_P,)),
    "xcb_request_check": (_P, (_P, _Cookie)),
    "xcb_grab_key_checked": (_Cookie, (_P, _U8, _U32, _U16, _U8, _U8, _U8)),
    "xcb_ungrab_key": (_Cookie, (_P, _U8, _U32, _U16)),
    "xcb_get_modifier_mapping": (_Cookie, (_P,)),
    "xcb_get_modifier_mapping_reply": (_P, (_P, _Cookie, _P)),
    "xcb_get_modifier_mapping_keycodes": (ctypes.POINTER(_U8), (_P,)),
    "xcb_get_modifier_mapping_keycodes_length": (ctypes.c_int, (_P,)),
    "xcb_intern_atom": (_Cookie, (_P, _U8, _U16, ctypes.c_char_p)),
    "xcb_intern_atom_reply": (ctypes.POINTER(_U32), (_P, _Cookie, _P)),
    "xcb_send_event": (_Cookie, (_P, _U8, _U32, _U32, ctypes.c_char_p)),
}
_KEYSYMS_FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "xcb_key_symbols_alloc": (_P, (_P,)),
    "xcb_key_symbols_free": (None, (_P,)),
    "xcb_key_symbols_get_keycode": (ctypes.POINTER(_U8), (_P, _U32)),
    "xcb_refresh_keyboard_mapping": (ctypes.c_int, (_P, _P)),
}


class X11Hotkey:
    """Connection to the X server with at most one grabbed key; for one thread."""

    def __init__(self, display: str | None = None) -> None:
        """Connect to this display, or to that of the environment. Raise OSError without libxcb or an X server."""
        self._xcb = _load("libxcb.so.1", _XCB_FUNCTIONS)
        self._keysyms = _load("libxcb-keysyms.so.1", _KEYSYMS_FUNCTIONS)
        self._free = _load(None, {"free": (None, (_P,))}).free
        self._connection = self._xcb.xcb_connect(display.encode() if display else None, None)
        if self._xcb.xcb_connection_has_error(self._connection):
            self._xcb.xcb_disconnect(self._connection)
            raise ConnectionError("no X server")
        self._root = self._xcb.xcb_setup_roots_iterator(self._xcb.xcb_get_setup(self._connection)).data[0]
        self._symbols = self._keysyms.xcb_key_symbols_alloc(self._connection)
        self._hotkey: Hotkey | None = None
        self._grabs: list[tuple[int, int]] = []  # keycode, modifiers
        self._released_at_ms: int | None = None

    def close(self) -> None:
        """End the connection, with which the server ends the grab."""
        if self._connection is not None:
            self._keysyms.xcb_key_symbols_free(self._symbols)
            self._xcb.xcb_disconnect(self._connection)
            self._connection = None

    def fileno(self) -> int:
        return int(self._xcb.xcb_get_file_descriptor(self._connection))

    def grab(self, hotkey: Hotkey) -> HotkeyStatus:
        """Grab these keys in place of the earlier ones; return ACTIVE, TAKEN or NO_SUCH_KEY."""
        self.release()
        self._hotkey = hotkey
        masks = self._modifier_masks()
        keycodes = self._keycodes(hotkey.keysym)
        if not keycodes or not all(masks.get(name) for name in hotkey.modifiers):
            return HotkeyStatus.NO_SUCH_KEY
        modifiers = sum(masks[name] for name in hotkey.modifiers)
        # a grab is for exactly these modifiers, so Caps Lock and Num Lock take four
        locks = sorted({0, _LOCK_MASK, masks["NumLock"], _LOCK_MASK | masks["NumLock"]})
        for grab in ((keycode, modifiers | lock) for keycode in keycodes for lock in locks):
            if not self._grab_key(*grab):
                self.release()
                return HotkeyStatus.TAKEN
            self._grabs.append(grab)
        return HotkeyStatus.ACTIVE

    def release(self) -> None:
        for keycode, modifiers in self._grabs:
            self._xcb.xcb_ungrab_key(self._connection, keycode, self._root, modifiers)
        self._grabs.clear()
        self._hotkey = None
        self._xcb.xcb_flush(self._connection)

    def read_presses(self) -> list[int]:
        """Return the server's time (milliseconds) of each press that has arrived, without those of the autorepeat.

        The server repeats a key by a release and a press of the same time.
        """
        presses: list[int] = []
        while event := self._xcb.xcb_poll_for_event(self._connection):
            (kind,) = struct.unpack("B", ctypes.string_at(event, 1))
            (time_ms,) = struct.unpack("=I", ctypes.string_at(event + 4, 4))
            if kind & ~_SYNTHETIC == _MAPPING_NOTIFY:
                self._on_mapping_changed(event)
            elif kind == _KEY_PRESS and time_ms != self._released_at_ms:
                presses.append(time_ms)
            elif kind == _KEY_RELEASE:
                self._released_at_ms = time_ms
            self._free(event)
        return presses

    def activate(self, window: int, time_ms: int) -> None:
        """Give a window the focus as of this press.

        Window managers refuse it to a program without the time of an input, and Qt does not know of this one.
        """
        name = b"_NET_ACTIVE_WINDOW"
        cookie = self._xcb.xcb_intern_atom(self._connection, 0, len(name), name)
        reply = self._xcb.xcb_intern_atom_reply(self._connection, cookie, None)
        if reply:
            message = struct.pack("=BBHII5I", _CLIENT_MESSAGE, 32, 0, window, reply[2], _FROM_A_PAGER, time_ms, 0, 0, 0)
            self._free(reply)
            self._xcb.xcb_send_event(self._connection, 0, self._root, _SUBSTRUCTURE_MASK, message)
            self._xcb.xcb_flush(self._connection)

    def _grab_key(self, keycode: int, modifiers: int) -> bool:
        """Return False if another program has grabbed it (BadAccess)."""
        modes = (_GRAB_MODE_ASYNC, _GRAB_MODE_ASYNC)
        cookie = self._xcb.xcb_grab_key_checked(self._connection, 0, self._root, modifiers, keycode, *modes)
        error = self._xcb.xcb_request_check(self._connection, cookie)
        if error:
            self._free(error)
        return not error

    def _on_mapping_changed(self, event: int) -> None:
        """Grab the key where it is in another layout."""
        self._keysyms.xcb_refresh_keyboard_mapping(self._symbols, event)
        request = ctypes.string_at(event + 4, 1)[0]
        if self._hotkey is not None and request != _POINTER_MAPPING:
            self.grab(self._hotkey)

    def _keycodes(self, keysym: int) -> tuple[int, ...]:
        codes = self._keysyms.xcb_key_symbols_get_keycode(self._symbols, keysym)
        if not codes:
            return ()
        found: list[int] = []
        while codes[len(found)] != _NO_SYMBOL:
            found.append(codes[len(found)])
        self._free(codes)
        return tuple(found)

    def _modifier_masks(self) -> dict[str, int]:
        """Return the bit of each modifier; which of them is Alt, Meta or Num Lock differs between keyboards."""
        cookie = self._xcb.xcb_get_modifier_mapping(self._connection)
        reply = self._xcb.xcb_get_modifier_mapping_reply(self._connection, cookie, None)
        if not reply:
            return {"NumLock": 0}
        keycodes = self._xcb.xcb_get_modifier_mapping_keycodes(reply)
        count = self._xcb.xcb_get_modifier_mapping_keycodes_length(reply)
        bits = {keycodes[index]: 1 << index // (count // _MODIFIER_COUNT) for index in range(count)} if count else {}
        self._free(reply)
        keysyms = {**_MODIFIER_KEYSYMS, "NumLock": _NUM_LOCK_KEYSYM}
        return {
            name: next((bits[code] for code in self._keycodes(keysym) if code in bits), 0)
            for name, keysym in keysyms.items()
        }


def _load(name: str | None, functions: dict[str, tuple[Any, tuple[Any, ...]]]) -> ctypes.CDLL:
    """Load a library and declare its functions. Raise OSError if it is not installed."""
    library = ctypes.CDLL(name)
    for function, (result, arguments) in functions.items():
        getattr(library, function).restype = result
        getattr(library, function).argtypes = arguments
    return library
