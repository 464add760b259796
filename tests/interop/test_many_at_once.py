"""Python programs and the command line on one account: the first one calls WeChat, for all of them."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.files.account_files import AccountDogFiles
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli
from tests.interop.token_check import is_token_valid

pytestmark = pytest.mark.interop

LIBRARY_CALL = "import sys, guarddog_gui; print(guarddog_gui.access_token(sys.argv[1]))"


@pytest.fixture
def installed_ctl(tmp_path: Path) -> Iterator[SubprocessCli]:
    with SandboxServer(time.time) as wechat:
        installed_ctl = SubprocessCli(tmp_path, wechat)
        assert installed_ctl.add_account().returncode == 0
        yield installed_ctl


def make_token_stale(installed_ctl: SubprocessCli) -> None:
    folder = installed_ctl.home / "guarddog" / "data" / "dogs"
    dead = TokenRecord("91_dead", 7200, int((time.time() - 7300) * 1000), str(folder / installed_ctl.shop.appid), 290)
    AccountDogFiles(folder).write(Account(installed_ctl.shop.appid, "Shop"), TokenKind.ACCESS_TOKEN, dead)


def test_six_programs_with_a_stale_token_make_one_call(installed_ctl: SubprocessCli) -> None:
    make_token_stale(installed_ctl)
    hang = Fault(FaultKind.HANG, seconds=1.5)  # long enough for all programs to start
    installed_ctl.wechat.faults.add(hang, endpoint="stable_token")
    before = installed_ctl.wechat.rules.call_counts["/cgi-bin/stable_token"]
    library = [sys.executable, "-c", LIBRARY_CALL, installed_ctl.shop.appid]
    command_line = [GUARDDOGCTL, "token", installed_ctl.shop.appid]

    running = [
        subprocess.Popen(command, env=installed_ctl.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for command in (library, command_line, library, library, command_line, library)
    ]
    outputs = [process.communicate(timeout=60) for process in running]

    printed, errors = zip(*outputs, strict=True)
    # after a second the command line names the program that it waits for
    assert {error for error in errors if "Waiting for the account" not in error} <= {""}
    assert all(error.count("\n") <= 1 for error in errors)
    assert len(set(printed)) == 1
    assert is_token_valid(installed_ctl.wechat, printed[0].strip())
    assert installed_ctl.wechat.rules.call_counts["/cgi-bin/stable_token"] == before + 1
