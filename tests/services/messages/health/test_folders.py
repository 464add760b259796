"""Findings about folders: each lack with its file system and what to do."""

import pytest

from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.health.findings import CheckStatus
from guarddog_gui.domain.health.mounts import Mount
from guarddog_gui.domain.health.results import (
    FolderAbility,
    FolderLack,
    FolderTrial,
    FolderUse,
    HistoryProbeResult,
    PathProbeResult,
)
from guarddog_gui.domain.problems import FileErrorReason
from guarddog_gui.services.messages.health.folders import folder_findings, history_findings
from guarddog_gui.services.messages.message import Messages
from tests.services.messages.languages import CHINESE, ENGLISH

EXT4 = Mount("/", "ext4")
NFS = Mount("/mnt/share", "nfs4", "nas:/home")
EXFAT = Mount("/media/stick", "exfat")
WSL = Mount("/mnt/c", "9p", "C:\\")
LOCK, MODE, DATABASE = FolderAbility.LOCK, FolderAbility.MODE, FolderAbility.DATABASE


def test_paths_as_they_should_be_are_one_line() -> None:
    paths = (PathProbeResult("/a", exists=True, mode=0o700), PathProbeResult("/a/b", exists=False))

    assert [found.status for found in folder_findings(paths, (), ENGLISH)] == [CheckStatus.OK]


@pytest.mark.parametrize(
    ("seen", "health", "words"),
    [
        (PathProbeResult("/a", True, "permission denied"), CheckStatus.FAILED, "permission denied"),
        (PathProbeResult("/a", True, is_owned_by_user=False, mode=0o600), CheckStatus.FAILED, "another user"),
        (PathProbeResult("/a", True, mode=0o640), CheckStatus.WARNING, "0640"),
        (PathProbeResult("/a", False, "the disk is read-only"), CheckStatus.FAILED, "read-only"),
    ],
)
def test_a_path_that_is_not_is_named(seen: PathProbeResult, health: CheckStatus, words: str) -> None:
    (found,) = folder_findings((seen, PathProbeResult("/b", exists=True, mode=0o600)), (), ENGLISH)

    assert found.status is health
    assert "/a" in found.summary
    assert words in found.summary
    assert found.advice


def trial(path: str, mount: Mount | None, *lacks: FolderLack, use: FolderUse = FolderUse.DATA) -> FolderTrial:
    return FolderTrial(path, use, lacks, mount, free_bytes=2048)


READ_ONLY, FULL = FileErrorReason.READ_ONLY, FileErrorReason.DISK_FULL
WRITE = FolderAbility.WRITE


@pytest.mark.parametrize(
    ("mount", "lack", "summary", "advice"),
    [
        (NFS, FolderLack(LOCK, FileErrorReason.NO_LOCKS), "nfs4 at /mnt/share has no locks", "rpc.statd"),
        (NFS, FolderLack(LOCK), "does not keep a second program out", "nolock"),
        (Mount("/s", "cifs"), FolderLack(LOCK, FileErrorReason.NO_LOCKS), "cifs at /s", "nobrl"),
        (Mount("/s", "cifs"), FolderLack(MODE, mode=0o755), "0600 became 0755", "file_mode=0600"),
        (EXFAT, FolderLack(MODE, mode=0o777), "a FAT, exFAT or NTFS disk at /media/stick keeps no", "umask=077"),
        (EXFAT, FolderLack(MODE, "permission denied"), "refuses permissions", "umask=077"),
        (WSL, FolderLack(MODE, mode=0o777), "a Windows drive in WSL at /mnt/c", "/etc/wsl.conf"),
        (WSL, FolderLack(DATABASE, "disk I/O error"), "disk I/O error. Tokens are refreshed all the same", "/home"),
        (EXT4, FolderLack(FolderAbility.REPLACE, "the disk reported an error"), "cannot be replaced", "local disk"),
        (None, FolderLack(LOCK, FileErrorReason.NO_LOCKS), "this file system has no locks", "local disk"),
        (Mount("/m", "ext4", is_read_only=True), FolderLack(WRITE, READ_ONLY), "mounted read-only at /m", "remount,rw"),
        (
            Mount("/m", "ext4", root="/srv", is_read_only=True),
            FolderLack(WRITE, READ_ONLY),
            "/m is a bind mount of /srv, and read-only",
            "For a container, take :ro",
        ),
        (EXT4, FolderLack(WRITE, READ_ONLY), "the disk is read-only", "Check that the folder"),
        (Mount("/t", "tmpfs"), FolderLack(WRITE, FULL), "tmpfs at /t is full (free: 2 KB)", "Delete"),
        (EXT4, FolderLack(DATABASE, FULL), "ext4 at / is full", "Delete"),
        (EXT4, FolderLack(WRITE, FileErrorReason.QUOTA_EXCEEDED), "quota", "room"),
    ],
)
def test_each_lack_names_the_file_system_and_what_to_do(
    mount: Mount | None, lack: FolderLack, summary: str, advice: str
) -> None:
    (finding,) = folder_findings((), (trial("/x/data", mount, lack),), ENGLISH)

    assert finding.is_problem
    assert not finding.is_temporary
    assert "/x/data" in finding.summary
    assert summary in finding.summary
    assert advice in finding.advice


