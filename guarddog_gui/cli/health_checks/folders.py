"""Check of all folders and files: owner and permissions, and whether they can be written, replaced and locked."""

import os
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from guarddog_gui.adapters.files.paths import AppPaths
from guarddog_gui.adapters.health.folder_trial import try_folder
from guarddog_gui.adapters.health.history import check_history
from guarddog_gui.adapters.health.mounts import read_mounts
from guarddog_gui.adapters.health.paths import check_custom_folder, check_file, check_folder
from guarddog_gui.bootstrap.container import Container
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.health_checks.runner import run_in_groups
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.health.findings import Finding
from guarddog_gui.domain.health.mounts import Mount, find_mount
from guarddog_gui.domain.health.results import FolderTrial, FolderUse, HistoryProbeResult, PathProbeResult
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.services.messages.health.folders import damaged_dog_file_finding, folder_findings, history_findings

FOLDERS_TIMEOUT_S = 6.0
_LIST_TIMEOUT_S = 2.0  # to read the list of accounts
_TRIED_ACCOUNTS_MAX = 50  # of those whose folders are below our own: the others are like them


class _Place(Struct, frozen=True):
    """A folder with its use, the files in it that are checked, and the account whose `.dog` files they are."""

    folder: Path
    use: FolderUse
    files: tuple[Path, ...] = ()
    account: Account | None = None
    is_tried: bool = True


class _PlaceResult(Struct, frozen=True):
    paths: tuple[PathProbeResult, ...]
    trial: FolderTrial | None
    damaged_files: tuple[str, ...] = ()
    history: HistoryProbeResult = HistoryProbeResult()


def check_folders(context: CommandContext, *, timeout_s: float = FOLDERS_TIMEOUT_S) -> tuple[Finding, ...]:
    container, messages = context.container, context.messages
    mounts = read_mounts()
    groups: dict[str, list[_Place]] = {}
    for place in _own_places(container.paths) + _places_of_accounts(container, _load_accounts(container)):
        groups.setdefault(mount_point_of(mounts, place.folder), []).append(place)
    calls = [[_probe_call(container, place, mounts) for place in places] for places in groups.values()]
    paths: list[PathProbeResult] = []
    trials: list[FolderTrial] = []
    others: list[Finding] = []
    for places, results in zip(groups.values(), run_in_groups(calls, timeout_s), strict=True):
        for result in results:
            paths += result.paths
            trials += [] if result.trial is None else [result.trial]
            others += history_findings(result.history, messages)
            others += [damaged_dog_file_finding(path, messages) for path in result.damaged_files]
        if len(results) < len(places):
            hanging = places[len(results)]
            mount = _mount_of(mounts, hanging.folder)
            trials.append(FolderTrial(os.fspath(hanging.folder), hanging.use, mount=mount, is_hanging=True))
    return (*folder_findings(tuple(paths), tuple(trials), messages), *others)


def mount_point_of(mounts: tuple[Mount, ...], folder: Path) -> str:
    """Return the mount point of a path as it is written, or nothing if none is known."""
    mount = _mount_of(mounts, folder)
    return "" if mount is None else mount.mount_point


def _mount_of(mounts: tuple[Mount, ...], folder: Path) -> Mount | None:
    """Return the mount of a path as it is written: to follow its links might hang."""
    return find_mount(mounts, os.path.abspath(folder))  # noqa: PTH100 - resolve() follows links


def _load_accounts(container: Container) -> tuple[Account, ...]:
    """Return the accounts; none if the folder of the list hangs or cannot be read, which its own trial shows."""
    try:
        ((accounts,),) = run_in_groups([[container.accounts.load_read_only]], _LIST_TIMEOUT_S)
    except (FileError, ValueError):
        return ()
    return accounts


def _own_places(paths: AppPaths) -> list[_Place]:
    return [
        _Place(paths.config_dir, FolderUse.CONFIG, (paths.accounts_file, paths.settings_file)),
        _Place(paths.data_dir, FolderUse.DATA, (paths.history_file,)),
        _Place(paths.log_dir, FolderUse.LOGS),
    ]


def _places_of_accounts(container: Container, accounts: tuple[Account, ...]) -> list[_Place]:
    lock_files = tuple(container.account_locks.lock_path(account.appid) for account in accounts)
    places = [_Place(container.paths.locks_dir, FolderUse.LOCKS, lock_files)]
    for number, account in enumerate(accounts):
        files = tuple(container.dog_files.path(account, kind) for kind in account.token_kinds)
        is_tried = account.dog_dir is not None or number < _TRIED_ACCOUNTS_MAX
        places.append(_Place(files[0].parent, FolderUse.TOKENS, files, account, is_tried))
    export_files = (file for account in accounts for target in account.exports for file in target.files)
    export_folders = dict.fromkeys(Path(file).parent for file in export_files)
    return places + [_Place(folder, FolderUse.EXPORT) for folder in export_folders]


def _probe_call(container: Container, place: _Place, mounts: tuple[Mount, ...]) -> Callable[[], _PlaceResult]:
    return lambda: _probe(container, place, mounts)


def _probe(container: Container, place: _Place, mounts: tuple[Mount, ...]) -> _PlaceResult:
    now = container.clock()
    if place.use is FolderUse.EXPORT:
        # a missing one is reported with the export itself
        trial = try_folder(place.folder, place.use, mounts, now) if place.folder.is_dir() else None
        return _PlaceResult((), trial)
    is_custom = place.account is not None and place.account.dog_dir is not None
    folder = (check_custom_folder if is_custom else check_folder)(place.folder)
    files = tuple(map(check_file, place.files))
    is_tried = place.is_tried and folder.error in ("", FileErrorReason.READ_ONLY)
    trial = try_folder(place.folder, place.use, mounts, now) if is_tried else None
    has_history = container.paths.history_file in place.files
    history = check_history(container.paths.history_file, container.clock) if has_history else HistoryProbeResult()
    return _PlaceResult((folder, *files), trial, _damaged_files(container, place, files), history)


def _damaged_files(container: Container, place: _Place, files: tuple[PathProbeResult, ...]) -> tuple[str, ...]:
    account = place.account
    if account is None:
        return ()
    return tuple(
        file.path
        for kind, file in zip(account.token_kinds, files, strict=True)
        if file.exists and not file.error and container.dog_files.read(account, kind) is None
    )
