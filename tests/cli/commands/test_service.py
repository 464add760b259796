"""`service` with a systemctl that records its calls; the real one is in tests/desktop/test_user_service.py."""

import os
import stat
from pathlib import Path

import pytest

from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli

pytestmark = pytest.mark.only_on("linux")

SYSTEMCTL = """#!/bin/sh
here=$(dirname "$0")
echo "$*" >> "$here/calls"
case "$*" in
*property=Version*) exit "$(cat "$here/session")" ;;
*restart*)
    grep -q PrivateUsers "$XDG_CONFIG_HOME/systemd/user/guarddog.service" && [ -e "$here/refuses-namespaces" ] && exit 1
    [ ! -e "$here/fails" ] || { echo "Job for guarddog.service failed." >&2; exit 1; }
    touch "$here/runs" ;;
*disable*) rm -f "$here/runs" ;;
*property=ActiveState*)
    if [ -e "$here/runs" ]; then echo ActiveState=active; echo "StatusText=2 of 2 usable"; echo Result=success
    else echo ActiveState=failed; echo Result=watchdog; echo ExecMainStatus=226; fi
    echo UnitFileState=enabled ;;
esac
"""
LOGINCTL = '#!/bin/sh\ncat "$(dirname "$0")/linger"\n'


class FakeSystemd:
    """Programs of systemd in a folder of their own, and what they answer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for name, text in (("systemctl", SYSTEMCTL), ("loginctl", LOGINCTL)):
            (folder / name).write_text(text)
            (folder / name).chmod(stat.S_IRWXU)
        self.answer("session", "0")
        self.answer("linger", "yes")

    def answer(self, name: str, text: str = "") -> None:
        (self.folder / name).write_text(text)

    @property
    def calls(self) -> list[str]:
        """Calls that change something, without the options of all of them."""
        lines = (self.folder / "calls").read_text().splitlines()
        calls = [line.removeprefix("--user --no-pager --no-ask-password ") for line in lines]
        return [call for call in calls if not call.startswith("show")]


@pytest.fixture
def systemd(installed_ctl: SubprocessCli, tmp_path: Path) -> FakeSystemd:
    fake = FakeSystemd(tmp_path / "bin")
    installed_ctl.environ["PATH"] = f"{fake.folder}{os.pathsep}{installed_ctl.environ['PATH']}"
    installed_ctl.environ["XDG_CONFIG_HOME"] = str(tmp_path / "config")
    installed_ctl.environ["USER"] = "tester"
    return fake


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    return tmp_path / "config/systemd/user/guarddog.service"


def test_installing_writes_enables_and_starts_the_unit(
    installed_ctl: SubprocessCli, systemd: FakeSystemd, unit: Path
) -> None:
    done = installed_ctl("service", "install")
    assert (done.returncode, done.stderr) == (0, "")
    assert str(unit) in done.stdout
    assert "2 of 2 usable" in done.stdout
    assert f'ExecStart="{GUARDDOGCTL}" watch' in unit.read_text()
    assert f'"GUARDDOG_HOME={installed_ctl.environ["GUARDDOG_HOME"]}"' in unit.read_text()
    assert systemd.calls == [
        "daemon-reload", "enable guarddog.service", "reset-failed guarddog.service", "restart guarddog.service",
    ]  # fmt: skip


def test_without_lingering_the_command_says_how_it_survives_a_logout(
    installed_ctl: SubprocessCli, systemd: FakeSystemd
) -> None:
    systemd.answer("linger", "no")
    done = installed_ctl("service", "install")
    assert done.returncode == 0
    assert "loginctl enable-linger" in done.stderr
    assert "tester" in done.stderr


def test_where_user_namespaces_are_refused_the_unit_does_without(
    installed_ctl: SubprocessCli, systemd: FakeSystemd, unit: Path
) -> None:
    systemd.answer("refuses-namespaces")
    done = installed_ctl("service", "install")
    assert done.returncode == 0
    assert "user namespaces" in done.stderr
    assert "PrivateUsers" not in unit.read_text()
    assert "NoNewPrivileges=yes" in unit.read_text()


def test_a_service_that_does_not_start_ends_with_4_and_names_its_log(
    installed_ctl: SubprocessCli, systemd: FakeSystemd
) -> None:
    systemd.answer("fails")
    done = installed_ctl("service", "install")
    assert done.returncode == 4
    assert "journalctl --user -u guarddog" in done.stderr
    assert "Job for guarddog.service failed." in done.stderr
    status = installed_ctl("service", "status")
    assert status.returncode == 4
    assert "failed (watchdog)" in status.stdout


def test_without_a_session_the_command_says_how_to_get_one(
    installed_ctl: SubprocessCli, systemd: FakeSystemd, unit: Path
) -> None:
    systemd.answer("session", "1")
    for subcommand in ("install", "status", "remove"):
        done = installed_ctl("service", subcommand)
        assert done.returncode == 4
        assert "enable-linger tester" in done.stderr
        assert f"XDG_RUNTIME_DIR=/run/user/{os.getuid()}" in done.stderr
    assert not unit.exists()


def test_without_systemd_the_command_says_what_else_can_start_it(installed_ctl: SubprocessCli, tmp_path: Path) -> None:
    installed_ctl.environ["PATH"] = str(tmp_path)
    done = installed_ctl("service", "install")
    assert done.returncode == 4
    assert "guarddogctl watch" in done.stderr


def test_a_unit_that_the_user_has_written_is_left_alone(
    installed_ctl: SubprocessCli, systemd: FakeSystemd, unit: Path
) -> None:
    unit.parent.mkdir(parents=True)
    unit.write_text("[Service]\nExecStart=/usr/bin/mine\n")
    for subcommand in ("install", "remove"):
        done = installed_ctl("service", subcommand)
        assert done.returncode == 4
        assert str(unit) in done.stderr
    assert unit.read_text() == "[Service]\nExecStart=/usr/bin/mine\n"
    assert systemd.calls == []


def test_removing_stops_it_first_and_twice_does_no_harm(
    installed_ctl: SubprocessCli, systemd: FakeSystemd, unit: Path
) -> None:
    installed_ctl("service", "install")
    assert installed_ctl("service", "remove").returncode == 0
    assert not unit.exists()
    assert "disable --now guarddog.service" in systemd.calls
    again = installed_ctl("service", "remove")
    assert (again.returncode, again.stdout) == (0, "The service is not installed.\n")


def test_the_status_names_a_program_that_is_gone(
    installed_ctl: SubprocessCli, systemd: FakeSystemd, unit: Path
) -> None:
    assert installed_ctl("service", "status").returncode == 4
    installed_ctl("service", "install")
    unit.write_text(unit.read_text().replace(GUARDDOGCTL, "/gone/guarddogctl"))
    status = installed_ctl("service", "status")
    assert status.returncode == 0, "the running one goes on"
    assert "/gone/guarddogctl is gone." in status.stderr
    assert "guarddogctl service install" in status.stderr
    assert "2 of 2 usable" in status.stdout
    assert systemd.calls
