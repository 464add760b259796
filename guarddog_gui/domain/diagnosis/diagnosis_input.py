"""Input of a diagnosis: the values of a page and its `wx.config`, and the check that they are complete."""

import re
from dataclasses import dataclass
from enum import StrEnum

from guarddog_gui.domain.diagnosis.candidate_tickets import CandidateTicket
from guarddog_gui.domain.signing.page_url import url_problem

_TIMESTAMP = re.compile(r"[0-9]{1,16}(\.[0-9]{1,9})?")
_SIGNATURE = re.compile(r"(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})")
_NONCE_MAX = 256


@dataclass(frozen=True, slots=True)
class DiagnosisInput:
    """What is known of a page and its `wx.config`; what is empty is unknown.

    `page` is the address at which WeChat refuses the signature, `entry` the one at which a single-page app
    was entered, `claimed` the one that the server says to have signed, `appid` the one in `wx.config`.
    """

    page_url: str
    signature: str
    nonce: str
    timestamp: str
    tickets: tuple[CandidateTicket, ...]
    entry_url: str = ""
    claimed_url: str = ""
    appid: str = ""


class DiagnosisField(StrEnum):
    """The fields of the evidence that a person gives."""

    PAGE_URL = "page"
    ENTRY_URL = "entry"
    SIGNATURE = "signature"
    NONCE = "nonce"
    TIMESTAMP = "timestamp"
    TICKETS = "tickets"


@dataclass(frozen=True, slots=True)
class InvalidDiagnosisInput:
    """What is given there is no evidence; `problem` is a key of `words`."""

    field: DiagnosisField
    problem: str


def validate_diagnosis_input(diagnosis_input: DiagnosisInput) -> InvalidDiagnosisInput | None:
    """What stands against a diagnosis; tickets are looked at last."""
    checked = (
        (DiagnosisField.PAGE_URL, url_problem(diagnosis_input.page_url)),
        (
            DiagnosisField.ENTRY_URL,
            "bad-entry" if diagnosis_input.entry_url and url_problem(diagnosis_input.entry_url) else None,
        ),
        (DiagnosisField.SIGNATURE, _signature_problem(diagnosis_input.signature.strip())),
        (DiagnosisField.NONCE, _nonce_problem(diagnosis_input.nonce)),
        (DiagnosisField.TIMESTAMP, _timestamp_problem(diagnosis_input.timestamp.strip())),
        (
            DiagnosisField.TICKETS,
            None if any(map(_has_value, diagnosis_input.tickets)) else "no-known-ticket",
        ),
    )
    return next(
        (InvalidDiagnosisInput(field, problem) for field, problem in checked if problem is not None), None
    )


def _signature_problem(signature: str) -> str | None:
    if not signature:
        return "no-signature"
    return None if _SIGNATURE.fullmatch(signature) else "bad-signature"


def _nonce_problem(nonce: str) -> str | None:
    if not nonce.strip():
        return "no-nonce"
    return None if len(nonce) <= _NONCE_MAX else "endless-nonce"


def _timestamp_problem(timestamp: str) -> str | None:
    if not timestamp:
        return "no-timestamp"
    return None if _TIMESTAMP.fullmatch(timestamp) else "not-a-timestamp"


def _has_value(ticket: CandidateTicket) -> bool:
    return bool(ticket.value)