def test_folders_that_lack_the_same_are_named_together() -> None:
    lack = FolderLack(MODE, mode=0o777)
    trials = (trial("/media/stick/a", EXFAT, lack), trial("/media/stick/b", EXFAT, lack), trial("/c", EXT4))

    (finding,) = folder_findings((), trials, ENGLISH)

    assert finding.summary.startswith("/media/stick/a, /media/stick/b: ")
    assert finding.status is CheckStatus.WARNING


def test_permissions_that_cannot_be_kept_are_not_reported_file_by_file() -> None:
    paths = (
        PathProbeResult("/media/stick", exists=True, mode=0o777),
        PathProbeResult("/media/stick/ACCESS_TOKEN.dog", exists=True, mode=0o777),
    )

    (finding,) = folder_findings(paths, (trial("/media/stick", EXFAT, FolderLack(MODE, mode=0o777)),), ENGLISH)

    assert "keeps no permissions" in finding.summary


def test_what_is_below_an_unusable_folder_is_not_reported() -> None:
    paths = (
        PathProbeResult("/h/data", exists=True, error="permission denied", is_owned_by_user=False),
        PathProbeResult("/h/data/locks", exists=False, error="permission denied"),
    )

    (finding,) = folder_findings(paths, (trial("/h/data", EXT4, FolderLack(WRITE, "permission denied")),), ENGLISH)

    assert finding.summary == "/h/data belongs to another user."


def test_a_folder_that_hangs_is_named_and_may_come_back() -> None:
    hanging = FolderTrial("/mnt/share/dogs", FolderUse.TOKENS, mount=NFS, is_hanging=True)

    (finding,) = folder_findings((), (hanging,), ENGLISH)

    assert finding.summary == "/mnt/share/dogs does not answer: nfs4 at /mnt/share hangs."
    assert (finding.status, finding.is_temporary) == (CheckStatus.FAILED, True)


def test_a_history_on_a_network_share_is_doubtful() -> None:
    (finding,) = folder_findings((), (trial("/mnt/share/data", NFS),), ENGLISH)
    assert "second computer" in finding.summary

    (fine,) = folder_findings((), (trial("/mnt/share/dogs", NFS, use=FolderUse.TOKENS),), ENGLISH)
    assert fine.status is CheckStatus.OK
    assert "nfs4" in fine.summary


@pytest.mark.parametrize("messages", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_the_history_is_checked_too(messages: Messages) -> None:
    busy = HistoryProbeResult(FileError("/h", FileErrorReason.BEING_WRITTEN))
    (finding,) = history_findings(busy, messages)
    assert finding.is_temporary

    (finding,) = history_findings(HistoryProbeResult(FileError("/h", FileErrorReason.PERMISSION_DENIED)), messages)
    assert (finding.status, finding.is_temporary) == (CheckStatus.FAILED, False)

    (finding,) = history_findings(HistoryProbeResult(quarantined_path="/h.damaged-1"), messages)
    assert "/h.damaged-1" in finding.summary
    assert history_findings(HistoryProbeResult(), messages) == ()
