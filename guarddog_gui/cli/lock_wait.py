"""Notice on standard error that a command waits for a lock, and for which process."""

from pathlib import Path

from guarddog_gui.adapters.files.lock_holder import LockHolder, find_lock_holder
from guarddog_gui.adapters.files.paths import AppPaths
from guarddog_gui.services.messages.message import Messages


def lock_wait_message(lock_file: Path, paths: AppPaths, messages: Messages) -> str:
    """Return a sentence about the lock that a command waits for; the process is left out if it is unknown."""
    what = _describe(lock_file, paths, messages)
    holder = find_lock_holder(lock_file)
    if holder is None:
        return messages.text("Waiting for {what}, which another process is using …", what=what)
    return messages.text(
        "Waiting for {what}, which {process} is using …", what=what, process=describe(holder, messages)
    )


def describe(holder: LockHolder, messages: Messages) -> str:
    """Return the process with its name, where the system tells it."""
    if not holder.program:
        return messages.text("process {pid}", pid=holder.pid)
    return messages.text("process {pid} ({name})", pid=holder.pid, name=holder.program)


def _describe(lock_file: Path, paths: AppPaths, messages: Messages) -> str:
    if lock_file.parent == paths.locks_dir:
        return messages.text("the account {appid}", appid=lock_file.name.removesuffix(".lock"))
    if lock_file.parent == paths.locks_dir / "outlets":
        return messages.text("the exports of the account {appid}", appid=lock_file.name.removesuffix(".lock"))
    own_file = lock_file.with_name(lock_file.name.removeprefix(".").removesuffix(".lock"))
    if own_file == paths.accounts_file:
        return messages.text("the list of accounts")
    if own_file == paths.settings_file:
        return messages.text("the settings")
    return str(own_file)
