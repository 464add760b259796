"""Wrong spellings of a whole URL."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guarddog_gui.domain.diagnosis.mistakes import MistakeKind
from guarddog_gui.domain.diagnosis.recoded_urls import common_recodings, rare_recodings

M = MistakeKind
PAGE = "https://a.cn/p?x=1&copy=2"
CHINESE = "https://a.cn/%E5%9B%BE?q=%E4%BD%A0%20a"


def kinds_of(url: str, signed: str) -> set[MistakeKind]:
    """Return the kinds of the first mistake of each way to this spelling."""
    everything = [*common_recodings(url), *rare_recodings(url)]
    return {mistakes[0].kind for text, mistakes in everything if text == signed}


@pytest.mark.parametrize(
    ("signed", "kind"),
    [
        ("https%3A%2F%2Fa.cn%2Fp%3Fx%3D1%26copy%3D2", M.ENCODED),
        ("https%3a%2f%2fa.cn%2fp%3fx%3d1%26copy%3d2", M.ENCODED),
        ("https%3A//a.cn/p%3Fx%3D1%26copy%3D2", M.ENCODED),
        ("https%253A%252F%252Fa.cn%252Fp%253Fx%253D1%2526copy%253D2", M.ENCODED_TWICE),
        ("https://a.cn/p?x=1&amp;copy=2", M.URL_HTML_AMPERSAND),
        ("https://a.cn/p?x=1&#038;copy=2", M.URL_HTML_AMPERSAND),
        ("https://a.cn/p?x=1\u00a9=2", M.URL_ENTITY),
        ("https://a.cn/p?x=1%C2%A9=2", M.URL_ENTITY),
        ('"https://a.cn/p?x=1&copy=2"', M.URL_QUOTED),
        ("https:\\/\\/a.cn\\/p?x=1&copy=2", M.URL_BACKSLASH),
        ("https://a.cn/p?x=1\\u0026copy=2", M.URL_BACKSLASH),
        (PAGE + "\\n", M.URL_BACKSLASH),
        (PAGE + "\n", M.URL_WHITESPACE),
        ("\ufeff" + PAGE, M.URL_WHITESPACE),
        ("https://a.cn/p?x=", M.URL_CUT),
        ("HTTPS://A.CN/P?X=1&COPY=2", M.LETTER_CASE),
    ],
)
def test_each_spelling_has_its_mistake(signed: str, kind: MistakeKind) -> None:
    assert kind in kinds_of(PAGE, signed)


@pytest.mark.parametrize(
    ("signed", "kind"),
    [
        ("https://a.cn/图?q=你 a", M.DECODED),
        ("https://a.cn/%e5%9b%be?q=%e4%bd%a0%20a", M.ESCAPE_CASE),
        ("https://a.cn/??q=? a", M.OTHER_BYTES),
        ("https://a.cn/%CD%BC?q=%C4%E3%20a", M.OTHER_BYTES),
        ("https://a.cn/%u56FE?q=%u4F60 a", M.OTHER_BYTES),
        ("https://a.cn/\\u56fe?q=\\u4f60 a", M.URL_BACKSLASH),
        ("https://a.cn/%E5%9B%BE?q=%E4%BD%A0+a", M.PLUS_SIGN),
    ],
)
def test_each_spelling_of_characters_beyond_ascii_has_its_mistake(signed: str, kind: MistakeKind) -> None:
    assert kind in kinds_of(CHINESE, signed)


def test_a_missing_query_is_not_taken_for_a_cut() -> None:
    assert M.URL_CUT not in kinds_of("https://a.cn/p/?x=1", "https://a.cn/p/")
    assert M.URL_CUT not in kinds_of("https://a.cn/p/?x=1", "https://a.cn/p")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="?&=/%25:@[]\\图é +#", max_size=25))
def test_any_url_has_spellings_with_a_mistake_each(tail: str) -> None:
    url = "https://a.cn/" + tail
    assert all(mistakes for text, mistakes in (*common_recodings(url), *rare_recodings(url)))
