"""Commands while another process holds a lock: they say what they wait for, and no value waits for the history."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.lock_holder import LockHolder
from guarddog_gui.adapters.files.paths import AppPaths
from guarddog_gui.cli import lock_wait
from guarddog_gui.domain.message_catalog import MessageCatalog
from guarddog_gui.services.messages.message import Messages
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli
from tests.errcode_catalogue import CATALOGUE
from tests.held_lock import held_database, held_file_lock

LINUX = pytest.mark.only_on("linux")  # only its kernel lists the holders of locks


def timed(cli: SubprocessCli, *argv: str, **environ: str) -> tuple[subprocess.CompletedProcess[str], float]:
    begun = time.monotonic()
    ran = cli(*argv, **environ)
    return ran, time.monotonic() - begun


@pytest.fixture
def cli(installed_ctl: SubprocessCli) -> SubprocessCli:
    assert installed_ctl.add_account().returncode == 0
    return installed_ctl


def data_file(cli: SubprocessCli, *names: str) -> Path:
    return cli.home.joinpath("guarddog", *names)


@LINUX
@pytest.mark.parametrize("also_from_readers", [False, True])
def test_no_value_waits_for_the_history(cli: SubprocessCli, *, also_from_readers: bool) -> None:
    with held_database(data_file(cli, "data", "history.sqlite3"), also_from_readers=also_from_readers) as pid:
        ran, took = timed(cli, "refresh")
        assert (ran.returncode, ran.stdout.count("Shop")) == (0, 2)
        assert f"The history is locked by process {pid} (python" in ran.stderr
        assert took < 4  # of which two are the start of the program on a busy machine; it was 6.4 s
        token, took = timed(cli, "token", "--min-ttl", "7200")
        assert (token.returncode, len(token.stdout.split())) == (0, 1)
        assert took < 4
    assert "locked" not in cli("refresh").stderr
    keys = [entry["key"] for entry in json.loads(cli("history", "--json").stdout)]
    assert keys.count("JSAPI_TICKET") == 2, "the attempt made meanwhile is added later"
    assert not list(data_file(cli, "data").glob("*.pending-*"))


@LINUX
@pytest.mark.parametrize(
    ("argv", "lock", "words"),
    [
        (("token", "--key", "JSAPI_TICKET"), "data/locks/{appid}.lock", "the account {appid}"),
        (("refresh",), "data/locks/{appid}.lock", "the account {appid}"),
        (("sign", "https://shop.example.com/"), "data/locks/{appid}.lock", "the account {appid}"),
        (("exec", "--", sys.executable, "-c", "print(1)"), "data/locks/{appid}.lock", "the account {appid}"),
        (("accounts", "remove", "Shop"), "config/.accounts.json.lock", "the list of accounts"),
    ],
)
def test_after_a_second_a_command_says_for_which_process_it_waits(
    cli: SubprocessCli, argv: tuple[str, ...], lock: str, words: str
) -> None:
    appid = cli.shop.appid
    with held_file_lock(data_file(cli, *lock.format(appid=appid).split("/"))) as pid:
        process = subprocess.Popen(
            [GUARDDOGCTL, *argv], env=cli.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stderr is not None
        line = process.stderr.readline()
        assert line.startswith(f"Waiting for {words.format(appid=appid)}, which process {pid} (python")
        assert process.poll() is None
    stdout, stderr = process.communicate(timeout=20)
    assert (process.returncode, "Waiting" in stdout + stderr) == (0, False)


def test_a_process_that_is_unknown_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = AppPaths(tmp_path / "config", tmp_path / "data", tmp_path / "logs")
    messages = Messages(MessageCatalog(), CATALOGUE, str)
    monkeypatch.setattr(lock_wait, "find_lock_holder", lambda *_: None)
    settings_lock = paths.settings_file.with_name(".settings.json.lock")
    assert lock_wait.lock_wait_message(settings_lock, paths, messages) == (
        "Waiting for the settings, which another process is using …"
    )
    monkeypatch.setattr(lock_wait, "find_lock_holder", lambda *_: LockHolder(12))
    exports_lock = paths.locks_dir / "outlets" / "wx1.lock"
    assert lock_wait.lock_wait_message(exports_lock, paths, messages) == (
        "Waiting for the exports of the account wx1, which process 12 is using …"
    )
