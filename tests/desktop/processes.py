"""Background processes with a minimal environment, and waiting for conditions."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from typing import IO, TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

T = TypeVar("T")


def require_command(command: str) -> str:
    """Return the path of a command, or skip the test (which fails in CI) if it is not installed."""
    path = shutil.which(command)
    if path is None:
        pytest.skip(f"{command} is not installed")
    return path


def wait_until(condition: Callable[[], T | None], description: str, *, timeout_s: float = 10.0) -> T:
    """Evaluate the condition every 20 ms and return its first true value. Fail the test at the timeout."""
    deadline = time.monotonic() + timeout_s
    while not (value := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"waited {timeout_s:g} s in vain for {description}")
        time.sleep(0.02)
    return value


def minimal_environment(**variables: str) -> dict[str, str]:
    """Return a minimal environment with these variables, without any of the user's desktop."""
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "LANG": "C.UTF-8", "TZ": "UTC", "NO_AT_BRIDGE": "1", **variables}


def start_process(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    output: IO[bytes] | int = subprocess.DEVNULL,
    stdin: int = subprocess.DEVNULL,
    pass_fds: tuple[int, ...] = (),
) -> subprocess.Popen[bytes]:
    """Start a process in a new session, so that at Ctrl+C the fixtures still stop their processes in order."""
    return subprocess.Popen(
        command,
        env=dict(environment),
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT if output != subprocess.DEVNULL else subprocess.DEVNULL,
        pass_fds=pass_fds,
        start_new_session=True,
    )


def stop_process(process: subprocess.Popen[bytes], *, timeout_s: float = 5.0) -> int:
    """Send SIGTERM, and SIGKILL at the timeout. Return the exit code."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
    if process.stdin:
        process.stdin.close()
    return process.wait()
