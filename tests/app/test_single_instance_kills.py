"""A start that is killed at each of its system calls on the lock and the socket: the next start gets in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desktop.processes import require_command

pytestmark = [pytest.mark.only_on("linux"), pytest.mark.desktop]

START = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from PySide6.QtNetwork import QLocalServer
from guarddog_gui.app.single_instance import SingleInstance

app = QCoreApplication(sys.argv)
instance = SingleInstance(Path(sys.argv[1]))
open(sys.argv[1] + "/begin", "w").close()
print("first" if instance.try_acquire() else "busy", flush=True)
instance.listen()
open(sys.argv[1] + "/end", "w").close()
print("listening", flush=True)
"""
# what another process can see of a start; of `openat` only those on our files, because imports make hundreds
CALLS = (
    "openat,mkdir,flock,fchmod,chmod,fchmodat,socket,bind,listen,unlink,unlinkat,rename,renameat,renameat2,rmdir,link"
)


def traced_start(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder)}
    command = [require_command("strace"), "-f", "-qq", "-o", str(folder / "trace"), *options]
    return subprocess.run(
        [*command, sys.executable, "-c", START, str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def calls_from_the_lock_on(folder: Path) -> list[tuple[str, int]]:
    """Return the system calls of an undisturbed start: their names, and their numbers among those of this name."""
    result = traced_start(folder, "-e", f"trace={CALLS}")
    assert result.stdout == "first\nlistening\n", result
    counts: dict[str, int] = {}
    calls = []
    is_between = False
    for line in (folder / "trace").read_text().splitlines():
        name = line.partition("(")[0].split()[-1]
        counts[name] = counts.get(name, 0) + 1
        is_between = (is_between or '/begin"' in line) and '/end"' not in line
        if is_between and (name != "openat" or str(folder) in line):
            calls.append((name, counts[name]))
    return calls


def test_after_a_kill_at_any_system_call_the_next_start_gets_in(tmp_path: Path) -> None:
    undisturbed = tmp_path / "undisturbed"
    undisturbed.mkdir(mode=0o700)
    calls = calls_from_the_lock_on(undisturbed)
    assert {"flock", "bind", "listen"} <= {name for name, _ in calls}, calls
    for number, (name, occurrence) in enumerate(calls[1:]):  # the first makes our mark
        folder = tmp_path / f"killed-{number}"
        folder.mkdir(mode=0o700)
        killed = traced_start(folder, "-e", f"trace={name}", "-e", f"inject={name}:signal=SIGKILL:when={occurrence}")
        assert not (folder / "end").exists(), (name, occurrence, killed)
        again = traced_start(folder, "-e", "trace=none")
        assert again.stdout == "first\nlistening\n", (name, occurrence, again)
