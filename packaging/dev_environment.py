"""The project installed where it lies: `.venv` for Python, tests/interop/node_modules for npm."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from typing import TYPE_CHECKING

from system_packages import SystemRequirement, ensure_system_packages

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
INTEROP_FOLDER = ROOT / "tests" / "interop"


def ensure_venv(*, development: bool) -> None:
    """Makes `.venv` and installs the project, unless that was done for the pyproject.toml of now."""
    pyproject = (ROOT / "pyproject.toml").read_text("utf-8")
    state = fingerprint(pyproject, str(ROOT), sys.version)
    for_run, for_test = VENV / "ready-for-run", VENV / "ready-for-test"
    works = is_venv_usable()
    if works and is_up_to_date(for_test if development else for_run, state):
        return
    if not works:
        make_venv()
    print_status("Installing Guard Dog and what it needs into .venv (the first time some 150 MB are fetched) …")
    pip: list[str | Path] = [PYTHON, "-m", "pip"]
    if not succeeds_silently([*pip, "--version"]):  # Debian without python3-venv: the pip outside does it
        pip = [sys.executable, "-m", "pip", "--python", PYTHON]
    wanted = ["--editable", str(ROOT), *(dev_requirements(pyproject) if development else ())]
    if not run_command([*pip, "install", "--quiet", "--disable-pip-version-check", *wanted]):
        sys.exit("pip could not do it, see above. If it is the network or a proxy, start me again later.")
    for stamp in (for_run, for_test) if development else (for_run,):
        stamp.write_text(state, "utf-8")


def make_venv() -> None:
    print_status("Making .venv …")
    if not has_module("ensurepip") and not has_module("pip"):
        ensurepip = str(Path(venv.__file__).parent.parent / "ensurepip")
        versioned = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        ensure_system_packages([SystemRequirement(ensurepip, (versioned, "python3-venv"))])
        importlib.invalidate_caches()
    try:
        venv.create(VENV, clear=True, symlinks=os.name != "nt", with_pip=has_module("ensurepip"))
    except (OSError, subprocess.CalledProcessError) as trouble:
        sys.exit(f"Could not make {VENV}: {trouble}. Remove what is in the way and start me again.")


def is_venv_usable() -> bool:
    return succeeds_silently([PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"])


def dev_requirements(pyproject: str) -> list[str]:
    """The requirements of the `dev` group; pip knows `--group` only since 25.1."""
    return [str(requirement) for requirement in tomllib.loads(pyproject)["dependency-groups"]["dev"]]


def ensure_npm_packages() -> None:
    """Installs the npm packages that tests/interop talks to."""
    files = [INTEROP_FOLDER / "package.json", INTEROP_FOLDER / "package-lock.json"]
    there = [file for file in files if file.is_file()]
    npm = shutil.which("npm")
    if npm is None or not there:
        return
    state = fingerprint(*(file.read_text("utf-8") for file in there))
    stamp = INTEROP_FOLDER / "node_modules" / "ready-for-test"
    if is_up_to_date(stamp, state):
        return
    print_status("Installing the npm packages that the tests talk to …")
    verb = ["ci"] if len(there) == len(files) else ["install", "--no-package-lock"]
    if not run_command([npm, *verb, "--no-audit", "--no-fund", "--loglevel=error"], cwd=INTEROP_FOLDER):
        sys.exit("npm could not do it, see above. If it is the network or a proxy, start me again later.")
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(state, "utf-8")


def print_status(message: str) -> None:
    print(message, flush=True)


def fingerprint(*texts: str) -> str:
    """A short word that changes when one of the texts does."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def is_up_to_date(stamp_file: Path, expected: str) -> bool:
    return stamp_file.is_file() and stamp_file.read_text("utf-8") == expected


def has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def succeeds_silently(command: Sequence[str | Path]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run_command(command: Sequence[str | Path], *, cwd: Path = ROOT) -> bool:
    """Whether the command ended well. At Ctrl+C it is given the time to clean up behind itself."""
    with subprocess.Popen(command, cwd=cwd) as process:
        try:
            return process.wait() == 0
        except KeyboardInterrupt:
            process.wait()
            raise
