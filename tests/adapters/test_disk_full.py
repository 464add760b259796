import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adapters import disk_full_program

MOUNT = 'mount -t tmpfs -o size=512k none "$1"'  # seen by this command only, gone when it ends


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def story(folder: Path, how: str) -> list[str]:
    return [sys.executable, "-m", disk_full_program.__name__, str(folder), how]


def assert_well(done: subprocess.CompletedProcess[str]) -> None:
    assert (done.returncode, done.stdout, done.stderr) == (0, "all is well\n", "")


@pytest.mark.only_on("linux", "darwin")
def test_process_at_its_file_size_limit_loses_nothing(tmp_path: Path) -> None:
    assert_well(run(*story(tmp_path, "limit")))


@pytest.mark.only_on("linux")
def test_full_disk_loses_nothing(tmp_path: Path) -> None:
    alone = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    shell = [*alone, "sh", "-ec"]
    if run(*shell, MOUNT, "sh", str(tmp_path)).returncode != 0:
        pytest.skip("this machine does not let us mount a small disk; the test above does the same by a limit")
    script = f'{MOUNT}; shift; exec "$@"'
    assert_well(run(*shell, script, "sh", str(tmp_path), *story(tmp_path, "fill")))
