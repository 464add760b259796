"""Findings about folders and files: who may use them, and what their file system lacks."""

import os
from collections.abc import Mapping
from pathlib import PurePath

from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.health.findings import CheckStatus, Finding, HealthCheck
from guarddog_gui.domain.health.mounts import FileSystemKind, Mount
from guarddog_gui.domain.health.results import (
    FolderAbility,
    FolderLack,
    FolderTrial,
    FolderUse,
    HistoryProbeResult,
    PathProbeResult,
)
from guarddog_gui.domain.message_catalog import N_
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.services.messages.health.findings import make_finding
from guarddog_gui.services.messages.message import Message, Messages
from guarddog_gui.services.messages.texts import join_sentences

_CheckResult = tuple[CheckStatus, Message]


_LOCAL_DISK = N_("Move it to a local disk: GUARDDOG_HOME names the folder of Guard Dog, each account its own.")
_OR_LOCAL_DISK = N_("Or move it to a local disk: GUARDDOG_HOME names the folder of Guard Dog, each account its own.")
# names of file systems whose type says little
_TYPE_NAMES: Mapping[FileSystemKind, str] = {
    FileSystemKind.WSL_DRIVE: N_("a Windows drive in WSL"),
    FileSystemKind.WINDOWS_DISK: N_("a FAT, exFAT or NTFS disk"),
}
_PATHS_MAX = 5
# advice for what a kind of file system lacks, in front of `_OR_LOCAL_DISK`
_ADVICE: Mapping[tuple[FolderAbility, FileSystemKind], str] = {
    (FolderAbility.LOCK, FileSystemKind.NFS): N_(
        "Mount it with locks: NFS 4, or NFS 3 with rpc.statd, without nolock and local_lock."
    ),
    (FolderAbility.LOCK, FileSystemKind.SMB): N_("Mount it without nobrl."),
    (FolderAbility.MODE, FileSystemKind.SMB): N_("Mount it with uid, file_mode=0600 and dir_mode=0700."),
    (FolderAbility.MODE, FileSystemKind.WINDOWS_DISK): N_("Mount it with umask=077 and uid of your user."),
    (FolderAbility.MODE, FileSystemKind.WSL_DRIVE): N_(
        "Set options=metadata under [automount] in /etc/wsl.conf, or take a folder below /home instead of /mnt."
    ),
    (FolderAbility.DATABASE, FileSystemKind.WSL_DRIVE): N_("Take a folder below /home instead of /mnt."),
    (FolderAbility.LOCK, FileSystemKind.WSL_DRIVE): N_("Take a folder below /home instead of /mnt."),
}
_NO_PRECISE_REASON = frozenset({FileErrorReason.DISK_FULL, FileErrorReason.QUOTA_EXCEEDED})


def folder_findings(
    paths: tuple[PathProbeResult, ...], trials: tuple[FolderTrial, ...], messages: Messages
) -> tuple[Finding, ...]:
    """Return a finding for each path or folder that cannot be used as it should be; one for all if there is none.

    Folders of one file system that lack the same are in one finding.
    """
    findings = [make_finding(HealthCheck.FILES, *problem) for problem in _path_problems(paths, trials, messages)]
    unusable = {path.path for path in paths if path.error and path.error != FileErrorReason.READ_ONLY}
    usable_trials = [trial for trial in trials if trial.path not in unusable]  # the reason has been given for others
    findings += [_hanging_finding(trial, messages) for trial in usable_trials if trial.is_hanging]
    for (mount, lack), alike in _group_by_lack(usable_trials).items():
        findings.append(_lack_finding(alike, mount, lack, messages))
    findings += [_shared_history_finding(trial, messages) for trial in usable_trials if _may_be_shared(trial)]
    if findings:
        return tuple(dict.fromkeys(findings))
    existing = sum(path.exists for path in paths)
    message = messages.message(
        "{there} folders and files are private; locks, permissions, replacing a file and a database work "
        "({file_systems}). {later} will be made when they are needed.",
        there=existing,
        file_systems=", ".join(sorted({trial.mount.fs_type for trial in trials if trial.mount})) or "–",
        later=len(paths) - existing,
    )
    return (make_finding(HealthCheck.FILES, CheckStatus.OK, message),)


