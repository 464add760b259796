"""Bytes of any encoding that Windows, editors and old servers write become text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.paste.config import read_config
from guarddog_gui.domain.paste.encoding import decode_bytes
from tests.pasted_cases import CONFIGS

TEXT = "签名：0f9de62f 时间戳：1414587457"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gbk", "gb18030"])
def test_chinese_text_is_decoded_from_its_usual_encodings(encoding: str) -> None:
    assert decode_bytes(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_ascii_in_utf_16_is_recognised_without_a_mark(encoding: str) -> None:
    assert decode_bytes('{"errcode":40001}'.encode(encoding)) == '{"errcode":40001}'


def test_a_last_character_that_was_cut_does_not_change_the_encoding() -> None:
    assert decode_bytes(TEXT.encode() + "图".encode()[:2]) == TEXT


def test_a_config_saved_by_a_windows_editor_is_read() -> None:
    for case in CONFIGS["cases"]:
        if "encoding" in case:
            assert read_config(decode_bytes(case["text"].encode(case["encoding"]))).problem is None


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded(raw: bytes) -> None:
    assert isinstance(decode_bytes(raw), str)
