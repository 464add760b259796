"""Messages about exports: the files and commands that get the values of an account."""

from collections.abc import Mapping
from pathlib import PurePath

from msgspec.structs import replace

from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind, ExportStatus
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.message_catalog import N_, NC_
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.services.messages.message import Message, Messages

EXPORT_FORMAT_NAMES: Mapping[ExportFormat, str] = {
    ExportFormat.PHP_JSON: NC_("export format", "official PHP sample"),
    ExportFormat.INTERACTION_JSON: NC_("export format", "files of wechat_interaction_jsapi"),
    ExportFormat.ENV: NC_("export format", ".env file"),
    ExportFormat.COMMAND: NC_("export format", "command"),
}
EXPORT_ERRORS: Mapping[ExportErrorKind, tuple[str, str]] = {
    ExportErrorKind.NOT_STARTED: (
        N_("The command {command} could not be started: {detail}."),
        N_("Check its name; a program that is not in the PATH needs its full path."),
    ),
    ExportErrorKind.EXIT: (
        N_("The command {command} failed with exit code {detail}."),
        N_("What it said is in the log; run it by hand to see why."),
    ),
    ExportErrorKind.DEADLINE: (
        N_("The command {command} took longer than 10 seconds and was ended."),
        N_("Let it do what takes long in the background."),
    ),
    ExportErrorKind.CUT_OFF: (
        N_("Guard Dog was quit while the command {command} ran."),
        N_("It is run again at the next start."),
    ),
}
# advice for a file that the user has named; for a file of Guard Dog it would be of no use
_FILE_ADVICE: Mapping[str, str] = {
    FileErrorReason.NOT_FOUND: N_("Make the folder, or name another place."),
    FileErrorReason.BROKEN_LINK: N_("Make the file that the link leads to, or remove the link."),
    FileErrorReason.NOT_A_REGULAR_FILE: N_("Name another file, or move away what is in its place."),
}


def target_label(target: ExportTarget, messages: Messages) -> str:
    """Return `.env file · /srv/shop/.env`."""
    name = messages.text_in_context("export format", EXPORT_FORMAT_NAMES[target.export_format])
    return f"{name} · {target.display_name}"


def short_names(targets: tuple[ExportTarget, ...]) -> tuple[str, ...]:
    """Return the last parts of paths and programs, as few as tell them apart: `.env`, `shop/`, `notify`."""
    return tuple(_short_name(target, tuple(other for other in targets if other != target)) for target in targets)


def _short_name(target: ExportTarget, others: tuple[ExportTarget, ...]) -> str:
    parts, name = 1, _last_parts(target, 1)
    while any(_last_parts(other, parts) == name for other in others):
        parts += 1
        if _last_parts(target, parts) == name:  # both are the same program: its arguments tell them apart
            return target.display_name
        name = _last_parts(target, parts)
    return name


def _last_parts(target: ExportTarget, count: int) -> str:
    is_command = target.export_format is ExportFormat.COMMAND
    whole = PurePath(target.command[0] if is_command else target.path)
    last = PurePath(*whole.parts[-count:])
    return str(last) if is_command or target.export_format is ExportFormat.ENV else f"{last}/"


def shell_words_message(target: ExportTarget, messages: Messages) -> Message | None:
    """Return that a command is not what its words look like; None if it has no words of a shell."""
    if not target.shell_words:
        return None
    return messages.message(
        "No shell runs {command}: {words} in it are plain words.",
        "Write sh -c '…' around it if a shell shall run it.",
        command=target.display_name,
        words=" ".join(target.shell_words),
    )


def export_status_message(status: ExportStatus, messages: Messages) -> Message:
    if status.error is not None:
        return _export_error_message(status.target, status.error, messages)
    at = messages.text("not yet") if status.written_at is None else messages.format_time(status.written_at)
    return Message(f"{target_label(status.target, messages)} · {at}")


def _export_error_message(target: ExportTarget, error: ExportError, messages: Messages) -> Message:
    if error.kind is ExportErrorKind.FILE:
        return _file_error_message(error.detail, messages)
    is_file_reason = error.kind is ExportErrorKind.NOT_STARTED
    detail = messages.file_error_reason(error.detail) if is_file_reason else error.detail
    return messages.message(*EXPORT_ERRORS[error.kind], command=target.display_name, detail=detail)


def _file_error_message(detail: str, messages: Messages) -> Message:
    path, _, reason = detail.rpartition(": ")
    message = messages.for_file_error(FileError(path, reason))
    advice = _FILE_ADVICE.get(reason, "")
    if reason.startswith("larger than "):
        advice = N_("No .env file is so large: name another file. This one is unchanged.")
    return replace(message, advice=messages.text(advice)) if advice else message
