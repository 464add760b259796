"""Terminal of a command: results, messages, questions, and the signals that stop it."""

import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TextIO

import pytest

from guarddog_gui.cli.command_error import OutputError
from guarddog_gui.cli.context import Terminal, closed_stdout, stop_flag
from guarddog_gui.services.exit_codes import ExitCode
from tests.cli.pseudo_terminal import PseudoTerminal
from tests.cli.subprocess_cli import GUARDDOGCTL, SubprocessCli
from tests.fakes import FakeClock


class BrokenStream(io.StringIO):
    """Stream that accepts nothing."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def write(self, _text: str) -> int:
        raise self.error

    def flush(self) -> None:
        raise self.error


def make_terminal(
    *, stdin: str = "", stdout: TextIO | None = None, stderr: TextIO | None = None, **environ: str
) -> Terminal:
    return Terminal(environ, io.StringIO(stdin), stdout or io.StringIO(), stderr or io.StringIO(), FakeClock())


# -- results and messages --------------------------------------------------------------------------


def test_results_and_messages_go_to_different_streams() -> None:
    stdout, stderr = io.StringIO(), io.StringIO()
    terminal = make_terminal(stdout=stdout, stderr=stderr)

    terminal.write_line("value")
    terminal.write_table([("Shop", "fresh"), ("小店", "failed")])
    terminal.write_message("a message")

    assert stdout.getvalue() == "value\nShop  fresh\n小店  failed\n"
    assert stderr.getvalue() == "a message\n"


def test_nothing_that_a_terminal_obeys_is_printed() -> None:
    stdout, stderr = io.StringIO(), io.StringIO()
    terminal = make_terminal(stdout=stdout, stderr=stderr)

    terminal.write_line("a\x1b[2Jb\nc")
    terminal.write_table([("\u202eShop", "\x9bfresh")])
    terminal.write_message("No account\nAll is well\x07")

    assert stdout.getvalue() == "a\\x1b[2Jb\nc\n\\u202eShop  \\x9bfresh\n"
    assert stderr.getvalue() == "No account\\nAll is well\\x07\n"


def test_json_escapes_what_a_terminal_obeys_and_keeps_the_values() -> None:
    stdout, fields = io.StringIO(), {"url": "https://a.cn/\x9b2J\u202e\x7f", "name": "小店 \udcff", "lines": [1, 2]}

    make_terminal(stdout=stdout).write_json(fields)

    assert json.loads(stdout.getvalue()) == fields
    assert stdout.getvalue().replace("\n", "").isprintable()


def test_json_is_readable_and_keeps_chinese_names() -> None:
    stdout = io.StringIO()

    make_terminal(stdout=stdout).write_json({"name": "小店"})

    assert json.loads(stdout.getvalue()) == {"name": "小店"}
    assert "小店" in stdout.getvalue()


@pytest.mark.parametrize(
    ("error", "code", "reason"),
    [
        (BrokenPipeError(32, "Broken pipe"), ExitCode.SUCCESS, ""),
        (OSError(28, "No space left on device"), ExitCode.FILE_ERROR, "No space left on device"),
        (OSError("unplugged"), ExitCode.FILE_ERROR, "OSError"),
    ],
)
def test_an_output_that_cannot_be_written_has_a_reason_unless_its_reader_left(
    error: OSError, code: ExitCode, reason: str
) -> None:
    terminal = make_terminal(stdout=BrokenStream(error))

    writes: list[Callable[[], None]] = [
        lambda: terminal.write_line("x"),
        terminal.flush,
        lambda: terminal.write_json({}),
    ]
    for write in writes:
        with pytest.raises(OutputError) as raised:
            write()
        assert (raised.value.exit_code, raised.value.reason) == (code, reason)


def test_a_closed_output_is_a_bad_file_descriptor() -> None:
    with closed_stdout() as stdout, pytest.raises(OutputError) as raised:
        make_terminal(stdout=stdout).write_line("value")

    assert (raised.value.exit_code, raised.value.reason) == (ExitCode.FILE_ERROR, "Bad file descriptor")


def test_a_message_that_cannot_be_written_is_no_error() -> None:
    terminal = make_terminal(stderr=BrokenStream(OSError(28, "No space left on device")))

    terminal.write_message("a message")

    assert terminal.show_progress("50 %") is False


# -- questions -------------------------------------------------------------------------------------


def test_an_answer_is_read_without_its_line_end() -> None:
    stderr = io.StringIO()
    terminal = make_terminal(stdin="  yes \nno\n", stderr=stderr)

    assert terminal.prompt_line("Remove it?") == "yes"
    assert stderr.getvalue() == "Remove it? "


def test_no_input_and_an_unseen_question_have_an_empty_answer() -> None:
    unseen = make_terminal(stdin="yes\n", stderr=BrokenStream(OSError(28, "No space left on device")))

    assert make_terminal().prompt_line("Remove it?") == ""
    assert unseen.prompt_line("Remove it?") == ""


# -- signals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_sets_the_stop_flag_and_afterwards_has_its_old_meaning(number: signal.Signals) -> None:
    before = signal.getsignal(number)

    with stop_flag() as stopped:
        assert not stopped.is_set()
        signal.raise_signal(number)
        assert stopped.is_set()

    assert signal.getsignal(number) is before


def test_a_flag_that_is_not_set_is_waited_for_until_the_time_is_over() -> None:
    with stop_flag() as stopped:
        started_at = time.monotonic()
        assert not stopped.wait(0.05)
        assert time.monotonic() - started_at >= 0.04


WAIT_FOR_SIGNALS = """
import random, signal, sys, time
from guarddog_gui.cli.context import StopFlag

