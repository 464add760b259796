"""Folders whose permissions are enforced: root ignores them, so as root the block runs as user `nobody`."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# imported here because user `nobody` may be unable to read the folder where they are installed
import filelock  # noqa: F401
import platformdirs.unix  # noqa: F401

NOBODY_UID = 65534


@contextmanager
def unprivileged_folder() -> Iterator[Path]:
    """Create a folder; during the block the process has only the rights of an ordinary user."""
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
