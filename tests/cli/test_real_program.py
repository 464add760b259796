"""guarddogctl as it is installed, in processes of its own, against the sandbox."""

import json
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli
from tests.cli.test_detached_exports import wait_until


def test_from_a_secret_to_a_token_that_wechat_takes(installed_ctl: SubprocessCli) -> None:
    added = installed_ctl.add_account()
    assert (added.returncode, added.stderr) == (0, "")
    assert installed_ctl.shop.secret in installed_ctl.keyring_file.read_text(encoding="utf-8")

    token = installed_ctl("token")
    ticket = installed_ctl("token", "--key", "JSAPI_TICKET")
    status = installed_ctl("status", "--json")
    history = installed_ctl("history", "--json")

    assert (token.returncode, token.stderr) == (0, "")
    assert ticket.returncode == 0
    assert ticket.stdout.strip() in installed_ctl.wechat.rules.accepted_tickets(installed_ctl.shop.appid)
    assert [line["state"] for line in json.loads(status.stdout)] == ["fresh", "fresh"]
    assert [entry["key"] for entry in json.loads(history.stdout)] == ["JSAPI_TICKET", "ACCESS_TOKEN"]
    assert installed_ctl("accounts", "remove", "Shop", "--purge").returncode == 0
    assert installed_ctl.shop.secret not in installed_ctl.keyring_file.read_text(encoding="utf-8")
    assert installed_ctl("token").returncode == 3


def test_the_secret_is_in_the_keyring_and_nowhere_else(installed_ctl: SubprocessCli) -> None:
    installed_ctl.add_account()
    for fault in (40001, 40125, -1, 99999):
        installed_ctl.wechat.faults.add(Fault(FaultKind.ERRCODE, fault))
        installed_ctl("refresh")
    installed_ctl.wechat.faults.add(Fault(FaultKind.REDIRECT), times=2)
    said = [
        installed_ctl("refresh"),
        installed_ctl("refresh", "--force", "--yes"),
        installed_ctl("status"),
        installed_ctl("history"),
    ]

    for ran in said:
        assert installed_ctl.shop.secret not in ran.stdout + ran.stderr
    for path in (installed_ctl.home / "guarddog").rglob("*"):
        if path.is_file():
            assert installed_ctl.shop.secret.encode() not in path.read_bytes(), path


@pytest.mark.parametrize(
    ("errcode", "code"), [(40013, 4), (40125, 4), (40164, 4), (40243, 4), (89503, 4), (45009, 5), (-1, 5)]
)
def test_each_refusal_ends_a_refresh_by_its_kind(installed_ctl: SubprocessCli, errcode: int, code: int) -> None:
    installed_ctl.add_account()
    installed_ctl.wechat.faults.add(Fault(FaultKind.ERRCODE, errcode))

    ran = installed_ctl("refresh", "--key", "ACCESS_TOKEN")

    assert (ran.returncode, ran.stdout) == (code, "")
    assert f"({errcode}, rid: " in ran.stderr
    assert installed_ctl("token").returncode == 0, "the value from before still works"


