"""Texts for what a project folder holds."""

from collections.abc import Iterator
from pathlib import PurePath

from guarddog_gui.domain.accounts.project import FoundAccount, FoundProject
from guarddog_gui.services.messages.message import Message, Messages


def project_message(project: FoundProject, account: FoundAccount | None, messages: Messages) -> Message:
    """Return what was found for the chosen account; None if there is no account in the folder."""
    if account is None:
        return messages.message(
            "No AppID was found in {folder}.",
            "Choose the folder that has project.config.json, a .env file or the configuration of the server.",
            folder=PurePath(project.folder).name or project.folder,
        )
    lines = list(_lines(project, account, messages))
    summary = messages.text("Found in {folder}: {appid}", folder=PurePath(project.folder).name, appid=account.appid)
    return Message(summary, "\n".join(lines))


def _lines(project: FoundProject, account: FoundAccount, messages: Messages) -> Iterator[str]:
    yield messages.text("AppID from {file}.", file=account.file)
    if account.secret:
        yield messages.text(
            "The AppSecret stands readable in {file}, line {line}: remove it there once your program reads the values "
            "from Guard Dog, and reset it if others can read the file.",
            file=account.secret_file,
            line=account.secret_line,
        )
    else:
        yield messages.text("No AppSecret was found: paste it from the console.")
    for value in project.values:
        yield messages.text(
            "{key} in {file}, good until {time} (written by {program}).",
            key=messages.key_name(value.kind),
            file=value.file,
            time=messages.format_time(value.expires_at),
            program=value.format,
        )
    if project.dog_folders:
        yield messages.text("The folder of its .dog files is filled in under Advanced.")
    if not project.is_complete:
        yield messages.text("The folder is too large to be read as a whole: this may not be all.")
