"""Decoding of pasted text in layers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.paste.layers import clean_text, decoded_layers, fold_text, unescape, unescape_entities
from tests.pasted_cases import PIECES


def test_invisible_characters_and_colours_are_removed() -> None:
    assert clean_text("\ufeffa\u200bp\u202ap\x1b[32mId\x1b[0m\u2060") == "appId"


def test_an_eaten_timestamp_is_restored_behind_a_nonce_only() -> None:
    assert clean_text("noncestr=a×tamp=1") == "noncestr=a&timestamp=1"
    assert clean_text("https://a.cn/?a=1×tamp=2") == "https://a.cn/?a=1×tamp=2"


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold_text(text)) == len(text)


def test_full_width_characters_and_quotes_become_ascii() -> None:
    assert fold_text("ａｐｐＩｄ：“１２”，‘a’") == "appId:\"12\",'a'"


def test_escapes_and_entities_are_decoded_but_not_timestamp() -> None:
    assert unescape('\\"\\u56fe\\x41\\n\\ud83d\\ude00\\q') == '"图A\n😀q'
    assert unescape("\\u{110000}") == "\\u{110000}"
    assert unescape_entities("&quot;a&#39;&AMP;&timestamp=1") == "\"a'&&timestamp=1"


@pytest.mark.parametrize(
    "encoded",
    ["{&quot;nonceStr&quot;:1}", "{&amp;quot;nonceStr&amp;quot;:1}", '{\\"nonceStr\\":1}', "%7B%22nonceStr%22%3A1%7D"],
)
def test_each_encoding_has_its_layer(encoded: str) -> None:
    assert '{"nonceStr":1}' in decoded_layers(encoded)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_the_first_layer_is_the_text_and_their_number_is_limited(text: str) -> None:
    layers = list(decoded_layers(text))
    assert layers[0] == text
    assert len(layers) <= 13
