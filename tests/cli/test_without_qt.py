"""An installation for a server, `pip install guarddog-gui` without the extra `tray`, has no Qt."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.cli.commands.test_watch import read_line, running_watch
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli

# loaded by every Python process that finds it on its path
HIDE_QT = "import sys\nsys.modules['PySide6'] = sys.modules['shiboken6'] = None\n"


@pytest.fixture
def server_ctl(installed_ctl: SubprocessCli, tmp_path: Path) -> SubprocessCli:
    """Return a command line whose processes cannot import Qt."""
    folder = tmp_path / "hide-qt"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(HIDE_QT)
    installed_ctl.environ["PYTHONPATH"] = os.pathsep.join((str(folder), installed_ctl.environ["PYTHONPATH"]))
    return installed_ctl


def test_every_command_works(server_ctl: SubprocessCli) -> None:
    assert server_ctl.add_account().returncode == 0
    for command in (
        ("token",),
        ("status",),
        ("refresh",),
        ("sign", "https://a.cn/"),
        ("history",),
        ("accounts", "list"),
        ("errcode", "40164"),
    ):
        done = server_ctl(*command)
        assert (command, done.returncode) == (command, 0), done.stderr
        assert done.stdout
    assert "PySide6" in server_ctl("doctor").stdout


@pytest.mark.only_on("linux", "darwin")  # signals
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_watch_refreshes_and_ends_in_order(server_ctl: SubprocessCli, number: signal.Signals) -> None:
    server_ctl.add_account()
    with running_watch(server_ctl) as watch:
        headline, event = read_line(watch), read_line(watch)
        watch.send_signal(number)
        _, messages = watch.communicate(timeout=30)
    assert headline.startswith("1 of 2 usable")
    assert "Shop JSAPI_TICKET" in event
    assert (watch.returncode, messages) == (0, "Stopped.\n")


@pytest.mark.only_on("linux", "darwin")  # signals
def test_the_sandbox_gives_an_address_and_an_account(server_ctl: SubprocessCli) -> None:
    sandbox = subprocess.Popen(
        [GUARDDOGCTL, "sandbox"],
        env=server_ctl.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert sandbox.stdout is not None
    first = sandbox.stdout.readline()
    sandbox.send_signal(signal.SIGTERM)
    sandbox.communicate(timeout=30)
    assert "http://127.0.0.1:" in first


@pytest.mark.only_on("linux", "darwin")  # signals
def test_serve_gives_a_token(server_ctl: SubprocessCli) -> None:
    server_ctl.add_account()
    key = server_ctl("serve", "keys", "add", "ci").stdout.strip()
    server = subprocess.Popen(
        [GUARDDOGCTL, "serve", "--listen", "127.0.0.1:0"],
        env=server_ctl.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    assert server.stdout is not None
    base = server.stdout.readline().strip()
    answer = requests.get(f"{base}/v1/token", headers={"Authorization": f"Bearer {key}"}, timeout=30)
    server.send_signal(signal.SIGTERM)
    _, messages = server.communicate(timeout=30)
    assert answer.json()["value"] == server_ctl("token").stdout.strip()
    assert (server.returncode, messages) == (0, "Ctrl+C stops it.\nStopped.\n")


def test_the_library_works_and_the_tray_app_says_what_is_missing(server_ctl: SubprocessCli) -> None:
    library = "import guarddog_gui; from guarddog_gui import guard_dog; print(guarddog_gui.access_token)"
    tray = "import sys; from guarddog_gui.app.main import main; sys.exit(main([{!r}]))"
    environ = server_ctl.environ | {"DISPLAY": ":0"}

    def python(code: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", code], env=environ, capture_output=True, encoding="utf-8", check=False
        )

    assert python(library).returncode == 0
    for option in ("--show", "--self-test", "--install-desktop"):
        done = python(tray.format(option))
        assert (done.returncode, done.stdout) == (4, "")
        assert "pip install 'guarddog-gui[tray]'" in done.stderr
        assert done.stderr.count("\n") == 1
