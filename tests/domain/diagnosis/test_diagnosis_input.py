"""Validation of the input of a diagnosis."""

from dataclasses import replace
from typing import Any

import pytest

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket, TicketOrigin
from guarddog_gui.domain.diagnosis.diagnosis_input import (
    DiagnosisField,
    DiagnosisInput,
    InvalidDiagnosisInput,
    validate_diagnosis_input,
)
from guarddog_gui.domain.diagnosis.search import diagnose
from guarddog_gui.domain.errors import BadInput

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
        ({"page_url": ""}, F.PAGE_URL, "empty-url"),
        ({"page_url": "/p"}, F.PAGE_URL, "relative-url"),
        ({"page_url": "x" * 100_000}, F.PAGE_URL, "long-url"),
        ({"page_url": "ftp://a.cn/"}, F.PAGE_URL, "other-scheme-url"),
        ({"entry_url": "home"}, F.ENTRY_URL, "bad-entry"),
        ({"signature": " "}, F.SIGNATURE, "no-signature"),
        ({"signature": "0" * 39}, F.SIGNATURE, "bad-signature"),
        ({"signature": "x" * 40}, F.SIGNATURE, "bad-signature"),
        ({"nonce": "\t"}, F.NONCE, "no-nonce"),
        ({"nonce": "n" * 257}, F.NONCE, "endless-nonce"),
        ({"timestamp": ""}, F.TIMESTAMP, "no-timestamp"),
        ({"timestamp": "soon"}, F.TIMESTAMP, "not-a-timestamp"),
        ({"timestamp": "١٤١٤٥٨٧٤٥٧"}, F.TIMESTAMP, "not-a-timestamp"),
        ({"tickets": ()}, F.TICKETS, "no-known-ticket"),
        ({"tickets": (CandidateTicket("", TicketOrigin.CURRENT),)}, F.TICKETS, "no-known-ticket"),
    ],
)
def test_invalid_input_names_its_field(change: dict[str, Any], field: DiagnosisField, problem: str) -> None:
    diagnosis_input = replace(COMPLETE, **change)

    assert validate_diagnosis_input(diagnosis_input) == InvalidDiagnosisInput(field, problem)
    with pytest.raises(BadInput, match=problem):
        diagnose(diagnosis_input)


def test_complete_input_is_valid() -> None:
    assert validate_diagnosis_input(COMPLETE) is None
