"""Kill a program at each of its system calls that change something: files, folders, modes, locks, sockets.

strace delivers SIGKILL at the entry of the call, which is then not executed. Its `when=` counts per thread; so the
killed program shows afterwards which call it was. (Its option --seccomp-bpf would be faster, but then nothing is injected.)
"""

from __future__ import annotations

import re
import signal
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.desktop.processes import require_command

CALLS = (
    "openat,write,writev,pwrite64,pwritev,fsync,fdatasync,ftruncate,fallocate,rename,renameat,renameat2,link,linkat,"
    "symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,chmod,fchmod,fchmodat,fchown,utimensat,flock,bind,listen,"
    "sendto,sendmsg"
)
_LINE = re.compile(r"(\d+) +(\w+)\((.*)")
_KILLED = re.compile(r"(\d+) +(\w+)\((.*)\) += \?( <unavailable>)?$")


class KillPoint(NamedTuple):
    """The n-th call of this name in a thread, and the file that it is about."""

    name: str
    number: int
    subject: str


def trace(
    command: Sequence[str],
    environment: Mapping[str, str],
    output: Path,
    *options: str,
    stdin: str = "",
    stop_after_s: float | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program under strace. With `stop_after_s`, send SIGTERM to it after that time."""
    strace = [require_command("strace"), "-f", "-y", "-qq", "-s", "16", "-o", str(output), *options]
    if stop_after_s is not None:
        strace += [require_command("timeout"), "--preserve-status", "-k", "10", str(stop_after_s)]
    return subprocess.run(
        [*strace, *command], env=environment, input=stdin, capture_output=True, text=True, timeout=120, check=False
    )


def find_kill_points(output: Path, folder: Path) -> list[KillPoint]:
    """Return the calls of an undisturbed run that change something in the folder, or send something."""
    counts: Counter[tuple[str, str]] = Counter()
    points: dict[tuple[str, int], KillPoint] = {}
    for line in output.read_text("utf-8", "replace").splitlines():
        if (match := _LINE.match(line)) is None:
            continue
        thread, name, arguments = match.groups()
        counts[thread, name] += 1
        number = counts[thread, name]
        if changes_something(name, arguments, folder):
            points.setdefault((name, number), KillPoint(name, number, subject_of(name, arguments, folder)))
    return list(points.values())


def changes_something(name: str, arguments: str, folder: Path) -> bool:
    if name in ("sendto", "sendmsg"):
        return "<socket:" in arguments or "<TCP:" in arguments
    if name == "openat":
        return str(folder) in arguments and re.search("O_CREAT|O_TRUNC|O_WRONLY|O_RDWR", arguments) is not None
    return str(folder) in arguments


def subject_of(name: str, arguments: str, folder: Path) -> str:
    """Return the call and its file, without what differs from run to run."""
    paths = re.findall(re.escape(str(folder)) + r"([^\">]*)", re.split(r"\) += ", arguments)[0])
    text = re.sub(r"\.\d+-\d+\.tmp", ".tmp", " ".join(paths)) or "socket"
    return f"{name} {re.sub(r'[0-9]{3,}', 'N', text)}"


def killed_at(output: Path, folder: Path) -> str | None:
    """Return the subject of the call at which the program was killed; None if it ended by itself."""
    for line in reversed(output.read_text("utf-8", "replace").splitlines()):
        if (match := _KILLED.match(line)) is not None:
            return subject_of(match[2], match[3], folder)
    return None  # in the middle of a call that another thread's line interrupts


def was_killed(result: subprocess.CompletedProcess[str]) -> bool:
    return result.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)


def injection(point: KillPoint) -> tuple[str, ...]:
    return ("-e", f"trace={point.name}", "-e", f"inject={point.name}:signal=SIGKILL:when={point.number}")
