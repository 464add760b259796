"""Input of a diagnosis: the values of a page and its `wx.config`, and the check that they are complete."""

from enum import StrEnum

from msgspec import Struct

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket
from guarddog_gui.domain.paste.config_call import CallMistake
from guarddog_gui.domain.paste.values import nonce_problem, signature_problem, timestamp_problem
from guarddog_gui.domain.problems import InputProblem
from guarddog_gui.domain.signing.page_url import url_problem


class DiagnosisInput(Struct, frozen=True):
    """Values of a page and its `wx.config`; unknown ones are empty.

    page_url      URL at which WeChat refuses the signature
    entry_url     URL at which a single-page app was entered
    claimed_url   URL that the server says it signed
    appid         appid in `wx.config`
    call_mistakes what WeChat's client cannot use in the literal `wx.config` call
    """

    page_url: str
    signature: str
    nonce: str
    timestamp: str
    tickets: tuple[CandidateTicket, ...]
    entry_url: str = ""
    claimed_url: str = ""
    appid: str = ""
    call_mistakes: tuple[CallMistake, ...] = ()


class DiagnosisField(StrEnum):
    """Input fields that the user fills in."""

    PAGE_URL = "page"
    ENTRY_URL = "entry"
    SIGNATURE = "signature"
    NONCE = "nonce"
    TIMESTAMP = "timestamp"
    TICKETS = "tickets"


class InvalidDiagnosisInput(Struct, frozen=True):
    """Input that cannot be diagnosed: the field, and why."""

    field: DiagnosisField
    problem: InputProblem


def validate_diagnosis_input(diagnosis_input: DiagnosisInput) -> InvalidDiagnosisInput | None:
    """Return the first problem of the input; tickets are checked last."""
    entry_url = diagnosis_input.entry_url
    has_ticket = any(ticket.value for ticket in diagnosis_input.tickets)
    problems = {
        DiagnosisField.PAGE_URL: url_problem(diagnosis_input.page_url),
        DiagnosisField.ENTRY_URL: InputProblem.INVALID_ENTRY_URL if entry_url and url_problem(entry_url) else None,
        DiagnosisField.SIGNATURE: signature_problem(diagnosis_input.signature.strip()),
        DiagnosisField.NONCE: nonce_problem(diagnosis_input.nonce),
        DiagnosisField.TIMESTAMP: timestamp_problem(diagnosis_input.timestamp.strip()),
        DiagnosisField.TICKETS: None if has_ticket else InputProblem.NO_KNOWN_TICKET,
    }
    found = (InvalidDiagnosisInput(field, problem) for field, problem in problems.items() if problem)
    return next(found, None)
