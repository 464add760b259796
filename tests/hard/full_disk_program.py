"""Program that kills commands on a small disk that is full or read-only, and checks what is left.

Arguments: the mount point, `full` or `read-only`, the number of kills, and the seed of the random moments. Prints
its findings as JSON.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guarddog_gui.sandbox.quotas import QuotaLimit
from guarddog_gui.sandbox.server import SandboxServer
from tests.hard.killed_home import ForkingCli, KilledHome, set_lives

KILLS_EACH_TIME = 10  # then the disk is usable again for a moment, and everything is checked


@contextmanager
def hindered(disk: Path, hindrance: str) -> Iterator[None]:
    """Fill the disk, or mount it read-only, during the block."""
    if hindrance == "full":
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as file:
            for size in (4096, 1):
                try:
                    while file.write(b"x" * size):
                        pass
                except OSError:
                    pass
        yield
        filler.unlink()
    else:
        remount(disk, "ro")
        yield
        remount(disk, "rw")


def remount(disk: Path, mode: str) -> None:
    """Change the mode of the disk; it is busy while a reader has a companion file of the history open for writing."""
    deadline = time.monotonic() + 30
    while subprocess.run(["mount", "-o", f"remount,{mode}", disk], capture_output=True, check=False).returncode != 0:
        assert time.monotonic() < deadline, f"the disk cannot be mounted {mode}"
        time.sleep(0.002)


def main(disk: Path, hindrance: str, wanted: int, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    wrong: list[str] = []
    reads: dict[str, int] = {}
    codes: Counter[int] = Counter()
    kills = 0
    with SandboxServer(time.time) as wechat, ForkingCli(disk.parent / "output.txt") as runner:
        set_lives(wechat)
        wechat.rules.set_limit("/cgi-bin/token", QuotaLimit(1_000_000))
        home = KilledHome(disk, wechat)
        home.cli.keyring_file = disk.parent / "keyring.json"  # the keyring has a disk of its own
        home.cli.environ["TEST_KEYRING_FILE"] = str(home.cli.keyring_file)
        home.set_up(runner)
        with home.readers(wrong, reads, is_hindered=True):
            while kills < wanted:
                with hindered(disk, hindrance):
                    for _ in range(KILLS_EACH_TIME * 3):
                        arguments, stdin, longest_s = home.make_order(chance)
                        end = runner.run(home.cli, *arguments, kill_after_s=chance.uniform(0, longest_s), stdin=stdin)
                        if not end.killed:
                            codes[end.code] += 1
                            if "Traceback" in end.output:
                                wrong.append(f"{arguments}: {end.output[-800:]}")
                            continue
                        kills += 1
                        if kills >= wanted or kills % KILLS_EACH_TIME == 0:
                            break
                wrong += home.check_next_start(runner)
        wrong += home.check_end(runner)
        shutil.copytree(disk, disk.parent / "left")  # the disk is gone when this program ends; see test_secrets.py
        note = (
            f"{reads['Node']:,} reads in Node and {reads['Python']:,} in Python beside it; commands that were not killed"
            f" ended with {', '.join(f'{code} ({count})' for code, count in sorted(codes.items()))}"
        )
        secrets = [account.secret for account in wechat.accounts]
        sys.stdout.write(json.dumps({"kills": kills, "wrong": wrong, "note": note, "secrets": secrets}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
