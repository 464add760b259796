"""What `watch` reports to systemd, over a real socket."""

import signal
import socket
from pathlib import Path

import pytest

from tests.cli.commands.test_watch import read_line, running_watch
from tests.cli.subprocess_cli import SubprocessCli

pytestmark = pytest.mark.only_on("linux")


def test_a_service_reports_ready_status_and_that_it_is_alive(installed_ctl: SubprocessCli, tmp_path: Path) -> None:
    installed_ctl.add_account()
    reports: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(20)
        environ = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "400000"}
        with running_watch(installed_ctl, **environ) as watch:
            while reports.count("WATCHDOG=1") < 3 or not any("2 of 2 usable" in report for report in reports):
                reports.append(manager.recv(1000).decode())
            read_line(watch)
            watch.send_signal(signal.SIGTERM)
            _, messages = watch.communicate(timeout=30)
            manager.settimeout(0.1)
            while True:
                try:
                    reports.append(manager.recv(1000).decode())
                except TimeoutError:
                    break
    assert (watch.returncode, messages) == (0, "Stopped.\n")
    assert reports.index("READY=1") > 0, "the first line of status comes before"
    assert reports[-1] == "STOPPING=1"
    assert installed_ctl.shop.secret not in "".join(reports)
    assert len({report for report in reports if report.startswith("STATUS=")}) == sum(
        report.startswith("STATUS=") for report in reports
    ), "a line is sent when it changes"


def test_in_a_terminal_nothing_is_reported(installed_ctl: SubprocessCli) -> None:
    with running_watch(installed_ctl) as watch:
        read_line(watch)
        watch.terminate()
        _, messages = watch.communicate(timeout=30)
    assert (watch.returncode, messages) == (0, "Stopped.\n")
