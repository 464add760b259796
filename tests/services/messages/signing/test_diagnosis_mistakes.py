"""Texts of the mistakes in a signature."""

import pytest

from guarddog_gui.domain.diagnosis.mistakes import MistakeKind
from guarddog_gui.services.messages.signing.diagnosis_mistakes import MISTAKES


@pytest.mark.parametrize("kind", MistakeKind)
def test_each_kind_has_a_summary_and_advice_of_its_own_parts_only(kind: MistakeKind) -> None:
    summary, advice = MISTAKES[kind]

    summary.format(signed="s", meant="m", error="config:fail")
    assert summary
    assert advice
    assert "{" not in advice
