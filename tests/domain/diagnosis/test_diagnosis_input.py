"""Validation of the input of a diagnosis."""

from typing import Any

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.diagnosis_input import (
    DiagnosisField,
    DiagnosisInput,
    InvalidDiagnosisInput,
    validate_diagnosis_input,
)
from guarddog_gui.domain.diagnosis.search import diagnose
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.problems import InputProblem

COMPLETE = DiagnosisInput(
    page_url="https://shop.example.cn/cart",
    signature="0" * 40,
    nonce="n0nce",
    timestamp="1414587457",
    tickets=(CandidateTicket("ticket", TicketOrigin.CURRENT),),
)

F = DiagnosisField


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"page_url": ""}, F.PAGE_URL, InputProblem.EMPTY_URL),
        ({"page_url": "/p"}, F.PAGE_URL, InputProblem.URL_RELATIVE),
        ({"page_url": "x" * 100_000}, F.PAGE_URL, InputProblem.URL_TOO_LONG),
        ({"page_url": "ftp://a.cn/"}, F.PAGE_URL, InputProblem.URL_OTHER_SCHEME),
        ({"entry_url": "home"}, F.ENTRY_URL, InputProblem.INVALID_ENTRY_URL),
        ({"signature": " "}, F.SIGNATURE, InputProblem.SIGNATURE_MISSING),
        ({"signature": "0" * 39}, F.SIGNATURE, InputProblem.SIGNATURE_INVALID),
        ({"signature": "x" * 40}, F.SIGNATURE, InputProblem.SIGNATURE_INVALID),
        ({"nonce": "\t"}, F.NONCE, InputProblem.NONCE_MISSING),
        ({"nonce": "n" * 257}, F.NONCE, InputProblem.NONCE_ENDLESS),
        ({"timestamp": ""}, F.TIMESTAMP, InputProblem.TIMESTAMP_MISSING),
        ({"timestamp": "soon"}, F.TIMESTAMP, InputProblem.TIMESTAMP_NOT_A_NUMBER),
        ({"timestamp": "١٤١٤٥٨٧٤٥٧"}, F.TIMESTAMP, InputProblem.TIMESTAMP_NOT_A_NUMBER),
        ({"tickets": ()}, F.TICKETS, InputProblem.NO_KNOWN_TICKET),
        ({"tickets": (CandidateTicket("", TicketOrigin.CURRENT),)}, F.TICKETS, InputProblem.NO_KNOWN_TICKET),
    ],
)
def test_invalid_input_names_its_field(change: dict[str, Any], field: DiagnosisField, problem: InputProblem) -> None:
    diagnosis_input = replace(COMPLETE, **change)

    assert validate_diagnosis_input(diagnosis_input) == InvalidDiagnosisInput(field, problem)
    with pytest.raises(BadInput, match=problem):
        diagnose(diagnosis_input)


def test_complete_input_is_valid() -> None:
    assert validate_diagnosis_input(COMPLETE) is None
