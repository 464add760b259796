"""Trials in real folders, and on file systems that refuse what the trial asks for."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guarddog_gui.adapters.health import folder_trial
from guarddog_gui.adapters.health.folder_trial import try_folder
from guarddog_gui.domain.health.mounts import Mount
from guarddog_gui.domain.health.results import ABILITIES_BY_USE, FolderAbility, FolderLack, FolderUse
from tests.adapters.unprivileged import read_only_folder, unprivileged_folder
from tests.fakes import NOW

unix = pytest.mark.only_on("linux", "darwin")


def lacks(path: Path, use: FolderUse = FolderUse.DATA) -> tuple[FolderLack, ...]:
    return try_folder(path, use, (), NOW).lacks


def fail_with(number: int) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("use", FolderUse)
def test_a_sound_folder_lacks_nothing_and_is_left_as_it_was(tmp_path: Path, use: FolderUse) -> None:
    (tmp_path / "history.sqlite3").write_bytes(b"not touched")

    trial = try_folder(tmp_path, use, (Mount("/", "ext4"),), NOW)

    assert (trial.lacks, trial.path, trial.use) == ((), str(tmp_path), use)
    assert trial.free_bytes
    assert {path.name for path in tmp_path.iterdir()} == {"history.sqlite3"}
    assert (tmp_path / "history.sqlite3").read_bytes() == b"not touched"


def test_a_missing_folder_is_tried_in_its_nearest_parent(tmp_path: Path) -> None:
    trial = try_folder(tmp_path / "a" / "b", FolderUse.DATA, (), NOW)

    assert (trial.lacks, trial.path) == ((), str(tmp_path / "a" / "b"))
    assert list(tmp_path.iterdir()) == []


@unix
def test_a_folder_that_may_not_be_written_is_reported_once() -> None:
    with unprivileged_folder() as folder, read_only_folder(folder):
        expected = (FolderLack(FolderAbility.WRITE, "permission denied"),)
        assert lacks(folder) == lacks(folder / "new") == expected


@unix
def test_a_lack_of_locks_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fcntl.flock", fail_with(errno.ENOLCK))

    assert lacks(tmp_path) == (FolderLack(FolderAbility.LOCK, "the file system has no locks"),)
    assert lacks(tmp_path, FolderUse.TOKENS) == ()
    assert list(tmp_path.iterdir()) == []


@unix
def test_a_lock_that_everybody_gets_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fcntl.flock", lambda *_: None)

    assert lacks(tmp_path) == (FolderLack(FolderAbility.LOCK),)


@unix
def test_a_mode_that_does_not_stay_is_reported_with_what_became_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chmod = Path.chmod
    monkeypatch.setattr(Path, "chmod", lambda path, _: chmod(path, 0o755))

    assert lacks(tmp_path) == (FolderLack(FolderAbility.MODE, mode=0o755),)
    assert lacks(tmp_path, FolderUse.EXPORT) == ()


@unix
def test_a_refused_chmod_is_the_only_lack_since_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "chmod", fail_with(errno.EPERM))
    monkeypatch.setattr("os.fchmod", fail_with(errno.EPERM))

    assert lacks(tmp_path) == (FolderLack(FolderAbility.MODE, "permission denied"),)


def test_a_file_that_cannot_be_replaced_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "replace", fail_with(errno.EIO))

    assert lacks(tmp_path, FolderUse.TOKENS) == (FolderLack(FolderAbility.REPLACE, "the disk reported an error"),)
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_cannot_be_written_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    def refuse(_: sqlite3.Connection) -> bool:
        raise sqlite3.OperationalError("locking protocol")

    monkeypatch.setattr(folder_trial, "_write_and_read", refuse)

    assert lacks(tmp_path) == (FolderLack(FolderAbility.DATABASE, "locking protocol"),)
    assert list(tmp_path.iterdir()) == []


def test_files_of_a_killed_trial_are_removed_and_those_of_a_running_one_are_not(tmp_path: Path) -> None:
    killed, running = tmp_path / ".guarddog-trial.1-2", tmp_path / "..guarddog-trial.3-4.5-0.tmp"
    killed.touch()
    running.touch()
    os.utime(killed, (NOW - 61, NOW - 61))
    os.utime(running, (NOW - 5, NOW - 5))

    lacks(tmp_path)

    assert list(tmp_path.iterdir()) == [running]


def test_each_folder_is_tried_for_what_is_done_in_it() -> None:
    assert FolderAbility.DATABASE not in ABILITIES_BY_USE[FolderUse.CONFIG]
    assert all(FolderAbility.WRITE in needed for needed in ABILITIES_BY_USE.values())
