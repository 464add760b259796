"""Forms of the values that a `wx.config` holds, and the problem of a value that has another form."""

import re

from guarddog_gui.domain.problems import InputProblem

TIMESTAMP = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,9})?")
SIGNATURE = re.compile(r"[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}")


def signature_problem(signature: str) -> InputProblem | None:
    if not signature:
        return InputProblem.SIGNATURE_MISSING
    return None if SIGNATURE.fullmatch(signature) else InputProblem.SIGNATURE_INVALID


def timestamp_problem(timestamp: str) -> InputProblem | None:
    if not timestamp:
        return InputProblem.TIMESTAMP_MISSING
    return None if TIMESTAMP.fullmatch(timestamp) else InputProblem.TIMESTAMP_NOT_A_NUMBER
