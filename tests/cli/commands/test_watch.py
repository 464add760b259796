"""`watch`: a live table in a terminal, a log elsewhere, until the program is stopped."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.pseudo_terminal import PseudoTerminal
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli

pytestmark = pytest.mark.only_on("linux", "darwin")  # signals and terminals

HIDE_CURSOR, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"


@contextmanager
def running_watch(ctl: SubprocessCli, *arguments: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [GUARDDOGCTL, "watch", *arguments],
        env=ctl.environ | environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_log_has_a_headline_and_a_line_per_refresh_until_a_signal(
    installed_ctl: SubprocessCli, number: signal.Signals
) -> None:
    installed_ctl.add_account()
    with running_watch(installed_ctl) as watch:
        headline, event = read_line(watch), read_line(watch)
        watch.send_signal(number)
        rest, messages = watch.communicate(timeout=30)

    assert headline.startswith("1 of 2 usable")
    assert "Shop JSAPI_TICKET" in event
    assert (watch.returncode, messages) == (0, "Stopped.\n")
    assert "\x1b" not in headline + event + rest, "a log has no escape sequences"
    ticket = installed_ctl("token", "--key", "JSAPI_TICKET")
    assert ticket.stdout.strip() in installed_ctl.wechat.rules.accepted_tickets(installed_ctl.shop.appid)
    assert ticket.stdout.strip() not in event


def test_the_sandbox_needs_no_account_and_changes_none(installed_ctl: SubprocessCli) -> None:
    installed_ctl.add_account()
    before = installed_ctl("accounts", "list").stdout
    home = installed_ctl.home / "guarddog"
    files = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    with running_watch(installed_ctl, "--sandbox") as watch:
        headline, event = read_line(watch), read_line(watch)
        watch.terminate()
        watch.communicate(timeout=30)

    assert headline.startswith("0 of 5 usable")
    assert "Sandbox" in event
    assert watch.returncode == 0
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == files
    assert installed_ctl("accounts", "list").stdout == before
    assert not (installed_ctl.home / "guarddog" / "logs").exists()


def test_a_reader_who_leaves_ends_the_log(installed_ctl: SubprocessCli) -> None:
    with running_watch(installed_ctl, "--sandbox") as watch:
        read_line(watch)
        assert watch.stdout is not None
        watch.stdout.close()
        assert watch.wait(timeout=30) == 0
        assert watch.stderr is not None
        assert watch.stderr.read() == "Stopped.\n"


def test_a_damaged_list_of_accounts_is_reported(installed_ctl: SubprocessCli) -> None:
    config = installed_ctl.home / "guarddog" / "config"
    config.mkdir(parents=True)
    (config / "accounts.json").write_text("{", encoding="utf-8")

    with running_watch(installed_ctl) as watch:
        headline = read_line(watch)
        watch.terminate()
        _, messages = watch.communicate(timeout=30)

    assert headline == "No account yet"
    assert "accounts.json" in messages


@pytest.mark.only_on("linux")
def test_a_terminal_shows_the_table_and_gets_its_cursor_back(installed_ctl: SubprocessCli) -> None:
    installed_ctl.add_account()
    environ = installed_ctl.environ | {"TERM": "xterm", "COLUMNS": "100", "LINES": "20"}

    screen = PseudoTerminal(["watch"], environ)
    screen.wait_for("2 of 2 usable")
    assert HIDE_CURSOR in screen.shown
    assert SHOW_CURSOR not in screen.shown
    screen.type("\x03")

    assert screen.wait_for_exit() == 0
    _, _, after_the_table = screen.shown.rpartition(SHOW_CURSOR)
    assert after_the_table.strip() == "Stopped."
    assert "ACCESS_TOKEN" in screen.shown
    assert "JSAPI_TICKET" in screen.shown


def test_an_unusable_config_folder_ends_it_with_a_message(installed_ctl: SubprocessCli) -> None:
    home = installed_ctl.home / "guarddog"
    home.mkdir()
    (home / "config").touch()
    ran = installed_ctl("watch")
    assert ran.returncode == 7
    assert ran.stderr.startswith(f"{home / 'config'} could not be read or written: a file is in the place of the fold")
    assert "Traceback" not in ran.stderr


def test_an_unreadable_list_is_named_once_and_read_when_it_can_be(installed_ctl: SubprocessCli) -> None:
    installed_ctl.add_account()
    accounts = installed_ctl.home / "guarddog" / "config" / "accounts.json"
    aside = accounts.with_name("aside.json")
    accounts.rename(aside)
    accounts.mkdir()
    with running_watch(installed_ctl) as watch:
        assert read_line(watch) == "The list of accounts cannot be read"
        assert read_line(watch).startswith(f"{accounts} could not be read or written: ")
        accounts.rmdir()
        aside.rename(accounts)
        lines = iter(lambda: read_line(watch), "")
        assert any(line.startswith("1 of 2 usable") for line in lines)  # or first, between the two steps: no account
        assert "Shop JSAPI_TICKET" in read_line(watch)


def replace_file(path: Path, text: str) -> None:
    temp = path.with_name("new")
    temp.write_text(text, encoding="utf-8")
    temp.replace(path)


@pytest.mark.only_on("linux")
def test_a_list_that_could_not_be_opened_for_lack_of_files_is_read_later(installed_ctl: SubprocessCli) -> None:
    import resource  # Windows has none

    installed_ctl.add_account()
    accounts = installed_ctl.home / "guarddog" / "config" / "accounts.json"
    with running_watch(installed_ctl) as watch:
        assert read_line(watch).startswith("1 of 2 usable")
        assert "Shop JSAPI_TICKET" in read_line(watch)
        usual = resource.prlimit(watch.pid, resource.RLIMIT_NOFILE)
        open_files = [int(file.name) for file in Path(f"/proc/{watch.pid}/fd").iterdir()]
        resource.prlimit(watch.pid, resource.RLIMIT_NOFILE, (max(open_files) + 1, usual[1]))
        replace_file(accounts, accounts.read_text().replace("Shop", "Café"))
        assert "too many open files" in read_line(watch)
        resource.prlimit(watch.pid, resource.RLIMIT_NOFILE, usual)
        (accounts.parent / "anything").touch()  # the next tick, within half a minute, would do as well
        assert read_line(watch).startswith("2 of 2 usable")
        status = installed_ctl("status")
    assert "Café" in status.stdout
