"""Where else an account's values are written after a refresh, because other programs read them there."""

import os
import shlex
import sys
from dataclasses import dataclass
from enum import StrEnum

from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.problems import InputProblem


class ExportFormat(StrEnum):
    """What such a place gets."""

    PHP_JSON = "php-json"  # the files of WeChat's own PHP sample: `path` is their folder
    INTERACTION_JSON = "interaction-json"  # those of npm wechat_interaction_jsapi: `path` is their folder
    ENV = "env"  # our lines of a .env file: `path` is the file
    COMMAND = "command"  # a program that is run, with the values in its environment


JSON_FORMATS = frozenset({ExportFormat.PHP_JSON, ExportFormat.INTERACTION_JSON})
JSON_FILE_NAMES = ("access_token.json", "jsapi_ticket.json")
_NOT_ENV_SUFFIXES = (".dog", ".json", ".sqlite3", ".lock", ".log")  # files of ours, and none of a .env's


@dataclass(frozen=True, slots=True)
class ExportTarget:
    """One place: a full path, or for a command its words, which no shell sees."""

    export_format: ExportFormat
    path: str = ""
    command: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The files that it writes."""
        if self.export_format in JSON_FORMATS:
            return tuple(os.path.join(self.path, name) for name in JSON_FILE_NAMES)  # noqa: PTH118 - a text
        return (self.path,) if self.export_format is ExportFormat.ENV else ()

    @property
    def display_name(self) -> str:
        """The path, or the command as it would be typed."""
        return shlex.join(self.command) if self.export_format is ExportFormat.COMMAND else self.path


def targets_problem(targets: tuple[ExportTarget, ...]) -> InputProblem | None:
    """Why these cannot be the outlets of an account, or None if they can."""
    refusal = validate_targets(targets)
    return None if refusal is None else refusal.problem


def validate_targets(targets: tuple[ExportTarget, ...]) -> BadInput | None:
    """The same with the name of the one that is meant."""
    for outlet in targets:
        problem = _target_problem(outlet)
        if problem is not None:
            return BadInput(problem, outlet.display_name)
    for number, outlet in enumerate(targets):
        if any(_is_same_target(outlet, other) for other in targets[:number]):
            return BadInput(InputProblem.DUPLICATE_EXPORT, outlet.display_name)
    return None


def _is_same_target(target: ExportTarget, other: ExportTarget) -> bool:
    if target.export_format is ExportFormat.COMMAND:
        return target == other
    return targets_overlap((target,), (other,))


def _target_problem(target: ExportTarget) -> InputProblem | None:
    if target.export_format is ExportFormat.COMMAND:
        program = target.command[0].strip() if target.command else ""
        has_folder = os.path.basename(program) != program  # noqa: PTH119 - a text
        lost = has_folder and not os.path.isabs(program)  # noqa: PTH117 - a text
        if not program or "\0" in "".join(target.command):
            return InputProblem.INVALID_COMMAND
        return InputProblem.RELATIVE_COMMAND if lost else None
    if "\0" in target.path or not os.path.isabs(target.path):  # noqa: PTH117 - a text
        return InputProblem.INVALID_EXPORT_PATH
    ours = target.export_format is ExportFormat.ENV and target.path.lower().endswith(_NOT_ENV_SUFFIXES)
    return InputProblem.INVALID_EXPORT_PATH if ours else None


def targets_overlap(targets: tuple[ExportTarget, ...], others: tuple[ExportTarget, ...]) -> bool:
    """Whether two accounts would write the same file: each would undo what the other has written."""
    mine, theirs = (
        {os.path.normcase(os.path.normpath(file)) for outlet in some for file in outlet.files}
        for some in (targets, others)
    )
    return not mine.isdisjoint(theirs)


def split_command(text: str) -> tuple[str, ...]:
    """The words of a command as a shell would split it; none where it is blank or a quote does not close."""
    try:
        return tuple(shlex.split(text, posix=sys.platform != "win32"))  # there a backslash is no escape
    except ValueError:
        return ()


def target_to_dict(target: ExportTarget) -> dict[str, object]:
    """As it is kept in JSON, and shown by `accounts list --json`."""
    if target.export_format is ExportFormat.COMMAND:
        return {"form": target.export_format.value, "command": list(target.command)}
    return {"form": target.export_format.value, "path": target.path}


def target_from_dict(fields: object) -> ExportTarget | None:
    """The outlet that `outlet_fields` described; None for anything else. It may still be a bad one."""
    if not isinstance(fields, dict):
        return None
    form, path, command = fields.get("form"), fields.get("path"), fields.get("command")
    if form == ExportFormat.COMMAND:
        if path is not None or not isinstance(command, list):
            return None
        words = tuple(word for word in command if isinstance(word, str))
        return ExportTarget(ExportFormat.COMMAND, command=words) if len(words) == len(command) else None
    if not isinstance(path, str) or command is not None or not isinstance(form, str):
        return None
    return ExportTarget(ExportFormat(form), path) if form in set(ExportFormat) else None


def targets_from_list(items: object) -> tuple[ExportTarget, ...] | None:
    """The outlets in a list of such fields; None unless it is one, and all of them can be used together."""
    if not isinstance(items, list):
        return None
    outlets = tuple(outlet for outlet in map(target_from_dict, items) if outlet is not None)
    is_sound = len(outlets) == len(items) and targets_problem(outlets) is None
    return outlets if is_sound else None
