"""Signatures of WeChat cards."""

from dataclasses import replace

from guarddog_gui.domain.signing.card_signature import CardExt, ChooseCard

# the example of WeChat's page, which was signed with a space after the ticket by mistake
OFFICIAL = CardExt(
    ticket="ojZ8YtyVyr30HheH3CM73y7h4jJE",
    card_id="pjZ8Yt1XGILfi-FUsewpnnolGgZk",
    timestamp=1404896688,
    nonce="jonyqin",
    code="jonyqin_1434008071",
)


def test_the_corrected_example_of_wechat_is_reproduced() -> None:
    assert OFFICIAL.signature == "2b4d29b5f60fa4be37522ddfd9583c329446d3e3"


def test_the_printed_example_of_wechat_has_an_extra_space() -> None:
    misprint = replace(OFFICIAL, ticket=OFFICIAL.ticket + " ")
    assert misprint.signature == "6b81fbf6af16e856334153b39737556063c82689"


def test_values_are_sorted_and_joined_without_separator() -> None:
    assert CardExt("t", "C", 10, "9", openid="b").signed_string == "109Cbt"


def test_unused_values_do_not_change_the_signature() -> None:
    assert (
        replace(OFFICIAL, code="").signed_string
        == "1404896688jonyqinojZ8YtyVyr30HheH3CM73y7h4jJEpjZ8Yt1XGILfi-FUsewpnnolGgZk"
    )


def test_card_sign_covers_the_appid_and_the_limits() -> None:
    choice = ChooseCard("ticket", "wx1234567890abcdef", 1404896688, "nonce", "loc", "pid", "GROUPON")

    assert choice.signed_string == "1404896688GROUPONlocnoncepidticketwx1234567890abcdef"
    assert choice.signature == "ca0cf63bffd5ddfa9c2e87d69654bdca162a9d3a"
    assert replace(choice, location_id="", card_id="", card_type="").signed_string == (
        "1404896688nonceticketwx1234567890abcdef"
    )
