"""The operating system is asked which language its user has chosen: here by stand-ins for its libraries."""

import ctypes
import sys
from types import SimpleNamespace

import pytest

from guarddog_gui.adapters import system_language
from guarddog_gui.adapters.message_catalogs import find_language
from guarddog_gui.adapters.system_language import macos_languages, preferred_languages, windows_languages


class Function:
    """A function of a library, to which ctypes would let types be assigned."""

    def __init__(self, action: object) -> None:
        self.action = action
        self.argtypes: list[object] = []
        self.restype: object = None

    def __call__(self, *arguments: object) -> object:
        assert callable(self.action)
        return self.action(*arguments)


class CoreFoundation:
    """CoreFoundation with a list of languages; names that are too long do not fit into a buffer."""

    def __init__(self, names: list[str] | None) -> None:
        self.names = names or []
        self.released: list[object] = []
        self.CFLocaleCopyPreferredLanguages = Function(lambda: None if names is None else 1)
        self.CFArrayGetCount = Function(lambda _array: len(self.names))
        self.CFArrayGetValueAtIndex = Function(lambda _array, index: index)
        self.CFStringGetCString = Function(self.copy)
        self.CFRelease = Function(self.released.append)

    def copy(self, text: int, buffer: "ctypes.Array[ctypes.c_char]", size: int, encoding: int) -> bool:
        assert encoding == 0x08000100
        name = self.names[text].encode()
        if len(name) >= size:
            return False
        buffer.value = name
        return True


def windows(language_id: int) -> SimpleNamespace:
    return SimpleNamespace(GetUserDefaultUILanguage=lambda: language_id)


@pytest.mark.parametrize(
    ("language_id", "names"),
    [(0x0804, ("zh_CN",)), (0x0404, ("zh_TW",)), (0x0409, ("en_US",)), (0x0407, ("de_DE",)), (0xFFFF, ())],
)
def test_windows_tells_the_language_of_its_menus(language_id: int, names: tuple[str, ...]) -> None:
    assert windows_languages(windows(language_id)) == names


def test_macos_tells_its_list_of_languages() -> None:
    library = CoreFoundation(["zh-Hans-CN", "x" * 64, "en-CN"])
    assert macos_languages(library) == ("zh-Hans-CN", "en-CN")
    assert library.released == [1]


def test_macos_may_have_no_list() -> None:
    library = CoreFoundation(None)
    assert macos_languages(library) == ()
    assert library.released == []


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_a_system_without_the_library_tells_nothing(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(system_language, "_CORE_FOUNDATION", "/nowhere/CoreFoundation")
    monkeypatch.delattr(ctypes, "windll", raising=False)
    assert preferred_languages() == ()


@pytest.mark.parametrize(("platform", "language"), [("linux", "en"), ("win32", "zh_CN"), ("darwin", "zh_CN")])
def test_the_language_is_that_of_the_system(platform: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=windows(0x0804)), raising=False)
    monkeypatch.setattr(ctypes, "CDLL", lambda _path: CoreFoundation(["zh-Hans-CN"]))
    assert find_language({}, "system") == language
    assert find_language({"LANG": "en_US.UTF-8"}, "system") == "en"
    assert find_language({"GUARDDOG_LANG": "en"}, "system") == "en"
    assert find_language({}, "en") == "en"
