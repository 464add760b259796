from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import system_packages
from system_packages import SystemRequirement, choose_packages, install_command, parse_installable

GLIB = SystemRequirement("libglib-2.0.so.0", ("libglib2.0-0t64", "libglib2.0-0"))
POLICY = """libglib2.0-0:
  Installed: 2.74.6-2
  Candidate: 2.74.6-2+deb12u7
  Version table:
     2.74.6-2+deb12u7 500
        500 http://deb.example bookworm/main amd64 Packages
libglib2.0-0t64:
  Installed: (none)
  Candidate: (none)
  Version table:
xvfb:
  Installed: (none)
  Candidate: 2:21.1.7-3
"""


def test_packages_with_a_candidate_are_installable() -> None:
    assert parse_installable(POLICY) == {"libglib2.0-0", "xvfb"}


def test_the_package_name_of_this_release_is_chosen() -> None:
    assert choose_packages([GLIB], {"libglib2.0-0"}) == ["libglib2.0-0"]
    assert choose_packages([GLIB], {"libglib2.0-0", "libglib2.0-0t64"}) == ["libglib2.0-0t64"]


def test_without_package_lists_the_oldest_name_is_chosen() -> None:
    # Newer releases still provide it.
    assert choose_packages([GLIB], set()) == ["libglib2.0-0"]


def test_the_user_gets_one_command_to_run() -> None:
    install = "sudo apt-get install -y --no-install-recommends xvfb xclip"
    assert install_command(["xvfb", "xclip"], has_package_lists=True) == install
    assert install_command(["xvfb"], has_package_lists=False).startswith("sudo apt-get update && sudo ")


@pytest.mark.only_on("linux")
@pytest.mark.parametrize("probe", ["sh", "libc.so.6", "/etc/pass*"])
def test_a_requirement_is_met_by_a_command_a_library_or_a_file(probe: str) -> None:
    assert SystemRequirement(probe, ("some-package",)).is_met()


@pytest.mark.parametrize("probe", ["no-such-command", "libnothing.so.7", "/no/such/*"])
def test_a_requirement_that_does_not_exist_is_not_met(probe: str) -> None:
    assert not SystemRequirement(probe, ("some-package",)).is_met()


# The whole installation, on a machine whose apt is replaced by three scripts at the front of PATH.


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Machine without package lists, where `apt-get update` makes `guarddog-tool` installable.

    That package contains a command of the same name.
    """
    scripts = {
        "apt-get": 'echo "$@" >> $M/log; case "$*" in *update*) touch $M/lists;; '
        "*install*) cp $M/sudo $M/guarddog-tool;; esac",
        "apt-cache": 'test -e $M/lists && printf "guarddog-tool:\\n  Candidate: 1.0\\n"',
        "sudo": 'shift; exec "$@"',
    }
    for name, script in scripts.items():
        (tmp_path / name).write_text(f"#!/bin/sh\nM='{tmp_path}'\n{script}\n")
        (tmp_path / name).chmod(0o755)
    return tmp_path


def install_in_machine(probe: str, machine: Path) -> subprocess.CompletedProcess[str]:
    code = (
        f"import system_packages as s; s.ensure_system_packages([s.SystemRequirement({probe!r}, ('guarddog-tool',))])"
    )
    path = f"{machine}{os.pathsep}/usr/bin:/bin"
    environment = {"PATH": path, "PYTHONPATH": str(Path(system_packages.__file__).parent)}
    command = [sys.executable, "-B", "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.only_on("linux")
def test_a_missing_package_is_installed_after_fetching_the_package_lists(machine: Path) -> None:
    result = install_in_machine("guarddog-tool", machine)
    assert result.returncode == 0, result.stderr
    update, install = (machine / "log").read_text().splitlines()
    assert update.endswith("update")
    assert install.endswith("install -y --no-install-recommends guarddog-tool")


@pytest.mark.only_on("linux")
def test_apt_is_not_called_when_nothing_is_missing(machine: Path) -> None:
    assert install_in_machine("sh", machine).returncode == 0
    assert not (machine / "log").exists()


@pytest.mark.only_on("linux")
def test_a_requirement_still_missing_after_installation_is_reported(machine: Path) -> None:
    result = install_in_machine("another-tool", machine)
    assert result.returncode == 1
    assert "cannot find another-tool" in result.stderr
    assert "Traceback" not in result.stderr
