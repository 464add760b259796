"""Where else an account's values are written after a refresh, because other programs read them there."""

import os
import shlex
import sys
from dataclasses import dataclass
from enum import StrEnum

from guarddog_gui.domain.errors import BadInput


class OutletForm(StrEnum):
    """What such a place gets."""

    PHP_JSON = "php-json"  # the files of WeChat's own PHP sample: `path` is their folder
    INTERACTION_JSON = "interaction-json"  # those of npm wechat_interaction_jsapi: `path` is their folder
    ENV = "env"  # our lines of a .env file: `path` is the file
    COMMAND = "command"  # a program that is run, with the values in its environment


JSON_FORMS = frozenset({OutletForm.PHP_JSON, OutletForm.INTERACTION_JSON})
JSON_NAMES = ("access_token.json", "jsapi_ticket.json")
_FOREIGN_TO_ENV = (".dog", ".json", ".sqlite3", ".lock", ".log")  # files of ours, and none of a .env's


@dataclass(frozen=True, slots=True)
class Outlet:
    """One place: a full path, or for a command its words, which no shell sees."""

    form: OutletForm
    path: str = ""
    command: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The files that it writes."""
        if self.form in JSON_FORMS:
            return tuple(os.path.join(self.path, name) for name in JSON_NAMES)  # noqa: PTH118 - a text
        return (self.path,) if self.form is OutletForm.ENV else ()

    @property
    def what(self) -> str:
        """The path, or the command as it would be typed."""
        return shlex.join(self.command) if self.form is OutletForm.COMMAND else self.path


def outlets_problem(outlets: tuple[Outlet, ...]) -> str | None:
    """Why these cannot be the outlets of an account, as a key of `words`; None if they can."""
    refusal = outlets_refusal(outlets)
    return None if refusal is None else str(refusal)


def outlets_refusal(outlets: tuple[Outlet, ...]) -> BadInput | None:
    """The same with the name of the one that is meant."""
    for outlet in outlets:
        problem = _outlet_problem(outlet)
        if problem is not None:
            return BadInput(problem, outlet.what)
    for number, outlet in enumerate(outlets):
        if any(_is_same(outlet, other) for other in outlets[:number]):
            return BadInput("outlet-twice", outlet.what)
    return None


def _is_same(outlet: Outlet, other: Outlet) -> bool:
    if outlet.form is OutletForm.COMMAND:
        return outlet == other
    return outlets_clash((outlet,), (other,))


def _outlet_problem(outlet: Outlet) -> str | None:
    if outlet.form is OutletForm.COMMAND:
        program = outlet.command[0].strip() if outlet.command else ""
        has_folder = os.path.basename(program) != program  # noqa: PTH119 - a text
        lost = has_folder and not os.path.isabs(program)  # noqa: PTH117 - a text
        if not program or "\0" in "".join(outlet.command):
            return "bad-outlet-command"
        return "outlet-command-lost" if lost else None
    if "\0" in outlet.path or not os.path.isabs(outlet.path):  # noqa: PTH117 - a text
        return "bad-outlet-path"
    ours = outlet.form is OutletForm.ENV and outlet.path.lower().endswith(_FOREIGN_TO_ENV)
    return "bad-outlet-path" if ours else None


def outlets_clash(outlets: tuple[Outlet, ...], others: tuple[Outlet, ...]) -> bool:
    """Whether two accounts would write the same file: each would undo what the other has written."""
    mine, theirs = (
        {os.path.normcase(os.path.normpath(file)) for outlet in some for file in outlet.files}
        for some in (outlets, others)
    )
    return not mine.isdisjoint(theirs)


def command_in(text: str) -> tuple[str, ...]:
    """The words of a command as a shell would split it; none where it is blank or a quote does not close."""
    try:
        return tuple(shlex.split(text, posix=sys.platform != "win32"))  # there a backslash is no escape
    except ValueError:
        return ()


def outlet_fields(outlet: Outlet) -> dict[str, object]:
    """As it is kept in JSON, and shown by `accounts list --json`."""
    if outlet.form is OutletForm.COMMAND:
        return {"form": outlet.form.value, "command": list(outlet.command)}
    return {"form": outlet.form.value, "path": outlet.path}


def outlet_of(fields: object) -> Outlet | None:
    """The outlet that `outlet_fields` described; None for anything else. It may still be a bad one."""
    if not isinstance(fields, dict):
        return None
    form, path, command = fields.get("form"), fields.get("path"), fields.get("command")
    if form == OutletForm.COMMAND:
        if path is not None or not isinstance(command, list):
            return None
        words = tuple(word for word in command if isinstance(word, str))
        return Outlet(OutletForm.COMMAND, command=words) if len(words) == len(command) else None
    if not isinstance(path, str) or command is not None or not isinstance(form, str):
        return None
    return Outlet(OutletForm(form), path) if form in set(OutletForm) else None


def outlets_of(items: object) -> tuple[Outlet, ...] | None:
    """The outlets in a list of such fields; None unless it is one, and all of them can be used together."""
    if not isinstance(items, list):
        return None
    outlets = tuple(outlet for outlet in map(outlet_of, items) if outlet is not None)
    is_sound = len(outlets) == len(items) and outlets_problem(outlets) is None
    return outlets if is_sound else None