def _path_problems(
    paths: tuple[PathProbeResult, ...], trials: tuple[FolderTrial, ...], messages: Messages
) -> tuple[_CheckResult, ...]:
    """Return what is wrong with single paths, without what the trial of their folder explains better."""
    tried = {trial.path for trial in trials if not trial.is_hanging}
    without_modes = {trial.path for trial in trials if any(lack.mode is not None for lack in trial.lacks)}
    unusable = {path.path for path in paths if path.error and path.exists}
    problems = []
    for path in paths:
        if path.error == FileErrorReason.READ_ONLY and path.path in tried:
            continue
        if path.error and not path.exists and not unusable.isdisjoint(map(str, PurePath(path.path).parents)):
            continue  # its folder is the problem
        if not path.error and {path.path, os.path.dirname(path.path)} & without_modes:  # noqa: PTH120 - a text
            continue
        problems.append(_path_problem(path, messages))
    return tuple(filter(None, problems))


def _group_by_lack(trials: list[FolderTrial]) -> dict[tuple[Mount | None, FolderLack], list[FolderTrial]]:
    groups: dict[tuple[Mount | None, FolderLack], list[FolderTrial]] = {}
    for trial in trials:
        for lack in trial.lacks:
            groups.setdefault((trial.mount, lack), []).append(trial)
    return groups


def _hanging_finding(trial: FolderTrial, messages: Messages) -> Finding:
    message = messages.message(
        "{path} does not answer: {file_system} hangs.",
        "Look whether the computer that it comes from is reachable, or unmount it (umount -l).",
        path=trial.path,
        file_system=_file_system(trial.mount, messages),
    )
    return make_finding(HealthCheck.FILES, CheckStatus.FAILED, message, is_temporary=True)


def _lack_finding(trials: list[FolderTrial], mount: Mount | None, lack: FolderLack, messages: Messages) -> Finding:
    return make_finding(
        HealthCheck.FILES,
        CheckStatus.WARNING if lack.mode is not None else CheckStatus.FAILED,
        _lack_message(trials, mount, lack, messages),
        is_temporary=lack.reason in (FileErrorReason.BEING_WRITTEN, FileErrorReason.LOCKED),
    )


def _may_be_shared(trial: FolderTrial) -> bool:
    """Return True for the history on a network share: a second computer may use the same folder."""
    is_usable = not trial.lacks and not trial.is_hanging
    return is_usable and trial.use is FolderUse.DATA and trial.mount is not None and trial.mount.is_network


def _shared_history_finding(trial: FolderTrial, messages: Messages) -> Finding:
    # https://sqlite.org/wal.html: all processes that use such a database must be on the same host
    message = messages.message(
        "{path} is on a file system of the network ({file_system}). "
        "The history breaks if Guard Dog on a second computer uses the same folder.",
        _LOCAL_DISK,
        path=trial.path,
        file_system=_file_system(trial.mount, messages),
    )
    return make_finding(HealthCheck.FILES, CheckStatus.WARNING, message)


def _lack_message(trials: list[FolderTrial], mount: Mount | None, lack: FolderLack, messages: Messages) -> Message:
    if lack.ability is FolderAbility.WRITE or lack.reason in _NO_PRECISE_REASON:
        return _write_message(trials, mount, lack, messages)
    names = {
        "path": _join_paths(trials),
        "file_system": _file_system(mount, messages),
        "reason": messages.file_error_reason(lack.reason),
    }
    match lack.ability:
        case FolderAbility.MODE if lack.mode is not None:
            summary = messages.text(
                "{path}: {file_system} keeps no permissions, so other users can read the tokens (0600 became {mode}).",
                **names,
                mode=f"{lack.mode:04o}",
            )
        case FolderAbility.MODE:
            summary = messages.text(
                "{path}: {file_system} refuses permissions (chmod: {reason}), so no file can be written.", **names
            )
        case FolderAbility.REPLACE:
            summary = messages.text("{path}: a file cannot be replaced on {file_system}: {reason}.", **names)
        case FolderAbility.LOCK if not lack.reason:
            summary = messages.text(
                "{path}: a lock on {file_system} does not keep a second program out, "
                "so two of them may ask WeChat at once and end each other's tokens.",
                **names,
            )
        case FolderAbility.LOCK:
            summary = messages.text(
                "{path}: {file_system} has no locks ({reason}), so nothing can be refreshed.", **names
            )
        case _:
            summary = messages.text(
                "{path}: the database of the history cannot be written on {file_system}: {reason}. "
                "Tokens are refreshed all the same.",
                **names,
            )
    return Message(summary, _advice(mount, lack.ability, messages))


