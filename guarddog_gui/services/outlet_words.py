"""What there is to say about the other places that an account's values are written to."""

import os
import shlex
from dataclasses import replace

from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.outlet_reports import OutletFault, OutletReport, OutletTrouble
from guarddog_gui.domain.outlets import Outlet, OutletForm
from guarddog_gui.services.sentences import Sentence, Sentences

# what helps at a place that a person has named, and would not at a file of ours
_TODOS = {
    "no such file or folder": "outlet-no-folder-todo",
    "the link leads nowhere": "outlet-link-todo",
    "not a regular file": "outlet-not-regular-todo",
}


def place(outlet: Outlet, sentences: Sentences) -> str:
    """`.env file · /srv/shop/.env`."""
    return f"{sentences.say(f'outlet-{outlet.form}')} · {what(outlet)}"


def what(outlet: Outlet) -> str:
    """The path, or the command as it would be typed."""
    return shlex.join(outlet.command) if outlet.form is OutletForm.COMMAND else outlet.path


def name(outlet: Outlet) -> str:
    """The last part of the path or of the program: `.env`, `shop/`, `notify`."""
    if outlet.form is OutletForm.COMMAND:
        return os.path.basename(outlet.command[0])  # noqa: PTH119 - a text
    last = os.path.basename(os.path.normpath(outlet.path))  # noqa: PTH119 - a text
    return last if outlet.form is OutletForm.ENV else f"{last}/"


def standing(report: OutletReport, sentences: Sentences) -> Sentence:
    """When an outlet got its values; or what went wrong and what helps."""
    if report.trouble is not None:
        return _failed(report.outlet, report.trouble, sentences)
    at = sentences.say("outlet-not-yet") if report.written_at is None else sentences.time(report.written_at)
    return Sentence(f"{place(report.outlet, sentences)} · {at}")


def _failed(outlet: Outlet, trouble: OutletTrouble, sentences: Sentences) -> Sentence:
    if trouble.fault is OutletFault.FILE:
        path, _, reason = trouble.detail.rpartition(": ")
        said = sentences.file_trouble(FileTrouble(path, reason))
        todo = "outlet-too-large-todo" if reason.startswith("larger than ") else _TODOS.get(reason)
        return said if todo is None else replace(said, todo=sentences.say(todo))
    key = f"outlet-{trouble.fault}"
    detail = sentences.reason(trouble.detail) if trouble.fault is OutletFault.NOT_STARTED else trouble.detail
    return Sentence(sentences.say(key, command=what(outlet), detail=detail), sentences.say(f"{key}-todo"))
