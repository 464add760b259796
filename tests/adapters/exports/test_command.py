"""A person's command with our values: real processes, ended in time, and no value in the log."""

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guarddog_gui.adapters.exports.command import LOGGED_OUTPUT_MAX, CommandRunner
from guarddog_gui.domain.exports.formats import ValidRecords
from guarddog_gui.domain.exports.reports import ExportError, ExportErrorKind
from guarddog_gui.domain.exports.targets import ExportFormat, ExportTarget
from guarddog_gui.domain.tokens.record import TokenKind, TokenRecord, fingerprint
from tests.fakes import NOW

APPID = "wx0123456789abcdef"
TOKEN, TICKET = "91_" + "t" * 30, "short-ticket"
VALUES: ValidRecords = {
    TokenKind.ACCESS_TOKEN: TokenRecord(TOKEN, 7200, int(NOW * 1000), "/d", 290),
    TokenKind.JSAPI_TICKET: TokenRecord(TICKET, 7100, int(NOW * 1000), "/d", 290),
}


def run(*command: str, commands: CommandRunner | None = None) -> ExportError | None:
    outlet = ExportTarget(ExportFormat.COMMAND, command=command)
    return (commands or CommandRunner()).run(outlet, APPID, VALUES)


def python(code: str, *words: str, commands: CommandRunner | None = None) -> ExportError | None:
    return run(sys.executable, "-c", code, *words, commands=commands)


def said(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(record.getMessage() for record in caplog.records)


def wait_for(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """A zombie that waits for its parent is none of ours to reap, and dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def test_the_values_are_in_its_environment_and_its_words_are_not_read_by_a_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WECHAT_CARD_TICKET", "of a shell around us")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    code = (
        "import json, os, sys\n"
        "own = {name: text for name, text in os.environ.items() if name.startswith('WECHAT_')}\n"
        "said = [own, sys.argv[2:], sys.stdin.read(), os.getcwd()]\n"
        "open(sys.argv[1], 'w').write(json.dumps(said))"
    )
    file = tmp_path / "said"

    assert python(code, str(file), "$(reboot)", "a b; c") is None

    environment, words, stdin, folder = json.loads(file.read_text())
    assert environment == {
        "WECHAT_APPID": APPID,
        "WECHAT_ACCESS_TOKEN": TOKEN,
        "WECHAT_JSAPI_TICKET": TICKET,
        "WECHAT_EXPIRES_AT": "1790007100",
    }
    assert words == ["$(reboot)", "a b; c"]
    assert (stdin, Path(folder)) == ("", tmp_path.resolve())


def test_its_output_is_logged_in_one_line_without_the_values(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    code = (
        "import os, sys\n"
        "print('restarted', os.environ['WECHAT_ACCESS_TOKEN'], flush=True)\n"
        "print('\\x1b[31m' + os.environ['WECHAT_JSAPI_TICKET'], 'secret=0123456789abcdef0123456789abcdef',"
        " file=sys.stderr)"
    )

    assert python(code) is None

    text = said(caplog)
    assert f"for {APPID}: restarted {fingerprint(TOKEN)} | ?[31m" in text
    assert TOKEN not in text
    assert TICKET not in text
    assert "0123456789abcdef0123456789abcdef" not in text


def test_a_command_that_says_nothing_leaves_no_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    assert python("") is None
    assert said(caplog) == ""


def test_a_flood_of_output_neither_holds_it_up_nor_fills_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    assert python("print('word ' * 1_000_000)") is None
    assert LOGGED_OUTPUT_MAX < len(said(caplog)) < LOGGED_OUTPUT_MAX + 200


def test_an_exit_code_is_told() -> None:
    assert python("raise SystemExit(3)") == ExportError(ExportErrorKind.EXIT, "3")


def test_what_cannot_be_started_says_why(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")

    assert run(missing) == ExportError(ExportErrorKind.NOT_STARTED, "no such file or folder")


@pytest.mark.only_on("linux", "darwin")
def test_a_file_that_may_not_be_run_says_so(tmp_path: Path) -> None:
    script = tmp_path / "notify"
    script.write_text("#!/bin/sh\n")

    assert run(str(script)) == ExportError(ExportErrorKind.NOT_STARTED, "permission denied")


FAMILY = (
    "import os, subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "open(sys.argv[1] + '.new', 'w').write(f'{os.getpid()} {child.pid}')\n"
    "os.rename(sys.argv[1] + '.new', sys.argv[1])\n"
)


def pids(file: Path) -> list[int]:
    return [int(pid) for pid in file.read_text().split()]


@pytest.mark.only_on("linux")
def test_at_the_deadline_it_is_ended_with_its_children(tmp_path: Path) -> None:
    file = tmp_path / "pids"
    started = time.monotonic()

    trouble = python(FAMILY + "time.sleep(60)", str(file), commands=CommandRunner(timeout_s=1.0))

    assert trouble == ExportError(ExportErrorKind.DEADLINE)
    assert time.monotonic() - started < 5
    for pid in pids(file):
        wait_for(lambda pid=pid: not is_alive(pid))  # type: ignore[misc]  # mypy cannot infer a lambda with a default


@pytest.mark.only_on("linux")
def test_a_child_that_it_leaves_behind_goes_on_and_nobody_waits_for_it(tmp_path: Path) -> None:
    file = tmp_path / "pids"
    started = time.monotonic()

    assert python(FAMILY, str(file)) is None

    _, child = pids(file)
    try:
        assert time.monotonic() - started < 5
        assert is_alive(child)
    finally:
        os.kill(child, 9)


@pytest.mark.only_on("linux")
def test_when_the_program_is_quit_a_command_is_ended_at_once_and_none_is_begun(tmp_path: Path) -> None:
    commands = CommandRunner()
    file = tmp_path / "pids"
    came: list[ExportError | None] = []
    code = FAMILY + "time.sleep(60)"
    thread = threading.Thread(target=lambda: came.append(python(code, str(file), commands=commands)))
    thread.start()
    wait_for(file.exists)

    commands.shut_down()
    thread.join(5)

    assert came == [ExportError(ExportErrorKind.CUT_OFF)]
    for pid in pids(file):
        wait_for(lambda pid=pid: not is_alive(pid))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    assert python("", commands=commands) == ExportError(ExportErrorKind.CUT_OFF)


def test_a_value_in_pieces_is_not_in_the_log_either(caplog: pytest.LogCaptureFixture) -> None:
    code = "import os; token = os.environ['WECHAT_ACCESS_TOKEN']; print(token[:20]); print(token[20:])"
    with caplog.at_level(logging.INFO):
        assert python(code) is None
    assert "not kept" in said(caplog)
    assert "t" * 13 not in said(caplog)