def _join_paths(trials: list[FolderTrial]) -> str:
    paths = list(dict.fromkeys(trial.path for trial in trials))
    return ", ".join(paths[:_PATHS_MAX]) + (" …" if len(paths) > _PATHS_MAX else "")


def _write_message(trials: list[FolderTrial], mount: Mount | None, lack: FolderLack, messages: Messages) -> Message:
    path = _join_paths(trials)
    if lack.reason == FileErrorReason.READ_ONLY and mount is not None and mount.is_read_only:
        return messages.message(
            N_("{path} cannot be written: {mount_point} is a bind mount of {root}, and read-only.")
            if mount.is_bind_mount
            else N_("{path} cannot be written: {file_system} is mounted read-only at {mount_point}."),
            "Mount it with write access: mount -o remount,rw {mount_point}. For a container, take :ro from its volume.",
            path=path,
            file_system=mount.fs_type,
            mount_point=mount.mount_point,
            root=mount.root,
        )
    if lack.reason == FileErrorReason.DISK_FULL:
        return messages.message(
            "{path} cannot be written: {file_system} is full (free: {free} KB).",
            "Delete what is not needed there, or move the folder to another disk.",
            path=path,
            file_system=_file_system(mount, messages),
            free=(trials[0].free_bytes or 0) // 1024,
        )
    message = messages.for_file_error(FileError(path, lack.reason))
    where = messages.text("It is on {file_system}.", file_system=_file_system(mount, messages))
    return Message(join_sentences(message.summary, where), message.advice, message.code)


def _file_system(mount: Mount | None, messages: Messages) -> str:
    """Return `nfs4 at /mnt/share`."""
    if mount is None:
        return messages.text("this file system")
    name = messages.text(_TYPE_NAMES[mount.kind]) if mount.kind in _TYPE_NAMES else mount.fs_type
    return messages.text("{type} at {mount_point}", type=name, mount_point=mount.mount_point)


def _advice(mount: Mount | None, ability: FolderAbility, messages: Messages) -> str:
    remedy = "" if mount is None else _ADVICE.get((ability, mount.kind), "")
    if not remedy:
        return messages.text(_LOCAL_DISK)
    return join_sentences(messages.text(remedy), messages.text(_OR_LOCAL_DISK))


def _path_problem(result: PathProbeResult, messages: Messages) -> _CheckResult | None:
    is_refused_to_user = result.error == FileErrorReason.PERMISSION_DENIED and not result.is_owned_by_user
    if result.error and not is_refused_to_user:
        return CheckStatus.FAILED, messages.for_file_error(FileError(result.path, result.error))
    if not result.is_owned_by_user:
        return CheckStatus.FAILED, messages.message(
            "{path} belongs to another user.",
            "Take it over with chown, or remove it. Do not run Guard Dog with sudo.",
            path=result.path,
        )
    if result.is_accessible_to_others:
        return CheckStatus.WARNING, messages.message(
            "{path} is open to other users of this computer (mode {mode}).",
            "Take their rights away: chmod go= in front of its path.",
            path=result.path,
            mode=f"{result.mode:04o}",
        )
    return None


def damaged_dog_file_finding(path: str, messages: Messages) -> Finding:
    message = messages.message(
        "{path} is damaged and counts as absent.",
        "Nothing: the next refresh replaces it. If it comes back, another program writes it.",
        path=path,
    )
    return make_finding(HealthCheck.FILES, CheckStatus.WARNING, message, is_temporary=True)


def history_findings(result: HistoryProbeResult, messages: Messages) -> tuple[Finding, ...]:
    findings = []
    if result.error is not None:
        is_temporary = result.error.reason == FileErrorReason.BEING_WRITTEN
        message = messages.for_history_error(result.error)
        findings.append(make_finding(HealthCheck.FILES, CheckStatus.FAILED, message, is_temporary=is_temporary))
    if result.quarantined_path:
        message = messages.for_damaged_file(result.quarantined_path)
        findings.append(make_finding(HealthCheck.FILES, CheckStatus.WARNING, message, is_temporary=True))
    return tuple(findings)
