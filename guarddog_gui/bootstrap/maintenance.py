"""Daily maintenance: trim the history, and remove what killed programs and removed accounts left behind."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from guarddog_gui.adapters.exports.files import ExportStatusStore
from guarddog_gui.adapters.files.atomic import remove_stale_temp_files
from guarddog_gui.domain.errors import FileError

if TYPE_CHECKING:
    from guarddog_gui.bootstrap.container import Container

log = logging.getLogger(__name__)


def run_maintenance(container: Container) -> tuple[Exception, ...]:
    """Do every step, also after another one has failed; log and return the errors. May take seconds."""
    errors: list[Exception] = []
    for step in (_trim_history, _clean_own_folders, _clean_folders_of_accounts, _remove_statuses_of_removed_accounts):
        try:
            step(container)
        except (FileError, OSError) as error:
            log.warning("a step of the maintenance failed: %s", error)
            errors.append(error)
    return tuple(errors)


def _trim_history(container: Container) -> None:
    container.history.flush()
    container.history.trim(container.clock())
    if container.history.write_error is not None:
        raise container.history.write_error


def _clean_own_folders(container: Container) -> None:
    """Clean the folders that are known without the list of accounts, which lacks the removed ones."""
    for folder in _own_folders(container):
        remove_stale_temp_files(folder, container.clock())


def _clean_folders_of_accounts(container: Container) -> None:
    """Clean the folders that the user chose for `.dog` files and exports. Raises FileError."""
    accounts = container.accounts.load()
    folders = {Path(container.dog_files.directory(account)) for account in accounts}
    targets = (target for account in accounts for target in account.exports)
    folders |= {Path(file).parent for target in targets for file in target.files}
    for folder in folders - _own_folders(container):
        remove_stale_temp_files(folder, container.clock())


def _remove_statuses_of_removed_accounts(container: Container) -> None:
    """Remove the export statuses of accounts that are not in the list. Raises FileError."""
    accounts = container.accounts.load()
    if not container.accounts.is_damaged:  # else an account may be missing that is not removed
        ExportStatusStore(container.paths.exports_dir).delete_all_except({account.appid for account in accounts})


def _own_folders(container: Container) -> set[Path]:
    return {container.paths.config_dir, container.paths.exports_dir, *container.dog_files.account_folders()}
