"""List of recent URLs without OAuth parameters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.signing.recent_urls import add_recent_url, strip_oauth_parameters


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.cn/p", "https://a.cn/p"),
        ("https://a.cn/?", "https://a.cn/?"),
        ("https://a.cn/p?a=1&b=2#top", "https://a.cn/p?a=1&b=2#top"),
        ("https://a.cn/p?code=081xyz&state=STATE", "https://a.cn/p"),
        ("https://a.cn/p?code=081xyz&a=1", "https://a.cn/p?a=1"),
        ("https://a.cn/p?a=1&code=081xyz&state=s&b=2", "https://a.cn/p?a=1&b=2"),
        ("https://a.cn/p?a=1&state=s", "https://a.cn/p?a=1"),
        ("https://a.cn/p?code=081xyz#/cart", "https://a.cn/p#/cart"),
        ("https://a.cn/p?a=1&code=081xyz#/cart?code=2&c=3", "https://a.cn/p?a=1#/cart?c=3"),
        ("https://a.cn/p?a=1?code=081xyz", "https://a.cn/p?a=1"),
        ("https://a.cn/p?%63ode=081xyz", "https://a.cn/p"),
        ("https://a.cn/p?Code=081xyz", "https://a.cn/p"),
        ("https://a.cn/p?code", "https://a.cn/p"),
        ("https://a.cn/p?a=&&b", "https://a.cn/p?a=&&b"),
        ("https://a.cn/code=1/state=2?decode=1&zipcode=2", "https://a.cn/code=1/state=2?decode=1&zipcode=2"),
        ("https://a.cn/中文?q=狗&code=1", "https://a.cn/中文?q=狗"),
    ],
)
def test_only_oauth_parameters_are_removed(url: str, kept: str) -> None:
    assert strip_oauth_parameters(url) == kept


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://a.cn/" + "p" * 2000,
        "https://a.cn/?to=https%3A%2F%2Fb.cn%2F%3Fcode%3D081xyz",
        "https%3A%2F%2Fa.cn%2F%3Fa%3D1%26code%3D081xyz",
        "https://a.cn/?to=https%253A%252F%252Fb.cn%252F%253Fstate%253D1",
    ],
)
def test_a_url_that_is_too_long_or_nests_a_code_is_not_stored(url: str) -> None:
    assert add_recent_url(("https://b.cn/",), url) == ("https://b.cn/",)


def test_a_url_of_the_maximum_length_is_stored() -> None:
    url = "https://a.cn/" + "p" * 1987
    assert add_recent_url((), url) == (url,)


@given(st.text(alphabet="ab/?&#=%36codestCODE", max_size=40))
def test_no_code_is_stored_and_other_parameters_keep_their_order(url: str) -> None:
    kept = strip_oauth_parameters(url)
    rest = iter(url)
    assert all(letter in rest for letter in kept)
    assert strip_oauth_parameters(kept) == kept
