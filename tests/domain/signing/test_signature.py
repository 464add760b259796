"""JS-SDK signatures of pages and cards, nonces and timestamps."""

from hashlib import sha1

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guarddog_gui.domain.signing.signature import (
    SignatureInput,
    nonce_problem,
    sign_card,
    strip_fragment,
    timestamp_problem,
    timestamp_warning,
)

OFFICIAL = SignatureInput(
    ticket="sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
    nonce="Wm3WZYTPz0wzccnW",
    timestamp=1414587457,
    url="http://mp.weixin.qq.com?params=value",
)


def test_the_example_of_wechat_is_reproduced() -> None:
    assert OFFICIAL.signature == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def test_the_signed_string_has_four_raw_fields_in_order() -> None:
    signable = SignatureInput("t", "n", 1, "https://a.cn/图?q=a b&%20")
    assert signable.signed_string == "jsapi_ticket=t&noncestr=n&timestamp=1&url=https://a.cn/图?q=a b&%20"


def test_the_fragment_is_not_signed() -> None:
    assert strip_fragment("https://a.cn/p?x=1#/route?y=2#z") == "https://a.cn/p?x=1"


NOW = 1_790_000_000.5


@pytest.mark.parametrize("nonce", ["a", "Wm3WZYTPz0wzccnW", "0" * 32, "a-b_c.d=e#f", "随机"])
def test_a_nonce_has_1_to_32_visible_characters(nonce: str) -> None:
    assert nonce_problem(nonce) is None


@pytest.mark.parametrize(
    ("nonce", "problem"),
    [
        ("", "empty-nonce"),
        ("0" * 33, "long-nonce"),
        ("0" * 100_000, "long-nonce"),
        ("a&b", "bad-nonce"),
        ("a b", "bad-nonce"),
        (" ", "bad-nonce"),
        ("a\n", "bad-nonce"),
        ("a\u3000b", "bad-nonce"),
        ("a\x00", "bad-nonce"),
        ("a\u200b", "bad-nonce"),
        ("a\udcff", "bad-nonce"),
    ],
)
def test_an_invalid_nonce_has_a_problem(nonce: str, problem: str) -> None:
    assert nonce_problem(nonce) == problem


@pytest.mark.parametrize("text", ["1790000000", "1414587457", "0", "99999999999"])
def test_a_timestamp_of_any_time_can_be_signed(text: str) -> None:
    assert timestamp_problem(text) is None


@pytest.mark.parametrize("timestamp", [1790000000, 1789913601, 1790086400])
def test_a_timestamp_within_a_day_of_now_has_no_warning(timestamp: int) -> None:
    assert timestamp_warning(timestamp, NOW) is None


@pytest.mark.parametrize("timestamp", [1414587457, 1789913599, 1790086401, 0])
def test_a_timestamp_more_than_a_day_away_has_a_warning(timestamp: int) -> None:
    assert timestamp_warning(timestamp, NOW) == "far-timestamp"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "bad-timestamp"),
        ("now", "bad-timestamp"),
        ("1790000000.5", "bad-timestamp"),
        ("-1790000000", "bad-timestamp"),
        ("+1790000000", "bad-timestamp"),
        ("1_790_000_000", "bad-timestamp"),
        (" 1790000000", "bad-timestamp"),
        ("１７９００００００００", "bad-timestamp"),
        ("1790000000123", "ms-timestamp"),
        ("1414587457000", "ms-timestamp"),
        ("01790000000", "bad-timestamp"),
        ("00", "bad-timestamp"),
        ("1790000000123456", "bad-timestamp"),
        ("9" * 100_000, "bad-timestamp"),
    ],
)
def test_an_invalid_timestamp_has_a_problem(text: str, problem: str) -> None:
    assert timestamp_problem(text) == problem


@given(st.text())
def test_any_text_can_be_checked_as_timestamp(text: str) -> None:
    nonce_problem(text)
    if timestamp_problem(text) is None:
        assert str(int(text)) == text


# the example of WeChat's page, which was signed with a space after the ticket by mistake
CARD_TICKET = "ojZ8YtyVyr30HheH3CM73y7h4jJE"
CARD_VALUES = ("pjZ8Yt1XGILfi-FUsewpnnolGgZk", "1404896688", "jonyqin")


def sha1_of(text: str) -> str:
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def test_the_corrected_card_example_of_wechat_is_reproduced() -> None:
    assert sign_card(CARD_TICKET, *CARD_VALUES, "jonyqin_1434008071") == "2b4d29b5f60fa4be37522ddfd9583c329446d3e3"


def test_the_printed_card_example_of_wechat_has_an_extra_space() -> None:
    misprint = sign_card(CARD_TICKET + " ", *CARD_VALUES, "jonyqin_1434008071")
    assert misprint == "6b81fbf6af16e856334153b39737556063c82689"


def test_values_of_a_card_are_sorted_and_joined_without_separator() -> None:
    assert sign_card("t", "C", "10", "9", "", "b") == sha1_of("109Cbt")


def test_unused_values_do_not_change_the_signature_of_a_card() -> None:
    signed = "1404896688jonyqinojZ8YtyVyr30HheH3CM73y7h4jJEpjZ8Yt1XGILfi-FUsewpnnolGgZk"
    assert sign_card(CARD_TICKET, *CARD_VALUES, "") == sha1_of(signed)


def test_card_sign_covers_the_appid_and_the_limits() -> None:
    choice = ("ticket", "wx1234567890abcdef", "1404896688", "nonce")

    assert sign_card(*choice, "loc", "pid", "GROUPON") == "ca0cf63bffd5ddfa9c2e87d69654bdca162a9d3a"
    assert sha1_of("1404896688GROUPONlocnoncepidticketwx1234567890abcdef") == "ca0cf63bffd5ddfa9c2e87d69654bdca162a9d3a"
    assert sign_card(*choice, "", "", "") == sha1_of("1404896688nonceticketwx1234567890abcdef")
