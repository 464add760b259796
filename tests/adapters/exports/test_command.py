"""Export commands as real processes: deadlines, shut-down, and no values in the log."""

import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

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
    target = ExportTarget(ExportFormat.COMMAND, command=command)
    return (commands or CommandRunner()).run(target, APPID, VALUES)


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
    """Count a zombie as dead: only its parent can reap it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def test_values_are_in_the_environment_and_no_shell_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_output_is_logged_in_one_line_without_the_values(caplog: pytest.LogCaptureFixture) -> None:
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


def test_command_without_output_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    assert python("") is None
    assert said(caplog) == ""


def test_large_output_neither_blocks_nor_fills_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    assert python("print('word ' * 1_000_000)") is None
    assert LOGGED_OUTPUT_MAX < len(said(caplog)) < LOGGED_OUTPUT_MAX + 200


def test_exit_code_is_reported() -> None:
    assert python("raise SystemExit(3)") == ExportError(ExportErrorKind.EXIT, "3")


def test_command_that_cannot_start_reports_the_reason(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")

    assert run(missing) == ExportError(ExportErrorKind.NOT_STARTED, "no such file or folder")


@pytest.mark.only_on("linux", "darwin")
def test_file_that_is_not_executable_is_reported(tmp_path: Path) -> None:
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
def test_deadline_kills_the_command_and_its_children(tmp_path: Path) -> None:
    file = tmp_path / "pids"
    started = time.monotonic()

    error = python(FAMILY + "time.sleep(60)", str(file), commands=CommandRunner(timeout_s=1.0))

    assert error == ExportError(ExportErrorKind.DEADLINE)
    assert time.monotonic() - started < 5
    for pid in pids(file):
        wait_for(lambda pid=pid: not is_alive(pid))  # type: ignore[misc]  # mypy cannot infer a lambda with a default


@pytest.mark.only_on("linux")
def test_child_left_behind_goes_on_without_being_waited_for(tmp_path: Path) -> None:
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
def test_shut_down_kills_the_command_and_starts_no_more(tmp_path: Path) -> None:
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


def test_divided_value_is_not_logged_either(caplog: pytest.LogCaptureFixture) -> None:
    code = "import os; token = os.environ['WECHAT_ACCESS_TOKEN']; print(token[:20]); print(token[20:])"
    with caplog.at_level(logging.INFO):
        assert python(code) is None
    assert "not kept" in said(caplog)
    assert "t" * 13 not in said(caplog)


@pytest.fixture
def ends_at_sigterm() -> Iterator[None]:
    """Let SIGTERM raise SystemExit, as in the command line."""

    def on_sigterm(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(143)

    previous = signal.signal(signal.SIGTERM, on_sigterm)
    yield
    signal.signal(signal.SIGTERM, previous)


@pytest.mark.only_on("linux", "darwin")
@pytest.mark.usefixtures("ends_at_sigterm")
def test_a_command_is_killed_too_that_has_just_been_started_when_the_program_ends(tmp_path: Path) -> None:
    for number in range(30):
        written = tmp_path / f"{number}.pid"
        with pytest.raises(SystemExit):
            run("sh", "-c", f"echo $$ > {written}; kill -TERM $PPID; exec sleep 60")
        pid = int(written.read_text("utf-8"))
        wait_for(lambda pid=pid: not is_alive(pid))  # type: ignore[misc]  # mypy does not know the default
