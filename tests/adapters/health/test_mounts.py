"""The mounts of this machine."""

from pathlib import Path

import pytest

from guarddog_gui.adapters.health.mounts import read_mounts
from guarddog_gui.domain.health.mounts import find_mount


@pytest.mark.only_on("linux")
def test_the_root_and_proc_are_mounted_here() -> None:
    mounts = read_mounts()

    assert find_mount(mounts, "/") is not None
    assert getattr(find_mount(mounts, "/proc/self"), "fs_type", "") == "proc"


def test_without_the_file_there_are_none(tmp_path: Path) -> None:
    assert read_mounts(tmp_path / "none") == ()
