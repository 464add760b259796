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


def test_apt_can_install_what_has_a_candidate_and_not_what_is_only_mentioned() -> None:
    assert parse_installable(POLICY) == {"libglib2.0-0", "xvfb"}


def test_a_package_is_chosen_under_the_name_that_this_release_knows() -> None:
    assert choose_packages([GLIB], {"libglib2.0-0"}) == ["libglib2.0-0"]
    assert choose_packages([GLIB], {"libglib2.0-0", "libglib2.0-0t64"}) == ["libglib2.0-0t64"]


def test_without_lists_the_old_name_is_used_because_newer_releases_still_provide_it() -> None:
    assert choose_packages([GLIB], set()) == ["libglib2.0-0"]


def test_a_person_gets_one_line_to_type() -> None:
    install = "sudo apt-get install -y --no-install-recommends xvfb xclip"
    assert install_command(["xvfb", "xclip"], has_package_lists=True) == install
    assert install_command(["xvfb"], has_package_lists=False).startswith("sudo apt-get update && sudo ")


@pytest.mark.only_on("linux")
@pytest.mark.parametrize("sign", ["sh", "libc.so.6", "/etc/pass*"])
def test_a_need_is_met_by_a_command_a_library_or_a_file(sign: str) -> None:
    assert SystemRequirement(sign, ("some-package",)).is_met()


@pytest.mark.parametrize("sign", ["no-such-command", "libnothing.so.7", "/no/such/*"])
def test_a_need_is_not_met_by_what_is_not_there(sign: str) -> None:
    assert not SystemRequirement(sign, ("some-package",)).is_met()


# The whole way, with a machine whose apt is three small scripts in front of the PATH


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Empty package lists; after an update apt knows `guarddog-tool`, which brings a command of that name."""
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


def see_to(sign: str, machine: Path) -> subprocess.CompletedProcess[str]:
    code = f"import system_packages as s; s.ensure_system_packages([s.SystemRequirement({sign!r}, ('guarddog-tool',))])"
    path = f"{machine}{os.pathsep}/usr/bin:/bin"
    environment = {"PATH": path, "PYTHONPATH": str(Path(system_packages.__file__).parent)}
    command = [sys.executable, "-B", "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.only_on("linux")
def test_what_is_missing_is_installed_after_fetching_the_lists(machine: Path) -> None:
    done = see_to("guarddog-tool", machine)
    assert done.returncode == 0, done.stderr
    update, install = (machine / "log").read_text().splitlines()
    assert update.endswith("update")
    assert install.endswith("install -y --no-install-recommends guarddog-tool")


@pytest.mark.only_on("linux")
def test_nothing_is_asked_of_apt_when_nothing_is_missing(machine: Path) -> None:
    assert see_to("sh", machine).returncode == 0
    assert not (machine / "log").exists()


@pytest.mark.only_on("linux")
def test_a_package_that_does_not_bring_what_it_should_is_named(machine: Path) -> None:
    done = see_to("another-tool", machine)
    assert done.returncode == 1
    assert "cannot find another-tool" in done.stderr
    assert "Traceback" not in done.stderr
