"""`guarddogctl service` with a real `systemd --user` of an ordinary user: install, watchdog, credentials, removal."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.subprocess_cli import GUARDDOGCTL
from tests.desktop.user_systemd import UserSystemd, can_run, user_systemd

pytestmark = [pytest.mark.desktop, pytest.mark.only_on("linux")]

BACKEND = "guarddog_gui.adapters.keyring.credential_files.CredentialFiles"


@pytest.fixture
def wechat() -> Iterator[SandboxServer]:
    with SandboxServer(time.time) as server:
        yield server


@pytest.fixture
def home() -> Iterator[Path]:
    """Return a folder with a name that has to be quoted, which another user can reach."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        folder = Path(name) / 'home of % "user"'
        folder.mkdir()
        yield folder


@pytest.fixture
def session(home: Path, wechat: SandboxServer) -> Iterator[UserSystemd]:
    """Return a session with an account, whose secret is a credential of the service."""
    if not can_run():
        pytest.skip("needs root and systemd")
    secret = home / "secret"
    secret.write_text(wechat.accounts[0].secret + "\n")
    settings = home / ".config/systemd/user/guarddog.service.d/server.conf"
    settings.parent.mkdir(parents=True)
    credential = f"guarddog.{wechat.accounts[0].appid}.appsecret:/home/{quoted(home.name)}/secret"
    settings.write_text(f"[Service]\nLoadCredential={credential}\nRestartSec=1\nWatchdogSec=4\n")
    environ = {
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
        "GUARDDOG_HOME": f"/home/{home.name}/guard dog",
        "GUARDDOG_API_BASE": wechat.base_url,
        "GUARDDOG_LANG": "en",
        "PYTHON_KEYRING_BACKEND": BACKEND,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with user_systemd(home, environ) as systemd:
        yield systemd


def quoted(text: str) -> str:
    return text.replace("%", "%%")


def wait_until(is_true: Callable[[], bool], timeout_s: float = 30) -> None:
    deadline = time.monotonic() + timeout_s
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def shown(session: UserSystemd, name: str) -> str:
    return session.run("systemctl", "--user", "show", "guarddog", f"--property={name}", "--value").stdout.strip()


def add_account(session: UserSystemd, wechat: SandboxServer) -> None:
    """Add the account as a server's administrator does: its secret has to be in the credentials already."""
    shop = wechat.accounts[0]
    credentials = (
        'mkdir "$HOME/c" && cp "$HOME/secret" "$HOME/c/guarddog.$1.appsecret" && export CREDENTIALS_DIRECTORY="$HOME/c"'
    )
    add = 'exec "$2" accounts add --appid "$1" --name Shop --secret-stdin < "$HOME/secret"'
    added = session.run("sh", "-c", f"{credentials} && {add}", "sh", shop.appid, GUARDDOGCTL)
    assert (added.returncode, added.stderr) == (0, "")


def test_the_service_keeps_values_fresh_with_a_credential_as_its_keyring(
    session: UserSystemd, wechat: SandboxServer, home: Path
) -> None:
    add_account(session, wechat)
    installed = session.run(GUARDDOGCTL, "service", "install")
    assert (installed.returncode, installed.stderr) == (0, "")
    wait_until(lambda: shown(session, "StatusText").startswith("2 of 2 usable"))
    ticket = session.run(GUARDDOGCTL, "token", "--key", "JSAPI_TICKET").stdout.strip()
    assert ticket in wechat.rules.accepted_tickets(wechat.accounts[0].appid)
    status = session.run(GUARDDOGCTL, "service", "status")
    assert status.returncode == 0
    assert "running" in status.stdout
    assert "2 of 2 usable" in status.stdout
    assert GUARDDOGCTL in status.stdout
    process = Path("/proc", shown(session, "MainPID"))
    limits = session.run("cat", str(process / "status"), str(process / "mountinfo"), str(process / "environ")).stdout
    assert "NoNewPrivs:\t1" in limits
    assert "Seccomp:\t2" in limits
    mounts = {line.split()[4]: line.split()[5] for line in limits.splitlines() if " - " in line}
    assert mounts["/usr"].startswith("ro,")
    assert "/tmp" in mounts
    assert wechat.accounts[0].secret not in limits

    assert session.run(GUARDDOGCTL, "service", "remove").returncode == 0
    assert shown(session, "LoadState") == "not-found" or not (home / ".config/systemd/user/guarddog.service").exists()
    assert session.run(GUARDDOGCTL, "service", "status").returncode == 4
    assert session.run(GUARDDOGCTL, "accounts", "list").stdout.startswith("name")


def test_a_service_that_hangs_is_started_again_and_one_that_is_stopped_ends_in_order(session: UserSystemd) -> None:
    assert session.run(GUARDDOGCTL, "service", "install").returncode == 0
    first = shown(session, "MainPID")
    session.run("kill", "-STOP", first)
    wait_until(lambda: shown(session, "NRestarts") == "1" and shown(session, "ActiveState") == "active")
    assert shown(session, "MainPID") != first
    session.run("systemctl", "--user", "stop", "guarddog")
    assert (shown(session, "Result"), shown(session, "ExecMainStatus")) == ("success", "0")
    assert session.run(GUARDDOGCTL, "service", "status").returncode == 4
