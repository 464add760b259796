"""Kill the engine and the command line while the disk is full and while folders are read-only."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hard import full_disk_program
from tests.hard.results import ROOT, PromiseRecorder

pytestmark = pytest.mark.only_on("linux")

PROMISE = "2. No torn file"
MOUNT = 'mount -t tmpfs -o size=1500k,mode=700 none "$1"; shift; exec "$@"'  # gone when the command ends


@pytest.mark.parametrize("hindrance", ["full", "read-only"])
def test_kills_while_nothing_can_be_written(
    hindrance: str, promise: PromiseRecorder, kept_folder: Path, secrets_in_play: set[str]
) -> None:
    tries = promise.scaled(200)
    small_disk = kept_folder / "disk"
    small_disk.mkdir(mode=0o700)
    alone = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    seed = random.Random(hindrance).randrange(1000)  # noqa: S311 - moments, not secrets
    program = [sys.executable, "-m", full_disk_program.__name__, str(small_disk), hindrance, str(tries), str(seed)]
    result = subprocess.run(
        [*alone, "sh", "-ec", MOUNT, "sh", str(small_disk), *program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60 + 10 * tries,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    seen = json.loads(result.stdout)
    secrets_in_play.update(seen["secrets"])
    what = {
        "full": "kills while a small disk (tmpfs) is full",
        "read-only": "kills while the home is mounted read-only",
    }[hindrance]
    promise.record(PROMISE, what, tries=seen["kills"], failures=seen["wrong"], note=seen["note"])
    assert seen["wrong"] == []
    assert seen["kills"] == tries
