"""Real programs in the background: started with an environment of their own, always ended."""

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
    """Where that command is; a test that cannot do without it is skipped (and in CI fails)."""
    path = shutil.which(command)
    if path is None:
        pytest.skip(f"{command} is not installed")
    return path


def wait_until(condition: Callable[[], T | None], description: str, *, timeout_s: float = 10.0) -> T:
    """The first true value of the condition, which is looked at every 20 ms."""
    deadline = time.monotonic() + timeout_s
    while not (value := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"waited {timeout_s:g} s in vain for {description}")
        time.sleep(0.02)
    return value


def minimal_environment(**variables: str) -> dict[str, str]:
    """The bare minimum of an environment; nothing of the person's desktop gets in."""
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
    """Its own process group, so that a Ctrl+C at pytest lets the fixtures end it in their order."""
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
    """Its exit code. Asked by SIGTERM, and killed if it does not listen."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
    if process.stdin:
        process.stdin.close()
    return process.wait()
