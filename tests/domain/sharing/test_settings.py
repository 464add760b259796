"""Names of keys, and how they are given on the command line."""

import pytest

from guarddog_gui.domain.sharing.settings import (
    KeyFormat,
    KeyNames,
    Sharing,
    SharingRole,
    channel_name,
    lock_key,
    parse_key_names,
    sighting_key,
    value_key,
)
from tests.builders import CARD, TICKET, TOKEN


def test_usual_keys_are_those_of_the_programs() -> None:
    assert KeyNames(KeyFormat.WECHATPY).names("wx1", TOKEN) == ("wechatpy:wx1_access_token",)
    assert KeyNames(KeyFormat.WXJAVA).names("wx1", TICKET) == ("wx:ticket:key:wx1:jsapi",)
    assert KeyNames(KeyFormat.SILENCEPER).names("wx1", TOKEN) == (
        "gowechat_officialaccount__access_token_wx1", "gowechat_officialaccount__stable_access_token_wx1",
    )  # fmt: skip
    assert KeyNames(KeyFormat.PLAIN).names("wx1", TOKEN) == ()
    assert KeyNames(KeyFormat.WECHATPY).names("wx1", CARD) == ()


def test_keys_can_be_named() -> None:
    names = KeyNames(KeyFormat.WECHATPY, "shop:{appid}_access_token")
    assert names.names("wx1", TOKEN) == ("shop:wx1_access_token",)
    assert names.names("wx1", TICKET) == ("wechatpy:wx1_jsapi_ticket",)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("wxjava",), (KeyNames(KeyFormat.WXJAVA),)),
        (("plain=shop:token",), (KeyNames(KeyFormat.PLAIN, "shop:token"),)),
        (
            ("plain=a", "plain:ticket=b", "wechatpy"),
            (KeyNames(KeyFormat.PLAIN, "a", "b"), KeyNames(KeyFormat.WECHATPY)),
        ),
        (("plain:token=a",), (KeyNames(KeyFormat.PLAIN, "a"),)),
        (("plain=a=b",), (KeyNames(KeyFormat.PLAIN, "a=b"),)),
    ],
)
def test_formats_are_read_from_words(words: tuple[str, ...], names: tuple[KeyNames, ...]) -> None:
    read: tuple[KeyNames, ...] = ()
    for word in words:
        parsed = parse_key_names(word, read)
        assert parsed is not None
        read = parsed
    assert read == names


@pytest.mark.parametrize("word", ["", "other", "plain:card=x", "plain:ticket", "=x", "Plain"])
def test_other_words_are_no_format(word: str) -> None:
    assert parse_key_names(word) is None


def test_all_keys_of_an_account_are_in_one_slot_of_a_cluster() -> None:
    keys = (lock_key("wx1"), value_key("wx1", TOKEN), sighting_key("wx1", TICKET), channel_name("wx1"))
    assert all("{wx1}" in key for key in keys)
    assert value_key("wx1", TOKEN) == "guarddog:{wx1}:ACCESS_TOKEN"


def test_only_a_follower_with_formats_follows_production() -> None:
    formats = (KeyNames(KeyFormat.WXJAVA),)
    assert Sharing(SharingRole.FOLLOWER, "redis://h", "", formats).follows_foreign_keys
    assert not Sharing(SharingRole.LEADER, "redis://h", "", formats).follows_foreign_keys
    assert not Sharing(SharingRole.FOLLOWER, "redis://h").follows_foreign_keys
