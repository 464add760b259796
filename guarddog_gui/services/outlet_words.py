"""What there is to say about the other places that an account's values are written to."""

import shlex

from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.outlet_reports import OutletFault, OutletReport, OutletTrouble
from guarddog_gui.domain.outlets import Outlet, OutletForm
from guarddog_gui.services.sentences import Sentence, Sentences


def place(outlet: Outlet, sentences: Sentences) -> str:
    """`.env file · /srv/shop/.env`."""
    return f"{sentences.say(f'outlet-{outlet.form}')} · {what(outlet)}"


def what(outlet: Outlet) -> str:
    """The path, or the command as it would be typed."""
    return shlex.join(outlet.command) if outlet.form is OutletForm.COMMAND else outlet.path


def standing(report: OutletReport, sentences: Sentences) -> Sentence:
    """When an outlet got its values; or what went wrong and what helps."""
    if report.trouble is not None:
        return _failed(report.outlet, report.trouble, sentences)
    at = sentences.say("outlet-not-yet") if report.written_at is None else sentences.time(report.written_at)
    return Sentence(f"{place(report.outlet, sentences)} · {at}")


def _failed(outlet: Outlet, trouble: OutletTrouble, sentences: Sentences) -> Sentence:
    if trouble.fault is OutletFault.FILE:
        path, _, reason = trouble.detail.rpartition(": ")
        return sentences.file_trouble(FileTrouble(path, reason))
    key = f"outlet-{trouble.fault}"
    detail = sentences.reason(trouble.detail) if trouble.fault is OutletFault.NOT_STARTED else trouble.detail
    return Sentence(sentences.say(key, command=what(outlet), detail=detail), sentences.say(f"{key}-todo"))
