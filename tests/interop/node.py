"""Node, and the npm packages that are installed in this folder."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

INTEROP_FOLDER = Path(__file__).parent


def require_node_package(package: str) -> str:
    """Return the path of `node`, or skip the test if Node or this package is not installed."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    if not (INTEROP_FOLDER / "node_modules" / package).is_dir():
        pytest.skip(f"{package} is not installed: run npm ci in tests/interop")
    return node


def run_node_script(
    package: str, script: str, arguments: Sequence[str] = (), *, stdin: object = None, timeout_s: float = 30
) -> Any:
    """Run a script of this folder, which needs `package`: JSON on its stdin, and JSON on its stdout."""
    result = subprocess.run(
        [require_node_package(package), str(INTEROP_FOLDER / script), *arguments],
        input=json.dumps(stdin),
        capture_output=True,
        encoding="utf-8",
        timeout=timeout_s,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)
