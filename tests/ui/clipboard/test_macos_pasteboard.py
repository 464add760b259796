"""Copying on macOS, with a fake of its pasteboard."""

import pytest

from guarddog_gui.ui.clipboard.macos_pasteboard import CONCEALED_TYPE, TEXT_TYPE, copy_concealed

PASTEBOARD = 7


class FakeObjectiveC:
    """Pasteboard with what was written to it; strings are numbered objects."""

    def __init__(self, *, has_pasteboard: bool = True) -> None:
        self.has_pasteboard = has_pasteboard
        self.contents = {"public.png": "earlier"}
        self._strings: dict[int, str] = {}

    def get_class(self, name: str) -> int:
        return {"NSPasteboard": 1, "NSString": 2}[name]

    def send(self, receiver: int, selector: str, *arguments: int | bytes) -> int:
        match receiver, selector, arguments:
            case 1, "generalPasteboard", ():
                return PASTEBOARD if self.has_pasteboard else 0
            case 2, "stringWithUTF8String:", (bytes(text),):
                number = 100 + len(self._strings)
                self._strings[number] = text.decode()
                return number
            case 7, "clearContents", ():
                self.contents.clear()
                return 3
            case 7, "setString:forType:", (int(content), int(name)):
                self.contents[self._strings[name]] = self._strings[content]
                return 0xFFFF01
        raise AssertionError(selector)


def test_a_copied_value_is_marked_as_concealed() -> None:
    runtime = FakeObjectiveC()
    assert copy_concealed("91_token", runtime)
    assert runtime.contents == {TEXT_TYPE: "91_token", CONCEALED_TYPE: ""}


def test_without_a_pasteboard_the_caller_copies_in_another_way() -> None:
    runtime = FakeObjectiveC(has_pasteboard=False)
    assert not copy_concealed("91_token", runtime)
    assert runtime.contents == {"public.png": "earlier"}


@pytest.mark.only_on("linux")
def test_without_objective_c_the_caller_copies_in_another_way() -> None:
    assert not copy_concealed("91_token")
