"""Pasted texts reach the commands in any encoding, as an argument, a file and standard input."""

import os
import subprocess
from pathlib import Path

import pytest

from guarddog_gui.cli.pasted_input import decode_argument
from tests.cli.pseudo_terminal import PseudoTerminal
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli
from tests.pasted_cases import CONFIGS, REPLIES, TICKETS

CASES = CONFIGS["cases"]
TICKET_ARGUMENTS = ("--ticket", TICKETS["ticket"])


def run_with_bytes(installed_ctl: SubprocessCli, *argv: "str | bytes", stdin: bytes = b"") -> tuple[int, str]:
    ran = subprocess.run(
        [GUARDDOGCTL, *argv], input=stdin, env=installed_ctl.environ, capture_output=True, timeout=60, check=False
    )
    return ran.returncode, ran.stdout.decode()


@pytest.mark.parametrize("case", CASES[::12], ids=lambda case: case["form"])
def test_a_pasted_config_is_diagnosed(installed_ctl: SubprocessCli, case: dict[str, str]) -> None:
    if "nonce" in case:
        pytest.skip("signed with another nonce")
    raw = case["text"].encode(case.get("encoding", "utf-8"))
    code, out = run_with_bytes(
        installed_ctl, "diagnose", CONFIGS["page"], "--config", "-", *TICKET_ARGUMENTS, stdin=raw
    )

    assert code == 0
    assert out.startswith("The signature is right")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_config_in_a_file_may_have_any_encoding(installed_ctl: SubprocessCli, tmp_path: Path, encoding: str) -> None:
    case = next(case for case in CASES if case["form"] == "Chinese names")
    file = tmp_path / "config.txt"
    file.write_bytes(case["text"].encode(encoding))

    ran = installed_ctl("diagnose", CONFIGS["page"], "--config", str(file), *TICKET_ARGUMENTS)

    assert ran.stdout.startswith("The signature is right")


@pytest.mark.parametrize(
    "case", [case for case in TICKETS["cases"] if "ticket" not in case][::5], ids=lambda case: case["form"]
)
def test_a_ticket_may_come_in_its_wrapping(installed_ctl: SubprocessCli, case: dict[str, str]) -> None:
    ran = installed_ctl("diagnose", CONFIGS["page"], "--config", "-", "--ticket", case["text"], stdin=CASES[0]["text"])
    assert ran.stdout.startswith("The signature is right")


def test_an_access_token_given_as_the_ticket_is_refused(installed_ctl: SubprocessCli) -> None:
    reply = '{"access_token":"93_abc","expires_in":7200}'
    ran = installed_ctl("diagnose", CONFIGS["page"], "--config", "-", "--ticket", reply, stdin=CASES[0]["text"])

    assert ran.returncode == 2
    assert "an access_token is not a ticket" in ran.stderr


@pytest.mark.parametrize("case", REPLIES["cases"][::9], ids=lambda case: case["text"][:40])
def test_a_reply_is_explained_from_standard_input(installed_ctl: SubprocessCli, case: dict[str, object]) -> None:
    ran = installed_ctl("errcode", "-", stdin=str(case["text"]))

    assert ran.returncode == 0
    assert ran.stdout.startswith(f"{case['errcode']}  " if "errcode" in case else "") or "JS-SDK" in ran.stdout


@pytest.mark.skipif(os.name != "posix", reason="arguments are bytes on POSIX only")
def test_an_argument_in_gbk_is_understood(installed_ctl: SubprocessCli) -> None:
    argument = "错误代码：40164，错误信息：invalid ip 203.0.113.9".encode("gb18030")
    code, out = run_with_bytes(installed_ctl, "errcode", argument)

    assert code == 0
    assert out.startswith("40164  ")
    assert "203.0.113.9" in out
    assert decode_argument(os.fsdecode(argument)).startswith("错误代码")


@pytest.mark.only_on("linux")
def test_a_terminal_asks_for_the_text(installed_ctl: SubprocessCli) -> None:
    screen = PseudoTerminal(["errcode", "-"], installed_ctl.environ)
    screen.wait_for("Paste the text, then press Enter and Ctrl+D.")
    screen.type('{"errcode":40164}\n\x04')
    assert screen.wait_for_exit() == 0
    assert "40164  config" in screen.shown


@pytest.mark.only_on("linux")
def test_a_line_that_the_terminal_cuts_is_not_taken_for_the_whole(installed_ctl: SubprocessCli) -> None:
    screen = PseudoTerminal(["errcode", "-"], installed_ctl.environ)
    screen.wait_for("Ctrl+D.")
    for part in ("a" * 2000, "a" * 2000, "a" * 2000, '{"errcode":40164}\n', "\x04"):
        screen.type(part)
        screen.read_echo()
    assert screen.wait_for_exit() == 3
    assert "The terminal has cut a line of the text: it takes 4095 characters." in screen.shown