stopped = None
signal.signal(signal.SIGALRM, lambda *_: stopped.set())
ends_at = time.monotonic() + float(sys.argv[1])
while time.monotonic() < ends_at:
    stopped = StopFlag()
    signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-6, 1e-4))
    while not stopped.wait(1e-6):
        pass
print("ended")
"""


@pytest.mark.only_on("linux", "darwin")
def test_a_signal_at_any_moment_of_the_wait_sets_the_flag() -> None:
    """Find a moment at which the process would wait for itself: with `threading.Event` it took a second or two."""
    command = [sys.executable, "-c", WAIT_FOR_SIGNALS, "3"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.stdout == "ended\n"


# -- in a terminal ---------------------------------------------------------------------------------


@pytest.mark.only_on("linux")
def test_ctrl_d_in_the_place_of_a_secret_is_no_secret(installed_ctl: SubprocessCli) -> None:
    screen = PseudoTerminal(
        ["accounts", "add", "--appid", installed_ctl.shop.appid, "--name", "Shop"], installed_ctl.environ
    )
    screen.wait_for("(not shown):")
    screen.type("\x04")

    assert screen.wait_for_exit() == ExitCode.USER_ACTION_REQUIRED
    assert screen.shown.splitlines()[1].startswith("The AppSecret is empty.")


@pytest.mark.only_on("linux")
def test_what_is_typed_as_a_secret_is_not_shown(installed_ctl: SubprocessCli) -> None:
    screen = PseudoTerminal(
        ["accounts", "add", "--appid", installed_ctl.shop.appid, "--name", "Shop"], installed_ctl.environ
    )
    screen.wait_for("(not shown):")
    screen.type(installed_ctl.shop.secret + "\n")

    assert screen.wait_for_exit() == 0
    assert "Shop is saved." in screen.shown
    assert installed_ctl.shop.secret not in screen.shown


@pytest.mark.only_on("linux")
def test_ctrl_c_at_the_question_ends_it_without_a_traceback(installed_ctl: SubprocessCli) -> None:
    screen = PseudoTerminal(
        ["accounts", "add", "--appid", installed_ctl.shop.appid, "--name", "Shop"], installed_ctl.environ
    )
    screen.wait_for("(not shown):")
    screen.type("\x03")

    assert screen.wait_for_exit() == 130
    assert "Traceback" not in screen.shown
    assert json.loads(installed_ctl("accounts", "list", "--json").stdout) == []


@pytest.mark.only_on("linux", "darwin")
def test_without_a_terminal_nothing_is_asked_and_the_other_way_is_named(installed_ctl: SubprocessCli) -> None:
    ran = subprocess.run(
        [GUARDDOGCTL, "accounts", "add", "--appid", installed_ctl.shop.appid, "--name", "Shop"],
        env=installed_ctl.environ, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        start_new_session=True, check=False,
    )  # fmt: skip

    assert ran.returncode == 2
    assert "--secret-stdin" in ran.stderr
