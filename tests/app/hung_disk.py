"""Disk that hangs, for a process of a test: every look at a path below one folder takes a minute."""

import os
import time
from typing import Any

HANG_S = 60


def hang_below(folder: str) -> None:
    """Replace the calls of `os` that look at paths."""
    for name in ("stat", "lstat", "open", "listdir", "scandir", "mkdir", "access", "replace", "unlink"):
        setattr(os, name, _hanging(getattr(os, name), folder))


def _hanging(function: Any, folder: str) -> Any:
    def call(path: Any, *args: Any, **options: Any) -> Any:
        if isinstance(path, str | os.PathLike) and os.fspath(path).startswith(folder):
            time.sleep(HANG_S)
        return function(path, *args, **options)

    return call