def test_no_network_a_locked_keyring_and_none_at_all_have_codes_of_their_own(installed_ctl: SubprocessCli) -> None:
    installed_ctl.add_account()
    installed_ctl.keyring_file.with_suffix(".locked").touch()
    assert installed_ctl("refresh").returncode == 6
    installed_ctl.keyring_file.with_suffix(".locked").unlink()
    assert installed_ctl("refresh", PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring").returncode == 6
    installed_ctl.wechat.stop()
    assert installed_ctl("refresh").returncode == 5


@pytest.mark.only_on("linux")
def test_a_full_disk_under_the_output_is_said_and_a_reader_who_leaves_is_not(installed_ctl: SubprocessCli) -> None:
    installed_ctl.add_account()
    for command in (["token"], ["token", "--json"], ["status"], ["--help"], ["token", "--help"]):
        with Path("/dev/full").open("w") as full:
            ran = subprocess.run(
                [GUARDDOGCTL, *command],
                env=installed_ctl.environ,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert ran.returncode == 7
        assert "Traceback" not in ran.stderr
        assert len(ran.stderr.splitlines()) == 1
        shell = subprocess.run(
            ["sh", "-c", f"{shlex.join([GUARDDOGCTL, *command])} | true"],
            env=installed_ctl.environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert shell.stderr == ""


@pytest.mark.only_on("linux", "darwin")
def test_a_caller_may_have_closed_every_stream(installed_ctl: SubprocessCli) -> None:
    installed_ctl.add_account()
    for command in (["token"], ["token", "--json"], ["status"], ["nonsense"]):
        line = f"{shlex.join([GUARDDOGCTL, *command])} <&- >&- 2>&-"
        ran = subprocess.run(["sh", "-c", line], env=installed_ctl.environ, check=False)
        assert ran.returncode == (2 if command == ["nonsense"] else 7)


@pytest.mark.only_on("linux", "darwin")
def test_a_value_for_a_closed_output_is_not_given_silently(installed_ctl: SubprocessCli) -> None:
    installed_ctl.add_account()
    for command in ("token", "token --json", "status", "sign https://a.cn/"):
        ran = subprocess.run(
            ["sh", "-c", f"{shlex.quote(GUARDDOGCTL)} {command} >&-"],
            env=installed_ctl.environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (ran.returncode, ran.stderr) == (7, "The output could not be written: Bad file descriptor.\n")
    assert installed_ctl("accounts", "remove", installed_ctl.shop.appid).returncode == 0


def test_a_terminal_that_knows_no_unicode_gets_question_marks_and_no_crash(installed_ctl: SubprocessCli) -> None:
    installed_ctl.add_account()

    ran = installed_ctl("status", PYTHONIOENCODING="ascii")

    assert ran.returncode == 0
    assert "fresh until" in ran.stdout


def test_two_at_once_never_ask_wechat_twice(installed_ctl: SubprocessCli) -> None:
    installed_ctl.add_account()
    (installed_ctl.home / "guarddog" / "data" / "dogs" / installed_ctl.shop.appid / "ACCESS_TOKEN.dog").unlink()
    before = installed_ctl.wechat.rules.used_today(installed_ctl.shop.appid, "/cgi-bin/stable_token")

    several = [
        subprocess.Popen([GUARDDOGCTL, "token"], env=installed_ctl.environ, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    values = {process.communicate(timeout=60)[0] for process in several}

    assert len(values) == 1
    assert installed_ctl.wechat.rules.used_today(installed_ctl.shop.appid, "/cgi-bin/stable_token") == before + 1


def test_what_two_bring_at_once_is_handed_on_once(installed_ctl: SubprocessCli) -> None:
    ran, script, env = (installed_ctl.home / "ran", installed_ctl.home / "script.py", installed_ctl.home / ".env")
    script.write_text(f"import os; open({str(ran)!r}, 'a').write(os.environ['WECHAT_ACCESS_TOKEN'] + '\\n')")
    installed_ctl.add_account("--run", shlex.join((sys.executable, str(script))), "--write-env", str(env))
    (dog,) = (installed_ctl.home / "guarddog").rglob("ACCESS_TOKEN.dog")
    dog.unlink()

    programs = [
        subprocess.Popen([GUARDDOGCTL, "token"], env=installed_ctl.environ, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    tokens = {program.communicate(timeout=60)[0] for program in programs}

    (token,) = tokens
    wait_until(lambda: len(ran.read_text().splitlines()) == 2 and token in env.read_text())
    time.sleep(0.5)  # for one that runs the command once more
    assert ran.read_text().splitlines() == [token.strip()] * 2, "once when it was added"
    assert f"WECHAT_ACCESS_TOKEN={token}" in env.read_text()


def test_it_can_be_started_as_a_module(installed_ctl: SubprocessCli) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "guarddog_gui", "errcode", "40164"],
        env=installed_ctl.environ, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip

    assert "whitelist" in ran.stdout


def test_a_fresh_token_does_without_requests_and_the_command_line_without_qt(installed_ctl: SubprocessCli) -> None:
    installed_ctl.add_account()
    installed_ctl("token", "--key", "JSAPI_TICKET")
    sign = ["sign", "https://a.cn/p", "--json"]
    right = json.loads(installed_ctl(*sign).stdout)
    diagnose = [
        "diagnose", right["url"], "--signature", right["signature"], "--nonce", right["nonceStr"],
        "--timestamp", str(right["timestamp"]),
    ]  # fmt: skip
    code = (
        "import sys; sys.argv = ['guarddogctl', *{argv}]; from guarddog_gui.__main__ import ctl; ctl()\n"
        "print(*sorted({{'requests', 'keyring', 'PySide6', 'waitress'}} & set(sys.modules)), file=sys.stderr)"
    )
    for argv in (["token"], ["token", "--json"], ["status"], ["history"], ["accounts", "list"], sign, diagnose):
        ran = subprocess.run(
            [sys.executable, "-c", code.format(argv=argv)],
            env=installed_ctl.environ, capture_output=True, encoding="utf-8", check=True,
        )  # fmt: skip
        assert ran.stderr.strip() == "", argv


def test_no_object_is_examined_when_a_command_ends(installed_ctl: SubprocessCli) -> None:
    code = (
        "import atexit, gc, sys; sys.argv = ['guarddogctl', 'errcode', '40001']\n"
        "from guarddog_gui.__main__ import ctl\n"
        "collected = []; gc.callbacks.append(lambda *_: collected.append(1))\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 10_000, len(collected), file=sys.stderr))\n"
        "sys.exit(ctl())"
    )

    ran = subprocess.run([sys.executable, "-c", code], env=installed_ctl.environ, capture_output=True, check=True)

    assert ran.stderr.split() == [b"True", b"0"]  # nor before


@pytest.mark.parametrize(
    ("argv", "unused"),
    [
        (["--version"], {"argparse", "dataclasses", "guarddog_gui.services.messages.message"}),
        (
            ["errcode", "40001"],
            {
                "sqlite3",
                "dataclasses",
                "guarddog_gui.services.refresh",
                "guarddog_gui.services.accounts.account_service",
            },
        ),
        (
            ["status"],
            {"dataclasses", "guarddog_gui.services.refresh", "guarddog_gui.services.accounts.account_service"},
        ),
        (
            ["accounts", "list"],
            {
                "secrets",
                "guarddog_gui.services.refresh",
                "guarddog_gui.services.accounts.account_service",
                "guarddog_gui.services.accounts.sharing_service",
                "guarddog_gui.domain.paste.layers",
            },
        ),
        (["sign", "https://a.cn/p"], {"secrets", "html", "guarddog_gui.services.refresh"}),
    ],
)
def test_a_command_loads_only_what_it_needs(installed_ctl: SubprocessCli, argv: list[str], unused: set[str]) -> None:
    installed_ctl.add_account()
    installed_ctl("token", "--key", "JSAPI_TICKET")
    code = (
        f"import sys; sys.argv = ['guarddogctl', *{argv}]; from guarddog_gui.__main__ import ctl; ctl()\n"
        "commands = [name for name in sys.modules if name.startswith('guarddog_gui.cli.commands.')]\n"
        f"print(len(commands), *(set({sorted(unused)}) & set(sys.modules)), file=sys.stderr)"
    )

    ran = subprocess.run(
        [sys.executable, "-c", code],
        env=installed_ctl.environ, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip

    assert ran.stderr.splitlines()[-1].split() == ["0" if argv == ["--version"] else "1"]
