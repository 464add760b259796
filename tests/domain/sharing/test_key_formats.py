"""Forms in which programs keep values."""

import pytest

from guarddog_gui.domain.sharing.key_formats import decode_value, encode_value, is_plain_value
from guarddog_gui.domain.sharing.settings import KeyFormat

VALUE = "91_abc-DEF_" + "x" * 50


@pytest.mark.parametrize("key_format", KeyFormat)
def test_what_is_written_in_a_form_is_read_again(key_format: KeyFormat) -> None:
    assert decode_value(encode_value(key_format, VALUE).encode()) == VALUE


def test_php_counts_the_bytes() -> None:
    assert encode_value(KeyFormat.SYMFONY, "abc") == 's:3:"abc";'
    assert decode_value(b's:4:"abc";') is None


@pytest.mark.parametrize(
    "data", [b"", b"a b", b"\xff\xfe", b'{"x": 1}', b'{"access_token": 5}', b'"a', b"[1]", b"x" * 5000, b"<html>"]
)
def test_what_is_no_token_is_none(data: bytes) -> None:
    assert decode_value(data) is None


def test_an_object_with_a_token_is_read() -> None:
    assert decode_value(f'{{"access_token": "{VALUE}", "expires_in": 7200}}'.encode()) == VALUE


def test_a_value_has_no_blank_and_no_quote() -> None:
    assert is_plain_value(VALUE)
    assert not any(map(is_plain_value, ("", "a b", 'a"', "a\n", "汉")))
