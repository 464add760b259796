"""Global hotkey: the keys, what they open, and whether they work."""

from enum import StrEnum

from msgspec import Struct

MODIFIERS = ("Ctrl", "Alt", "Shift", "Meta")  # in the order of their names; Meta is the Super or Windows key
_F_KEYS = {f"F{number}" for number in range(1, 25)}
_FIRST_F_KEYSYM = 0xFFBE  # of X11 and xkb: F1
_SPACE = "Space"
_COMMON_SHORTCUTS = {
    *("Ctrl+Shift+C", "Ctrl+Shift+V", "Ctrl+Shift+X", "Ctrl+Shift+Z"),  # edit, in terminals and editors
    *("Alt+F4", "Ctrl+F4"),  # close the window or the tab
}


class HotkeyAction(StrEnum):
    """Window that the hotkey opens."""

    SEARCH = "search"
    POPOVER = "popover"


class HotkeyStatus(StrEnum):
    """State of the hotkey; after `ACTIVE` come the reasons why it does not work."""

    OFF = "off"
    ASKING = "asking"  # the desktop asks the user, or has not answered yet
    ACTIVE = "active"
    INVALID = "invalid"
    TAKEN = "taken"  # by another program or by the desktop
    NO_SUCH_KEY = "no-such-key"  # on this keyboard
    REFUSED = "refused"  # by the user or the desktop
    NOT_INSTALLED = "not-installed"  # the desktop knows no application with this id
    UNAVAILABLE = "unavailable"


class HotkeyState(Struct, frozen=True):
    """Status with the keys as the desktop names them, or as they were chosen."""

    status: HotkeyStatus = HotkeyStatus.OFF
    keys: str = ""


class Hotkey(Struct, frozen=True):
    """Keys that are pressed together: modifiers, and one letter, digit, F key or Space."""

    modifiers: frozenset[str]
    key: str

    @property
    def text(self) -> str:
        """Return the keys as in `Ctrl+Alt+G`."""
        return "+".join((*(name for name in MODIFIERS if name in self.modifiers), self.key))

    @property
    def keysym(self) -> int:
        """Return the number of the key in X11 and xkb."""
        if self.key in _F_KEYS:
            return _FIRST_F_KEYSYM + int(self.key[1:]) - 1
        return ord(" ") if self.key == _SPACE else ord(self.key.lower())

    @property
    def portal_trigger(self) -> str:
        """Return the keys in the form of https://specifications.freedesktop.org/shortcuts-spec/latest/."""
        names = {"Ctrl": "CTRL", "Alt": "ALT", "Shift": "SHIFT", "Meta": "LOGO"}
        key = self.key if self.key in _F_KEYS else self.key.lower()
        return "+".join((*(names[name] for name in MODIFIERS if name in self.modifiers), key))


def parse_hotkey(text: str) -> Hotkey | None:
    """Read keys such as `Ctrl+Alt+G`; None if other programs need them or they are not supported.

    A grabbed hotkey reaches no other program, so what these commonly use is refused: a key with Ctrl, Alt or Shift
    alone, F keys without Ctrl or Alt, the terminals' copy and paste, and the keys that close a window or a tab.
    """
    *names, key = text.split("+")
    modifiers = frozenset(names)
    is_letter_or_digit = len(key) == 1 and key.isascii() and key.isalnum()
    if not modifiers <= set(MODIFIERS) or not (is_letter_or_digit or key in _F_KEYS or key == _SPACE):
        return None
    hotkey = Hotkey(modifiers, key.upper() if is_letter_or_digit else key)
    return None if _is_common_shortcut(hotkey) else hotkey


def _is_common_shortcut(hotkey: Hotkey) -> bool:
    if hotkey.text in _COMMON_SHORTCUTS:
        return True
    if "Meta" in hotkey.modifiers or len(hotkey.modifiers) > 1:
        return False
    return hotkey.key not in _F_KEYS or hotkey.modifiers <= {"Shift"}
