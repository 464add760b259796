"""Exports on the command line: named with the account, written by every command that refreshes."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.bootstrap.maintenance import run_maintenance
from guarddog_gui.cli.accounts.options import parse_export_target, resolve_path_argument
from guarddog_gui.domain.errors import FileError
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.conftest import InProcessCli
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli
from tests.fakes import NOW

COPY = "import os; open('{file}', 'a').write(os.environ['WECHAT_ACCESS_TOKEN'] + ' ')"


@pytest.fixture
def srv(tmp_path: Path) -> Path:
    folder = tmp_path / "srv"
    folder.mkdir()
    return folder


def kept(shell: InProcessCli) -> list[dict[str, object]]:
    (account,) = shell("accounts", "list", "--json").json
    outlets: list[dict[str, object]] = account["outlets"]
    return outlets


def script(folder: Path, text: str) -> str:
    """A command that runs this; as `--run` takes it."""
    file = folder / "script.py"
    file.write_text(text)
    return f"'{sys.executable}' '{file}'"


def test_all_forms_are_kept_with_full_paths_and_written_at_once(
    guarddogctl: InProcessCli, srv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(srv)
    (srv / "node").mkdir()
    run = script(srv, COPY.format(file=srv / "ran"))

    ran = guarddogctl.add_account(
        None, "Shop", "--write-php", ".", "--write-interaction", "node", "--write-env", ".env", "--run", run
    )

    token = guarddogctl.stored_value()
    assert kept(guarddogctl) == [
        {"form": "php-json", "path": str(srv)},
        {"form": "interaction-json", "path": str(srv / "node")},
        {"form": "env", "path": str(srv / ".env")},
        {"form": "command", "command": [sys.executable, str(srv / "script.py")]},
    ]
    assert json.loads((srv / "access_token.json").read_text()) == {"expire_time": NOW + 7200, "access_token": token}
    assert json.loads((srv / "node" / "access_token.json").read_text())["expire_time"] == (NOW + 7200) * 1000
    assert (srv / ".env").read_text() == f"WECHAT_APPID={guarddogctl.shop.appid}\nWECHAT_ACCESS_TOKEN={token}\n"
    assert (srv / "ran").read_text() == f"{token} "
    assert f".env file · {srv / '.env'} · " in ran.stdout


def test_a_refresh_writes_them_all_and_status_says_when(guarddogctl: InProcessCli, srv: Path) -> None:
    guarddogctl.add_account(None, "Shop", "--write-env", str(srv / ".env"))
    guarddogctl.clock.advance(7100)

    assert guarddogctl("refresh").exit_code == 0

    text = (srv / ".env").read_text()
    assert f"WECHAT_ACCESS_TOKEN={guarddogctl.stored_value()}\n" in text
    assert f"WECHAT_JSAPI_TICKET={guarddogctl.stored_value('JSAPI_TICKET')}\n" in text
    for line in guarddogctl("status", "--json").json:
        (outlet,) = line["outlets"]
        at = datetime.fromisoformat(outlet.pop("written_at_iso")).timestamp()
        assert outlet == {"form": "env", "path": str(srv / ".env"), "written_at": NOW + 7100, "error": None}
        assert at == NOW + 7100


def test_one_that_fails_is_told_and_fails_nothing(guarddogctl: InProcessCli, srv: Path) -> None:
    run = script(srv, "raise SystemExit(3)")

    added = guarddogctl.add_account(None, "Shop", "--run", run, "--write-php", str(srv / "typo"))
    refreshed = guarddogctl("refresh")
    status = guarddogctl("status")

    assert (added.exit_code, refreshed.exit_code, status.exit_code) == (0, 0, 0)
    for told in (added, refreshed, status):
        assert "failed with exit code 3" in told.stderr
        assert "no such file or folder" in told.stderr
    assert "Shop: The command" in status.stderr
    php, command = (outlet["error"] for outlet in reversed(guarddogctl("status", "--json").json[0]["outlets"]))
    assert "no such file or folder" in php
    assert "exit code 3" in command
    assert guarddogctl("token").stderr == ""


def test_they_stay_where_none_is_named_are_replaced_together_and_can_be_removed(
    guarddogctl: InProcessCli, srv: Path
) -> None:
    first, second = str(srv / "a.env"), str(srv / "b.env")
    for arguments, paths in (
        (("--write-env", first, "--write-env", second), [first, second]),
        ((), [first, second]),
        (("--write-env", second), [second]),
        (("--no-outlets",), []),
    ):
        assert guarddogctl.add_account(None, "Shop", *arguments).exit_code == 0
        assert [outlet["path"] for outlet in kept(guarddogctl)] == paths


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--write-env", ""), 2, "This place cannot be written to."),
        (("--write-env", "accounts.json"), 2, "This place cannot be written to."),
        (("--write-php", "/srv", "--write-interaction", "/srv"), 2, "Two of the places to write to are the same."),
        (("--run", "it's"), 2, "argument --run: A quote in this command does not close"),
        (("--run", 'echo "unclosed'), 2, "A quote in this command does not close"),
        (("--run", ""), 2, "this command cannot be run: there is no word in it"),
        (("--run", " "), 2, "there is no word in it"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_saved(
    guarddogctl: InProcessCli, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ran = guarddogctl.add_account(None, "Shop", *arguments)

    assert ran.exit_code == code
    assert told in ran.stderr
    assert guarddogctl("accounts", "list", "--json").json == []


def test_a_file_of_another_account_is_taken(guarddogctl: InProcessCli, srv: Path) -> None:
    guarddogctl.add_account(None, "Shop", "--write-env", str(srv / ".env"))

    ran = guarddogctl.add_account(
        guarddogctl.mini, "Mini", "--platform", "mini-program", "--write-env", str(srv / ".env")
    )

    assert ran.exit_code == 4
    assert "Another account is already written to the same file." in ran.stderr


def test_what_is_known_of_them_goes_with_the_account(guarddogctl: InProcessCli, srv: Path) -> None:
    guarddogctl.add_account(None, "Shop", "--write-env", str(srv / ".env"))
    (report,) = (guarddogctl.home / "data" / "outlets").glob("*.json")
    assert guarddogctl.stored_value() not in report.read_text()
    stores = make_container(guarddogctl.environ, guarddogctl.clock, secrets=guarddogctl.secrets)
    left = srv / "..env.1-0.tmp"  # of a program that was killed while it wrote
    left.touch()
    os.utime(left, (NOW - 2 * 3600, NOW - 2 * 3600))

    assert run_maintenance(stores) == ()
    assert report.exists()
    assert not left.exists()
    guarddogctl("accounts", "remove", "Shop")
    assert run_maintenance(stores) == ()
    assert not report.exists()
    stores.history.close()


@pytest.mark.only_on("linux", "darwin")
def test_a_command_is_split_as_a_shell_would_and_its_program_gets_a_full_path(
    srv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(srv)
    monkeypatch.setenv("HOME", "/home/me")

    def words(text: str) -> tuple[str, ...]:
        outlet = parse_export_target(ExportFormat.COMMAND, text)
        assert outlet is not None
        return outlet.command

    assert words("pm2 reload 'my shop' a\\ b") == ("pm2", "reload", "my shop", "a b")
    assert words("./notify ./x") == (str(srv / "notify"), "./x")
    assert words("~/bin/notify ~") == ("/home/me/bin/notify", "~")
    assert parse_export_target(ExportFormat.ENV, "~/.env") == ExportTarget(ExportFormat.ENV, "/home/me/.env")


@pytest.mark.only_on("linux")
def test_a_command_that_runs_ends_with_a_refresh_that_is_told_to_end(tmp_path: Path) -> None:
    with SandboxServer(time.time) as wechat:
        person = SubprocessCli(tmp_path, wechat)
        told = tmp_path / "pid"
        assert person.add_account("--no-check", "--run", f"sh -c 'echo $$ > {told}; exec sleep 60'").returncode == 0
        refresh = subprocess.Popen([GUARDDOGCTL, "refresh"], env=person.environ, stdout=subprocess.DEVNULL)
        wait_until(lambda: told.exists() and told.read_text().endswith("\n"))
        pid = int(told.read_text())
        refresh.terminate()
        assert refresh.wait(timeout=10) == 143
        wait_until(lambda: not is_running(pid))


def is_running(pid: int) -> bool:
    """A zombie, whom nobody may reap here, has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.only_on("linux", "darwin")
def test_a_place_that_cannot_be_written_says_what_helps_there(guarddogctl: InProcessCli, srv: Path) -> None:
    (srv / "link").symlink_to(srv / "nothing")
    (srv / "large").write_bytes(b"A=1\n" * 100_000)
    os.mkfifo(srv / "pipe")

    for name, todo in (
        ("link", "Make the file that the link leads to"),
        ("large", "No .env file is so large"),
        ("pipe", "Name another file"),
        ("none/.env", "Make the folder"),
    ):
        ran = guarddogctl.add_account(None, "Shop", "--write-env", str(srv / name))
        assert ran.exit_code == 0
        assert todo in ran.stderr, name


def test_a_path_is_made_whole_from_here_and_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert resolve_path_argument("shop/.env") == resolve_path_argument("~/shop/.env") == str(tmp_path / "shop" / ".env")


@pytest.mark.only_on("linux", "darwin")
def test_there_is_no_here_in_a_folder_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(FileError, match="no such file or folder"):
        resolve_path_argument(".env")
    os.chdir(tmp_path)


def test_nobody_has_that_home() -> None:
    with pytest.raises(FileError, match="such a home"):
        resolve_path_argument("~nobody-of-that-name/.env")
