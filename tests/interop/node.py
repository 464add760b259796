"""Node and what npm has installed for it here."""

import shutil
from pathlib import Path

import pytest

INTEROP_FOLDER = Path(__file__).parent


def require_node_package(package: str) -> str:
    """The command `node`, if this package is there for it; else the test is skipped."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    if not (INTEROP_FOLDER / "node_modules" / package).is_dir():
        pytest.skip(f"{package} is not installed: run npm ci in tests/interop")
    return node
