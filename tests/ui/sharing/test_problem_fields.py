"""Fields at which problems are shown, and advice for the window."""

import pytest

from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.sharing.problems import SharingProblem
from guarddog_gui.domain.sharing.settings import KeyFormat
from guarddog_gui.domain.sharing.values import SharingFailure
from guarddog_gui.ui.formatter import Formatter
from guarddog_gui.ui.sharing.problem_fields import FIELD_OF_FAILURE, FIELD_OF_INPUT, format_name, window_message
from guarddog_gui.ui.sharing.share_form import ShareForm


@pytest.mark.parametrize("problem", list(SharingProblem))
def test_no_advice_in_the_window_names_an_option_of_the_command_line(
    formatter: Formatter, problem: SharingProblem
) -> None:
    message = window_message(SharingFailure(problem, "60"), formatter.messages)
    assert message.summary
    assert message.advice
    assert "--" not in message.advice
    assert "accounts share" not in message.advice


def test_every_problem_of_the_input_has_a_field_of_the_form(formatter: Formatter) -> None:
    fields = set(ShareForm(formatter, None).fields)
    assert set(FIELD_OF_FAILURE.values()) | set(FIELD_OF_INPUT.values()) <= fields
    words = ("redis", "sharing", "ca-file")
    sharing = {problem for problem in InputProblem if any(word in problem for word in words)}
    assert sharing
    assert sharing <= set(FIELD_OF_INPUT)


def test_every_program_has_a_name() -> None:
    assert len({format_name(key_format) for key_format in KeyFormat}) == len(KeyFormat)
