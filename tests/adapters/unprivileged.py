"""A folder whose modes count: root ignores them, so as root the block runs as nobody."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# imported lazily by the adapters: nobody may not be able to read where they are installed
import filelock  # noqa: F401
import platformdirs.unix  # noqa: F401

NOBODY_UID = 65534


@contextmanager
def unprivileged_folder() -> Iterator[Path]:
    """A folder of its own; within the block the process has no more rights than an ordinary person."""
    with tempfile.TemporaryDirectory() as name:
        is_root = os.geteuid() == 0
        if is_root:
            os.chown(name, NOBODY_UID, NOBODY_UID)
            os.seteuid(NOBODY_UID)
        try:
            yield Path(name)
        finally:
            if is_root:
                os.seteuid(0)
            for folder, _, _ in os.walk(name):
                Path(folder).chmod(0o700)


@contextmanager
def read_only_folder(folder: Path) -> Iterator[None]:
    folder.chmod(0o500)
    try:
        yield
    finally:
        folder.chmod(0o700)


@contextmanager
def set_umask(bits: int) -> Iterator[None]:
    before = os.umask(bits)
    try:
        yield
    finally:
        os.umask(before)


def permission_bits(path: Path) -> int:
    return path.stat().st_mode & 0o777
