"""Development environment: the project in `.venv`, npm packages in tests/interop/node_modules."""

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
    """Create `.venv` and install the project, unless that was done for the current pyproject.toml.

    A stamp file in `.venv` holds a hash of the pyproject.toml that was installed.
    """
    pyproject = (ROOT / "pyproject.toml").read_text("utf-8")
    expected = fingerprint(pyproject, str(ROOT), sys.version)
    run_stamp, test_stamp = VENV / "ready-for-run", VENV / "ready-for-test"
    usable = is_venv_usable()
    if usable and is_up_to_date(test_stamp if development else run_stamp, expected):
        return
    if not usable:
        make_venv()
    print_status("Installing Guard Dog and its dependencies into .venv (a first download of about 100 MB) …")
    pip: list[str | Path] = [PYTHON, "-m", "pip"]
    if not succeeds_silently([*pip, "--version"]):  # Debian without python3-venv: use the pip outside .venv
        pip = [sys.executable, "-m", "pip", "--python", PYTHON]
    packages = ["--editable", f"{ROOT}[tray]", *(dev_requirements(pyproject) if development else ())]
    if not run_command([*pip, "install", "--quiet", "--disable-pip-version-check", *packages]):
        sys.exit("pip failed, see above. If the network or a proxy is the cause, try again later.")
    for stamp in (run_stamp, test_stamp) if development else (run_stamp,):
        stamp.write_text(expected, "utf-8")


def make_venv() -> None:
    print_status("Creating .venv …")
    if not has_module("ensurepip") and not has_module("pip"):
        ensurepip = str(Path(venv.__file__).parent.parent / "ensurepip")
        versioned = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        ensure_system_packages([SystemRequirement(ensurepip, (versioned, "python3-venv"))])
        importlib.invalidate_caches()
    try:
        venv.create(VENV, clear=True, symlinks=os.name != "nt", with_pip=has_module("ensurepip"))
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"Could not create {VENV}: {error}. Remove what is in the way and try again.")


def is_venv_usable() -> bool:
    return succeeds_silently([PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"])


def dev_requirements(pyproject: str, group: str = "dev") -> list[str]:
    """Return the requirements of a group; pip has `--group` only since 25.1."""
    return [str(requirement) for requirement in tomllib.loads(pyproject)["dependency-groups"][group]]


def install_group(group: str) -> None:
    """Install a group of pyproject.toml into `.venv`; pip does nothing if that was done."""
    requirements = dev_requirements((ROOT / "pyproject.toml").read_text("utf-8"), group)
    if not run_command([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements]):
        sys.exit("pip failed, see above. If the network or a proxy is the cause, try again later.")


def install_if_possible(package: str) -> None:
    """Install a package that only some platforms have; without it the tests that need it are skipped."""
    if not succeeds_silently([PYTHON, "-c", f"import {package}"]):
        print_status(f"Installing {package} into .venv …")
        succeeds_silently([PYTHON, "-m", "pip", "install", "--quiet", "--only-binary=:all:", package])


def install_npm_packages() -> None:
    """Install the npm packages that tests/interop runs, unless that was done; skip it without npm."""
    files = [INTEROP_FOLDER / "package.json", INTEROP_FOLDER / "package-lock.json"]
    existing = [file for file in files if file.is_file()]
    npm = shutil.which("npm")
    if npm is None or not existing:
        return
    expected = fingerprint(*(file.read_text("utf-8") for file in existing))
    stamp = INTEROP_FOLDER / "node_modules" / "ready-for-test"
    if is_up_to_date(stamp, expected):
        return
    print_status("Installing the npm packages of the tests …")
    command = ["ci"] if len(existing) == len(files) else ["install", "--no-package-lock"]
    if not run_command([npm, *command, "--no-audit", "--no-fund", "--loglevel=error"], cwd=INTEROP_FOLDER):
        sys.exit("npm failed, see above. If the network or a proxy is the cause, try again later.")
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(expected, "utf-8")


def print_status(message: str) -> None:
    print(message, flush=True)


def fingerprint(*texts: str) -> str:
    """Return a short hash of these texts."""
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
    """Run a command and return True if it succeeds. At Ctrl+C, wait until it has cleaned up and ended."""
    with subprocess.Popen(command, cwd=cwd) as process:
        try:
            return process.wait() == 0
        except KeyboardInterrupt:
            process.wait()
            raise
