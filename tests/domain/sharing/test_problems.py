"""Every problem has a text and an advice, in both languages."""

import pytest

from guarddog_gui.domain.sharing.problems import DOWN_PROBLEMS, LASTING_PROBLEMS, SharingProblem
from guarddog_gui.services.messages.sharing import PROBLEM_TEXTS


@pytest.mark.parametrize("problem", SharingProblem)
def test_a_problem_says_what_happened_and_what_to_do(problem: SharingProblem) -> None:
    summary, advice = PROBLEM_TEXTS[problem]
    assert summary.endswith(".")
    assert advice.endswith(".")


def test_a_server_that_is_down_may_come_back_by_itself() -> None:
    assert not DOWN_PROBLEMS & LASTING_PROBLEMS
