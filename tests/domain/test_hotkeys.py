"""The keys of the global hotkey: which are possible, and their names on X11 and in the portal."""

import pytest

from guarddog_gui.domain.hotkeys import Hotkey, parse_hotkey


@pytest.mark.parametrize(
    ("text", "keysym", "trigger"),
    [
        ("Ctrl+Alt+G", 0x67, "CTRL+ALT+g"),
        ("Meta+1", 0x31, "LOGO+1"),
        ("Ctrl+Shift+F12", 0xFFC9, "CTRL+SHIFT+F12"),
        ("Ctrl+F9", 0xFFC6, "CTRL+F9"),
        ("Meta+Space", 0x20, "LOGO+space"),
        ("Ctrl+Shift+K", 0x6B, "CTRL+SHIFT+k"),
    ],
)
def test_keys_have_the_names_of_each_system(text: str, keysym: int, trigger: str) -> None:
    hotkey = parse_hotkey(text)
    assert hotkey is not None
    assert (hotkey.text, hotkey.keysym, hotkey.portal_trigger) == (text, keysym, trigger)


@pytest.mark.parametrize(
    "text", ["", "G", "Shift+G", "Ctrl", "Ctrl+", "Ctrl+Ä", "Ctrl+F25", "Ctrl+Esc", "Strg+G", "++"]
)
def test_keys_that_are_typed_into_programs_or_unknown_are_refused(text: str) -> None:
    assert parse_hotkey(text) is None


def test_the_order_of_the_modifiers_does_not_matter() -> None:
    assert parse_hotkey("Alt+Ctrl+g") == Hotkey(frozenset({"Ctrl", "Alt"}), "G")


@pytest.mark.parametrize(
    "text",
    ["Ctrl+V", "Ctrl+K", "Alt+G", "Alt+Space", "F5", "Shift+F10", "Alt+F4", "Ctrl+F4", "Ctrl+Shift+C", "Shift+Ctrl+v"],
)
def test_shortcuts_that_other_programs_need_are_refused(text: str) -> None:
    assert parse_hotkey(text) is None
