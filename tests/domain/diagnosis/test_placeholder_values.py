"""Values of documentation, of languages and of WeChat that programs sign in place of the actual ones."""

import pytest

from guarddog_gui.domain.diagnosis import placeholder_values as values

TUPLES = [name for name in dir(values) if name.isupper() and not name.startswith("_")]


@pytest.mark.parametrize("name", TUPLES)
def test_values_are_texts_or_numbers_and_not_empty_lists(name: str) -> None:
    items = getattr(values, name)
    assert items
    assert {type(item) for item in items} in ({str}, {int})


def test_the_most_common_words_for_a_missing_value_come_first() -> None:
    assert values.MISSING_VALUE_WORDS[:4] == ("", "undefined", "null", "None")


def test_the_tickets_of_the_documentation_are_known() -> None:
    assert (
        "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg" in values.TICKET_WORDS
    )


def test_every_timed_parameter_has_a_place_for_the_time() -> None:
    assert all("{0}" in parameters for parameters in values.TIMED_PARAMETERS)
