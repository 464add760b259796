"""Exports of commands that print a value: they run afterwards, and nothing waits for them."""

import shlex
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guarddog_gui.cli import detached_exports
from tests.cli.conftest import InProcessCli
from tests.cli.subprocess_cli import SubprocessCli


def wait_until(condition: Callable[[], bool], timeout_s: float = 20.0) -> None:
    end_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.05)


@pytest.fixture
def slow_ctl(installed_ctl: SubprocessCli) -> SubprocessCli:
    """With an account whose export command takes three seconds, and a token that has to be fetched."""
    script = installed_ctl.home / "slow.py"
    done = installed_ctl.home / "done"
    script.write_text(
        f"import os, time; time.sleep(3); open({str(done)!r}, 'a').write(os.environ['WECHAT_ACCESS_TOKEN'] + '\\n')"
    )
    installed_ctl.add_account("--run", shlex.join((sys.executable, str(script))))
    for file in (installed_ctl.home / "guarddog").rglob("*.dog"):
        file.unlink()
    return installed_ctl


@pytest.mark.parametrize(
    "argv",
    [
        ("token",),
        ("exec", "--", sys.executable, "-c", "import os; print(os.environ['WECHAT_ACCESS_TOKEN'])"),
        ("sign", "https://a.cn/"),
    ],
    ids=lambda argv: argv[0],
)
def test_a_value_is_not_delayed_by_a_slow_export_command(slow_ctl: SubprocessCli, argv: tuple[str, ...]) -> None:
    done = slow_ctl.home / "done"
    started_s = time.monotonic()
    ran = slow_ctl(*argv)  # reads the pipes to their end, as $(…) does

    assert ran.returncode == 0, ran.stderr
    assert time.monotonic() - started_s < 2.9
    wait_until(lambda: done.read_text().count("\n") == 2)
    if argv[0] == "token":
        assert done.read_text().splitlines()[1] == ran.stdout.strip()


def test_a_program_that_exec_runs_has_no_foreign_child(slow_ctl: SubprocessCli) -> None:
    code = "import os\ntry: print(os.waitpid(-1, os.WNOHANG))\nexcept ChildProcessError: print('none')"
    assert slow_ctl("exec", "--", sys.executable, "-c", code).stdout == "none\n"


def test_an_account_without_exports_starts_nothing(
    ctl_with_account: InProcessCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detached_exports, "_spawn", None)
    ctl_with_account.clock.advance(7200)
    assert ctl_with_account("token").exit_code == 0


def test_exports_are_written_here_if_no_process_can_be_started(
    guarddogctl: InProcessCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError

    env = tmp_path / "shop.env"
    guarddogctl.add_account(None, "Shop", "--write-env", str(env))
    monkeypatch.setattr(detached_exports, "_spawn", fail)
    guarddogctl.clock.advance(7200)

    assert guarddogctl("token").stdout.strip() in env.read_text(encoding="utf-8")


def test_the_process_for_the_exports_writes_them_and_ignores_unknown_accounts(
    guarddogctl: InProcessCli, tmp_path: Path
) -> None:
    env = tmp_path / "shop.env"
    guarddogctl.add_account(None, "Shop", "--write-env", str(env))
    env.unlink()

    assert guarddogctl("--write-exports", "wx0000000000000000").exit_code == 0
    assert not env.exists()
    assert guarddogctl("--write-exports", guarddogctl.shop.appid).exit_code == 0
    assert guarddogctl.stored_value() in env.read_text(encoding="utf-8")
