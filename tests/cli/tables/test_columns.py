"""Columns that stay aligned where a character takes two places, one, or none."""

import pytest

from guarddog_gui.cli.tables.columns import align_rows, display_width, pad, shorten, table_width, truncate, wrap


@pytest.mark.parametrize(
    ("text", "places"),
    [("", 0), ("Shop", 4), ("公众号", 6), ("Shop 公众号", 11), ("e\u0301", 1), ("“”…·", 4), ("，", 2)],
)
def test_a_chinese_character_takes_two_places_and_an_accent_none(text: str, places: int) -> None:
    assert display_width(text) == places


def test_columns_of_mixed_scripts_begin_at_the_same_place() -> None:
    lines = align_rows([("公众号", "fresh"), ("Shop", "expired"), ("", "x")])

    assert lines == ["公众号  fresh", "Shop    expired", "        x"]
    assert {display_width(line[: line.index(word)]) for line, word in zip(lines, ("f", "ex", "x"), strict=True)} == {8}


def test_no_rows_give_no_lines() -> None:
    assert align_rows([]) == []


def test_a_text_is_padded_to_places_and_never_cut_by_it() -> None:
    assert pad("公", 4) == "公  "
    assert pad("abcdef", 4) == "abcdef"


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("公众号", 5, "公众…"), ("公众号", 4, "公…"), ("abc", 0, "")],
)
def test_what_does_not_fit_ends_with_an_ellipsis(text: str, width: int, shown: str) -> None:
    assert truncate(text, width) == shown
    assert display_width(shown) <= width


def test_a_sentence_is_broken_at_spaces() -> None:
    assert wrap("Check the network connection.", 12) == ["Check the", "network", "connection."]


def test_a_chinese_sentence_is_broken_anywhere_but_before_its_marks() -> None:
    lines = wrap("请检查网络连接，然后重试。", 10)

    assert "".join(lines) == "请检查网络连接，然后重试。"
    assert all(display_width(line) <= 10 for line in lines)
    assert not any(line.startswith(("，", "。")) for line in lines)


def test_a_word_that_is_wider_than_a_line_has_a_line_of_its_own() -> None:
    assert wrap("see /a/very/long/path now", 8) == ["see", "/a/very/long/path", "now"]


def test_nothing_is_wrapped_to_nothing() -> None:
    assert wrap("", 10) == []
    assert wrap("   ", 10) == []


def test_the_width_of_a_table_counts_its_gaps() -> None:
    assert table_width([("公众号", "fresh"), ("Shop", "expired")]) == display_width("公众号  expired")


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("abcdef", 6, "abcdef"), ("abcdefgh", 5, "ab…gh"), ("abcdefgh", 4, "ab…h"), ("abc", 1, "…"), ("abc", 0, ""),
        ("上海旗舰店一号", 9, "上海…一号"), ("上海旗舰店一号", 8, "上海…号"),
    ],
)  # fmt: skip
def test_a_name_is_shortened_in_the_middle(text: str, width: int, shown: str) -> None:
    assert shorten(text, width) == shown
    assert display_width(shown) <= width
