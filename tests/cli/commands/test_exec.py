"""`exec`: what a program finds in its environment, and that it takes our place."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from guarddog_gui.cli.command_error import ReplaceProcess
from guarddog_gui.cli.commands.exec import run_as_child
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.cli.conftest import InProcessCli
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli

TICKET, CARD = "WECHAT_JSAPI_TICKET", "WECHAT_CARD_TICKET"


def environ_of(guarddogctl: InProcessCli, *argv: str, **environ: str) -> Mapping[str, str]:
    with pytest.raises(ReplaceProcess) as became:
        guarddogctl("exec", *argv, "--", "env", **environ)
    assert became.value.command == ("env",)
    return became.value.environ


def test_a_command_has_the_appid_and_values_that_live_beside_what_it_would_have_had(
    ctl_with_account: InProcessCli,
) -> None:
    environ = environ_of(ctl_with_account, PATH="/bin")

    assert environ["WECHAT_APPID"] == environ["GUARDDOG_EXEC"] == ctl_with_account.shop.appid
    assert environ["WECHAT_ACCESS_TOKEN"] == ctl_with_account.stored_value()
    assert environ[TICKET] in ctl_with_account.wechat.rules.accepted_tickets(ctl_with_account.shop.appid)
    assert environ["PATH"] == "/bin"
    assert CARD not in environ


def test_no_appsecret_is_in_the_environment(ctl_with_account: InProcessCli) -> None:
    assert ctl_with_account.shop.secret not in str(environ_of(ctl_with_account))


def test_a_card_ticket_is_there_where_the_account_keeps_one(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.add_account(ctl_with_account.shop, "Shop", "--card-ticket")

    assert environ_of(ctl_with_account)[CARD] == ctl_with_account.stored_value("CARD_TICKET")


def test_a_mini_program_has_no_ticket_not_even_somebody_elses(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.add_account(ctl_with_account.mini, "Mini", "--platform", "mini-program")

    environ = environ_of(ctl_with_account, "Mini", WECHAT_JSAPI_TICKET="of another account", WECHAT_CARD_TICKET="old")

    assert environ["WECHAT_ACCESS_TOKEN"] == ctl_with_account.stored_value(account=ctl_with_account.mini)
    assert TICKET not in environ
    assert CARD not in environ


def test_what_lives_is_not_asked_for_again_and_what_is_short_is(ctl_with_account: InProcessCli) -> None:
    before = environ_of(ctl_with_account)
    assert environ_of(ctl_with_account) == before
    assert ctl_with_account.wechat.rules.used_today(ctl_with_account.shop.appid, "/cgi-bin/ticket/getticket") == 1
    ctl_with_account.clock.advance(7000)

    after = environ_of(ctl_with_account, "--min-ttl", "600")

    assert after["WECHAT_ACCESS_TOKEN"] != before["WECHAT_ACCESS_TOKEN"]
    assert after[TICKET] in ctl_with_account.wechat.rules.accepted_tickets(ctl_with_account.shop.appid)


def test_values_that_work_are_given_with_a_word_where_their_refresh_fails(ctl_with_account: InProcessCli) -> None:
    environ_of(ctl_with_account)
    ctl_with_account.clock.advance(1000)
    ctl_with_account.wechat.stop()

    with pytest.raises(ReplaceProcess) as became:
        ctl_with_account("exec", "--min-ttl", "7000", "--", "env")

    assert became.value.environ["WECHAT_ACCESS_TOKEN"] == ctl_with_account.stored_value()
    assert "cannot reach WeChat" in ctl_with_account.last_stderr
    assert "still works" in ctl_with_account.last_stderr


@pytest.mark.parametrize("path", ["/cgi-bin/stable_token", "/cgi-bin/ticket/getticket"])
def test_without_one_of_the_values_nothing_is_run(ctl_with_account: InProcessCli, path: str) -> None:
    environ_of(ctl_with_account)
    ctl_with_account.clock.advance(7200)
    ctl_with_account.wechat.faults.add(Fault(FaultKind.ERRCODE, 40164), endpoint=path)

    ran = ctl_with_account("exec", "--", "env")

    assert (ran.exit_code, ran.stdout) == (4, "")
    assert "(40164, rid: " in ran.stderr


def test_an_account_without_a_right_to_tickets_runs_commands_without_one(ctl_with_account: InProcessCli) -> None:
    ctl_with_account.wechat.faults.add(Fault(FaultKind.ERRCODE, number=48001), endpoint="/cgi-bin/ticket/getticket")

    with pytest.raises(ReplaceProcess) as became:
        ctl_with_account("exec", "--", "env", WECHAT_JSAPI_TICKET="of another account")

    environ = became.value.environ
    assert environ["WECHAT_ACCESS_TOKEN"] == ctl_with_account.stored_value()
    assert TICKET not in environ


def test_inside_exec_there_is_no_second_one(ctl_with_account: InProcessCli) -> None:
    ran = ctl_with_account("exec", "--", "env", GUARDDOG_EXEC=ctl_with_account.shop.appid)

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "env -u GUARDDOG_EXEC" in ran.stderr


@pytest.mark.parametrize("argv", [["exec"], ["exec", "Shop"], ["exec", "--"], ["exec", "Shop", "env"]])
def test_without_two_dashes_and_a_command_it_is_wrong_usage(ctl_with_account: InProcessCli, argv: list[str]) -> None:
    ran = ctl_with_account(*argv)

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "usage: guarddogctl exec [-h] [--account ACCOUNT] [--min-ttl S] [ACCOUNT] -- COMMAND" in ran.stderr


def test_what_is_behind_the_dashes_belongs_to_the_command(ctl_with_account: InProcessCli) -> None:
    with pytest.raises(ReplaceProcess) as became:
        ctl_with_account("exec", "Shop", "--", "sh", "--help", "--", "--min-ttl", "x")

    assert became.value.command == ("sh", "--help", "--", "--min-ttl", "x")


def test_on_windows_a_child_process_gets_the_environment_and_gives_the_exit_code() -> None:
    code = "import os, sys; sys.exit(int(os.environ['CODE']))"
    command = (Path(sys.executable).name, "-c", code)
    environ = {**os.environ, "PATH": str(Path(sys.executable).parent), "CODE": "9"}

    assert run_as_child(command, environ) == 9
    with pytest.raises(FileNotFoundError):
        run_as_child(("no-such-command",), environ)


# -- the real program ------------------------------------------------------------------------------


@pytest.fixture
def installed_ctl(installed_ctl: SubprocessCli) -> SubprocessCli:
    """With one account, whose token and ticket are fresh."""
    assert installed_ctl.add_account().returncode == 0
    assert installed_ctl("token", "--key", "JSAPI_TICKET").returncode == 0
    return installed_ctl


def test_stdin_stdout_and_the_exit_code_are_the_commands_own(installed_ctl: SubprocessCli) -> None:
    code = "import os, sys; print(sys.stdin.read(), os.environ['WECHAT_APPID']); sys.exit(42)"

    ran = installed_ctl("exec", "--", sys.executable, "-c", code, stdin="typed")

    assert (ran.returncode, ran.stderr) == (42, "")
    assert ran.stdout == f"typed {installed_ctl.shop.appid}\n"


@pytest.mark.only_on("linux", "darwin")
def test_a_command_that_is_not_there_or_cannot_be_run_ends_as_in_a_shell(installed_ctl: SubprocessCli) -> None:
    script = installed_ctl.home / "script"
    script.write_text("echo hello\n", encoding="utf-8")

    for command, code in (("no-such-command", 127), ("", 127), (str(script), 126), (str(installed_ctl.home), 126)):
        ran = installed_ctl("exec", "--", command)
        assert (ran.returncode, ran.stdout) == (code, ""), command
        assert len(ran.stderr.splitlines()) == 1
        assert f"“{command}”" in ran.stderr


@pytest.mark.only_on("linux", "darwin")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_reaches_the_command_itself(installed_ctl: SubprocessCli, number: int) -> None:
    code = (
        "import os, signal, sys, time\n"
        f"signal.signal({int(number)}, lambda *_: sys.exit(70))\n"
        "print(os.getpid(), flush=True)\n"
        "time.sleep(60)"
    )
    with subprocess.Popen(
        [GUARDDOGCTL, "exec", "--", sys.executable, "-c", code],
        env=installed_ctl.environ, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert int(process.stdout.readline()) == process.pid, "the command has taken our place"
        process.send_signal(number)
        assert process.wait(timeout=30) == 70


@pytest.mark.only_on("linux", "darwin")
def test_a_command_ends_by_a_broken_pipe_and_inherits_no_open_files(installed_ctl: SubprocessCli) -> None:
    ran = installed_ctl("exec", "--", "sh", "-c", "yes | head -n 1; ls /dev/fd | wc -l")
    alone = subprocess.run(["sh", "-c", "ls /dev/fd | wc -l"], capture_output=True, text=True, check=True)

    assert ran.stderr == ""
    assert ran.stdout.split() == ["y", *alone.stdout.split()]
