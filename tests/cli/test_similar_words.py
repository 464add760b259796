"""Suggestions for mistyped words."""

import pytest

from guarddog_gui.cli.similar_words import find_similar


@pytest.mark.parametrize(
    ("word", "similar"),
    [
        ("tokn", "token"), ("stauts", "status"), ("Stauts", "status"), ("hist", "history"), ("状态", None), ("", None),
        ("frobnicate", None),
    ],
)  # fmt: skip
def test_the_most_similar_word_is_suggested_or_none(word: str, similar: str | None) -> None:
    assert find_similar(word, ["token", "status", "history", "watch", "sandbox"]) == similar


def test_the_suggestion_is_spelled_as_it_is_known() -> None:
    assert find_similar("flower shop", ["Café", "Flower Shop"]) == "Flower Shop"
    assert find_similar("花店公众", ["咖啡馆", "花店公众号"]) == "花店公众号"
