"""Spans that differ between two texts."""

import time

from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.diagnosis.text_diff import diff_spans


def cut(text: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[start:stop] for start, stop in spans]


def test_characters_missing_in_the_other_text_are_marked() -> None:
    signed, page = "http://a.cn/p?x=1", "https://a.cn/p/?x=1&from=timeline"

    in_signed, in_page = diff_spans(signed, page)

    assert cut(signed, in_signed) == []
    assert cut(page, in_page) == ["s", "/", "&from=timeline"]


def test_both_texts_can_have_marked_spans() -> None:
    assert diff_spans("a=1&b=2", "a=1&b=3") == (((6, 7),), ((6, 7),))


def test_equal_texts_have_no_marked_spans() -> None:
    assert diff_spans("https://a.cn/", "https://a.cn/") == ((), ())


@given(st.text(alphabet="ab/?", max_size=30), st.text(alphabet="ab/?", max_size=30))
def test_unmarked_parts_are_equal(one: str, other: str) -> None:
    def rest(text: str, spans: tuple[tuple[int, int], ...]) -> str:
        marked = {place for start, stop in spans for place in range(start, stop)}
        return "".join(letter for place, letter in enumerate(text) if place not in marked)

    in_one, in_other = diff_spans(one, other)
    assert rest(one, in_one) == rest(other, in_other)
    assert all(start < stop for start, stop in (*in_one, *in_other))


def test_very_long_texts_are_marked_as_a_whole_without_delay() -> None:
    one, other = "x" + "ab" * 4_000 + "y", "x" + "ba" * 3_900 + "y"
    started = time.process_time()

    assert diff_spans(one, other) == (((1, 8_001),), ((1, 7_801),))
    assert time.process_time() - started < 0.5
