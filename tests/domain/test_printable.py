"""Text for people, without characters that a terminal obeys."""

import json

import pytest

from guarddog_gui.domain.printable import printable, printable_json, shorten_middle


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Shop 小店", "Shop 小店"),
        ("全角\u3000空格\u00a0", "全角\u3000空格\u00a0"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x9b2J", "\\x9b2J"),
        ("a\u202eb\u2066c", "a\\u202eb\\u2066c"),
        ("one\ntwo\ttab", "one\\ntwo\\ttab"),
        ("\u2028", "\\u2028"),
        ("\udcff", "\\udcff"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_what_is_not_printable_is_spelled_out(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_line_feeds_can_be_kept() -> None:
    assert printable("a\nb\x1b", keep="\n") == "a\nb\\x1b"


@pytest.mark.parametrize("text", ["\x1b[2J", "\u202e\x7f\x9b", "\U000e0041", "\udcff", '"\\\n', "小店\u3000"])
def test_json_stays_valid_and_has_the_same_values(text: str) -> None:
    shown = printable_json({"key": text})
    assert json.loads(shown) == {"key": text}
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_a_long_text_loses_its_middle() -> None:
    assert shorten_middle("#/cart", 10) == "#/cart"
    assert shorten_middle("#/" + "a" * 100 + "/end", 10) == "#/aaa…/end"
    assert len(shorten_middle("x" * 100, 41)) == 41
