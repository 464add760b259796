"""What there is to say about the other places that an account's values are written to."""

from dataclasses import replace
from pathlib import PurePath

from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind, ExportStatus
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.services.messages.message import Message, Messages

# what helps at a place that a person has named, and would not at a file of ours
_ADVICE_KEYS = {
    "no such file or folder": "outlet-no-folder-todo",
    "the link leads nowhere": "outlet-link-todo",
    "not a regular file": "outlet-not-regular-todo",
}


def target_label(target: ExportTarget, messages: Messages) -> str:
    """`.env file · /srv/shop/.env`."""
    return f"{messages.text(f'outlet-{target.export_format}')} · {target.display_name}"


def short_names(targets: tuple[ExportTarget, ...]) -> tuple[str, ...]:
    """The last parts of paths and programs, as many as tell them apart: `.env`, `shop/`, `notify`."""
    return tuple(_short_name(outlet, tuple(o for o in targets if o != outlet)) for outlet in targets)


def _short_name(target: ExportTarget, others: tuple[ExportTarget, ...]) -> str:
    parts = 1
    name = _last_parts(target, parts)
    while any(_last_parts(other, parts) == name for other in others):
        parts += 1
        longer = _last_parts(target, parts)
        if longer == name:  # there is no more of it: the arguments of a command tell
            return target.display_name
        name = longer
    return name


def _last_parts(target: ExportTarget, count: int) -> str:
    is_command = target.export_format is ExportFormat.COMMAND
    whole = PurePath(target.command[0] if is_command else target.path)
    last = PurePath(*whole.parts[-count:])
    return str(last) if is_command or target.export_format is ExportFormat.ENV else f"{last}/"


def export_status_message(status: ExportStatus, messages: Messages) -> Message:
    """When an outlet got its values; or what went wrong and what helps."""
    if status.error is not None:
        return _export_error_message(status.target, status.error, messages)
    at = messages.text("not yet") if status.written_at is None else messages.format_time(status.written_at)
    return Message(f"{target_label(status.target, messages)} · {at}")


def _export_error_message(target: ExportTarget, error: ExportError, messages: Messages) -> Message:
    if error.kind is ExportErrorKind.FILE:
        path, _, reason = error.detail.rpartition(": ")
        said = messages.for_file_error(FileError(path, reason))
        todo = "outlet-too-large-todo" if reason.startswith("larger than ") else _ADVICE_KEYS.get(reason)
        return said if todo is None else replace(said, advice=messages.text(todo))
    key = f"outlet-{error.kind}"
    detail = (
        messages.file_error_reason(error.detail)
        if error.kind is ExportErrorKind.NOT_STARTED
        else error.detail
    )
    return Message(
        messages.text(key, command=target.display_name, detail=detail), messages.text(f"{key}-todo")
    )
