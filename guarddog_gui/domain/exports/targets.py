"""Export targets of an account: files and commands that receive its values after each refresh.

They are for programs that read tokens from places of their own choice, not from `.dog` files.
"""

import os
import shlex
import sys
from enum import StrEnum

from msgspec import Struct

from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.problems import InputProblem


class ExportFormat(StrEnum):
    """Kind of export target."""

    PHP_JSON = "php-json"  # the files of WeChat's PHP sample: `path` is their folder
    INTERACTION_JSON = "interaction-json"  # the files of npm wechat_interaction_jsapi: `path` is their folder
    ENV = "env"  # lines in a .env file: `path` is the file
    COMMAND = "command"  # a program to run with the values in its environment


JSON_FILE_NAMES = ("access_token.json", "jsapi_ticket.json")
# the same of today's PHP sample, which puts the JSON behind `<?php exit();?>` so that no web server hands it out
PHP_FILE_NAMES = ("access_token.php", "jsapi_ticket.php")
# files of Guard Dog's own, never a .env file
_NOT_ENV_SUFFIXES = (".dog", ".json", ".sqlite3", ".lock", ".log")

_SHELL_WORDS = frozenset({"|", "||", "&&", "&", ";", ">", ">>", "<", "2>", "2>&1"})


class ExportTarget(Struct, frozen=True):
    """One export target: an absolute path, or the words of a command, which is run without a shell."""

    export_format: ExportFormat
    path: str = ""
    command: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        if self.export_format in (ExportFormat.PHP_JSON, ExportFormat.INTERACTION_JSON):
            names = JSON_FILE_NAMES + (PHP_FILE_NAMES if self.export_format is ExportFormat.PHP_JSON else ())
            return tuple(os.path.join(self.path, name) for name in names)  # noqa: PTH118 - a text
        return (self.path,) if self.export_format is ExportFormat.ENV else ()

    @property
    def shell_words(self) -> tuple[str, ...]:
        """Return the words of the command that only a shell would act on, such as `>` and `$HOME`."""
        return tuple(word for word in self.command if word in _SHELL_WORDS or word.startswith("$"))

    @property
    def display_name(self) -> str:
        return shlex.join(self.command) if self.export_format is ExportFormat.COMMAND else self.path


def targets_problem(targets: tuple[ExportTarget, ...]) -> InputProblem | None:
    error = validate_targets(targets)
    return None if error is None else error.problem


def validate_targets(targets: tuple[ExportTarget, ...]) -> BadInput | None:
    """Return the problem of these export targets as an error that names the target it is about."""
    for target in targets:
        problem = _target_problem(target)
        if problem is not None:
            return BadInput(problem, target.display_name)
    for index, target in enumerate(targets):
        if any(_is_same_target(target, other) for other in targets[:index]):
            return BadInput(InputProblem.DUPLICATE_EXPORT, target.display_name)
    return None


def _is_same_target(target: ExportTarget, other: ExportTarget) -> bool:
    if target.export_format is ExportFormat.COMMAND:
        return target == other
    return targets_overlap((target,), (other,))


def _target_problem(target: ExportTarget) -> InputProblem | None:
    if target.export_format is ExportFormat.COMMAND:
        program = target.command[0].strip() if target.command else ""
        has_folder = os.path.basename(program) != program  # noqa: PTH119 - a text
        is_relative = has_folder and not os.path.isabs(program)  # noqa: PTH117 - a text
        if not program or "\0" in "".join(target.command):
            return InputProblem.INVALID_COMMAND
        return InputProblem.RELATIVE_COMMAND if is_relative else None
    if "\0" in target.path or not os.path.isabs(target.path):  # noqa: PTH117 - a text
        return InputProblem.INVALID_EXPORT_PATH
    is_own_file = target.export_format is ExportFormat.ENV and target.path.lower().endswith(_NOT_ENV_SUFFIXES)
    return InputProblem.INVALID_EXPORT_PATH if is_own_file else None


def targets_overlap(targets: tuple[ExportTarget, ...], others: tuple[ExportTarget, ...]) -> bool:
    """Return True if two accounts would write the same file and so overwrite the values of each other."""
    files, other_files = (
        {os.path.normcase(os.path.normpath(file)) for target in group for file in target.files}
        for group in (targets, others)
    )
    return not files.isdisjoint(other_files)


def split_command(text: str) -> tuple[str, ...]:
    """Split a command into words as a shell does; empty if it is blank or a quote is not closed."""
    try:
        # on Windows a backslash is not an escape
        return tuple(shlex.split(text, posix=sys.platform != "win32"))
    except ValueError:
        return ()


def target_to_dict(target: ExportTarget) -> dict[str, object]:
    """Return the JSON object that is stored, and shown by `accounts list --json`."""
    if target.export_format is ExportFormat.COMMAND:
        return {"form": target.export_format.value, "command": list(target.command)}
    return {"form": target.export_format.value, "path": target.path}


def target_from_dict(fields: object) -> ExportTarget | None:
    """Read an object from `target_to_dict`; None for anything else. The target may still be invalid."""
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
    """Read a list of such objects; None unless all of them are valid together."""
    if not isinstance(items, list):
        return None
    targets = tuple(filter(None, map(target_from_dict, items)))
    return targets if len(targets) == len(items) and targets_problem(targets) is None else None
