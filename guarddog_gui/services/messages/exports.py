"""What there is to say about the other places that an account's values are written to."""

from dataclasses import replace
from pathlib import PurePath

from guarddog_gui.domain.errors import FileTrouble
from guarddog_gui.domain.exports.reports import OutletFault, OutletReport, OutletTrouble
from guarddog_gui.domain.exports.targets import Outlet, OutletForm
from guarddog_gui.services.messages.message import Sentence, Sentences

# what helps at a place that a person has named, and would not at a file of ours
_TODOS = {
    "no such file or folder": "outlet-no-folder-todo",
    "the link leads nowhere": "outlet-link-todo",
    "not a regular file": "outlet-not-regular-todo",
}


def place(outlet: Outlet, sentences: Sentences) -> str:
    """`.env file · /srv/shop/.env`."""
    return f"{sentences.say(f'outlet-{outlet.form}')} · {outlet.what}"


def names(outlets: tuple[Outlet, ...]) -> tuple[str, ...]:
    """The last parts of paths and programs, as many as tell them apart: `.env`, `shop/`, `notify`."""
    return tuple(_name(outlet, tuple(o for o in outlets if o != outlet)) for outlet in outlets)


def _name(outlet: Outlet, others: tuple[Outlet, ...]) -> str:
    parts = 1
    name = _last(outlet, parts)
    while any(_last(other, parts) == name for other in others):
        parts += 1
        longer = _last(outlet, parts)
        if longer == name:  # there is no more of it: the arguments of a command tell
            return outlet.what
        name = longer
    return name


def _last(outlet: Outlet, parts: int) -> str:
    is_command = outlet.form is OutletForm.COMMAND
    whole = PurePath(outlet.command[0] if is_command else outlet.path)
    last = PurePath(*whole.parts[-parts:])
    return str(last) if is_command or outlet.form is OutletForm.ENV else f"{last}/"


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
    return Sentence(sentences.say(key, command=outlet.what, detail=detail), sentences.say(f"{key}-todo"))
