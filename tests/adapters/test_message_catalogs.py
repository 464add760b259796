"""The compiled catalogue is read, and a damaged one is our bug."""

from pathlib import Path

import pytest

from guarddog_gui.adapters.message_catalogs import load_message_catalog, read_translations
from guarddog_gui.domain.errors import InternalError


def test_english_needs_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise AssertionError(path)

    monkeypatch.setattr("guarddog_gui.adapters.message_catalogs.read_translations", refuse)
    assert load_message_catalog("en").text("{usable} of {all} usable", usable=3, all=4) == "3 of 4 usable"


def test_chinese_is_read_from_its_file() -> None:
    chinese = load_message_catalog("zh_CN")
    assert chinese.language == "zh_CN"
    assert chinese.text("{usable} of {all} usable", usable=3, all=4) == "4 个凭据，3 个可用"
    assert chinese.text("") == ""
    assert load_message_catalog("zh_CN") is chinese


def test_the_same_english_text_can_have_two_translations() -> None:
    chinese = load_message_catalog("zh_CN")
    assert chinese.text_in_context("trigger", "command") == "命令行"
    assert chinese.text_in_context("export format", "command") == "命令"


@pytest.mark.parametrize("content", [b"", b"not a catalogue", b"\xde\x12\x04\x95", b"\xde\x12\x04\x95" + b"\xff" * 40])
def test_a_damaged_catalogue_is_our_bug(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "guarddog.mo"
    path.write_bytes(content)
    with pytest.raises(InternalError, match=r"guarddog\.mo"):
        read_translations(path)
