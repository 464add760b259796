from dataclasses import replace

from guarddog_gui.domain.signing.card_signature import CardExt, ChooseCard

# of WeChat's page, where the result is signed with a space behind the ticket by mistake
OFFICIAL = CardExt(
    ticket="ojZ8YtyVyr30HheH3CM73y7h4jJE",
    card_id="pjZ8Yt1XGILfi-FUsewpnnolGgZk",
    timestamp=1404896688,
    nonce="jonyqin",
    code="jonyqin_1434008071",
)


def test_the_corrected_vector_of_wechats_page_comes_out() -> None:
    assert OFFICIAL.signature == "2b4d29b5f60fa4be37522ddfd9583c329446d3e3"


def test_the_misprint_of_wechats_page_is_understood() -> None:
    misprint = replace(OFFICIAL, ticket=OFFICIAL.ticket + " ")
    assert misprint.signature == "6b81fbf6af16e856334153b39737556063c82689"


def test_the_values_are_sorted_as_texts_and_joined_with_nothing() -> None:
    assert CardExt("t", "C", 10, "9", openid="b").signed_string == "109Cbt"


def test_a_value_that_is_not_used_leaves_no_trace() -> None:
    assert (
        replace(OFFICIAL, code="").signed_string
        == "1404896688jonyqinojZ8YtyVyr30HheH3CM73y7h4jJEpjZ8Yt1XGILfi-FUsewpnnolGgZk"
    )


def test_a_choice_covers_the_appid_and_what_narrows_it() -> None:
    choice = ChooseCard("ticket", "wx1234567890abcdef", 1404896688, "nonce", "loc", "pid", "GROUPON")

    assert choice.signed_string == "1404896688GROUPONlocnoncepidticketwx1234567890abcdef"
    assert choice.signature == "ca0cf63bffd5ddfa9c2e87d69654bdca162a9d3a"
    assert replace(choice, location_id="", card_id="", card_type="").signed_string == (
        "1404896688nonceticketwx1234567890abcdef"
    )
