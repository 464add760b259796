"""All folders and files, tried for real."""

import errno
import os
import threading
from pathlib import Path

import pytest

from guarddog_gui.adapters.health.folder_trial import try_folder
from guarddog_gui.cli.context import CommandContext
from guarddog_gui.cli.health_checks import folders
from guarddog_gui.cli.health_checks.folders import check_folders
from guarddog_gui.domain.health.findings import CheckStatus
from guarddog_gui.domain.health.mounts import Mount
from guarddog_gui.domain.health.results import FolderTrial, FolderUse
from tests.cli.conftest import InProcessCli

unix = pytest.mark.only_on("linux", "darwin")


def snapshot(home: Path) -> dict[str, int]:
    return {str(path): path.stat().st_size for path in home.rglob("*") if not path.name.endswith((".lock", "-shm"))}


def test_a_sound_home_is_one_finding_and_stays_as_it_is(
    ctl_with_account: InProcessCli, context: CommandContext
) -> None:
    before = snapshot(ctl_with_account.home)

    (finding,) = check_folders(context)

    assert finding.status is CheckStatus.OK
    assert snapshot(ctl_with_account.home) == before


@unix
def test_each_folder_is_tried_for_its_use(
    ctl_with_account: InProcessCli, context: CommandContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    exports = tmp_path / "www"
    exports.mkdir()
    ctl_with_account.add_account(ctl_with_account.shop, "Shop", "--write-php", str(exports))
    tried: dict[str, FolderUse] = {}

    def record(path: Path, use: FolderUse, _mounts: object, _now: float) -> FolderTrial:
        tried[os.fspath(path)] = use
        return FolderTrial(os.fspath(path), use)

    monkeypatch.setattr(folders, "try_folder", record)
    check_folders(context)

    home = ctl_with_account.home
    assert tried == {
        str(home / "config"): FolderUse.CONFIG,
        str(home / "data"): FolderUse.DATA,
        str(home / "data" / "locks"): FolderUse.LOCKS,
        str(home / "logs"): FolderUse.LOGS,
        str(ctl_with_account.dog_path().parent): FolderUse.TOKENS,
        str(exports): FolderUse.EXPORT,
    }


@unix
def test_a_file_system_without_locks_is_named(context: CommandContext, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    monkeypatch.setattr(folders, "read_mounts", lambda: (Mount("/", "nfs", "nas:/home"),))

    (finding,) = check_folders(context)

    assert "nfs at / has no locks" in finding.summary
    assert "rpc.statd" in finding.advice


def test_a_folder_that_hangs_is_named_and_the_others_are_tried(
    ctl_with_account: InProcessCli, context: CommandContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    ctl_with_account.add_account(ctl_with_account.shop, "Shop", "--dog-dir", str(share))
    released = threading.Event()

    def try_or_hang(path: Path, use: FolderUse, mounts: tuple[Mount, ...], now: float) -> FolderTrial:
        if path == share:
            released.wait(30)
        return try_folder(path, use, mounts, now)

    monkeypatch.setattr(folders, "try_folder", try_or_hang)
    monkeypatch.setattr(folders, "read_mounts", lambda: (Mount("/", "ext4"), Mount(str(share), "nfs4")))

    (finding,) = check_folders(context, timeout_s=2.0)

    released.set()
    assert finding.summary == f"{share} does not answer: nfs4 at {share} hangs."
    assert finding.is_temporary


def test_a_damaged_dog_file_is_named_and_passes(ctl_with_account: InProcessCli, context: CommandContext) -> None:
    ctl_with_account.dog_path().write_text("{", encoding="utf-8")

    findings = [finding for finding in check_folders(context) if finding.is_problem]

    assert [finding.is_temporary for finding in findings] == [True]
    assert "is damaged" in findings[0].summary


def test_without_a_readable_list_our_own_folders_are_tried_all_the_same(
    ctl_with_account: InProcessCli, context: CommandContext
) -> None:
    path = ctl_with_account.home / "config" / "accounts.json"
    path.unlink()
    path.mkdir()

    assert any(str(path) in finding.summary for finding in check_folders(context))
