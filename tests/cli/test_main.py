"""The frame around every command: version, errors, output that cannot be written."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from guarddog_gui import __version__
from guarddog_gui.bootstrap import catalogues
from guarddog_gui.cli.command_error import OutputError
from guarddog_gui.cli.commands import status
from guarddog_gui.cli.context import Terminal
from guarddog_gui.cli.main import main
from guarddog_gui.domain.errors import InternalError, LockBusy, UsageError
from guarddog_gui.services.exit_codes import ExitCode
from tests.adapters.unprivileged import unprivileged_folder
from tests.cli.conftest import InProcessCli
from tests.fakes import FakeClock


def test_the_version_is_one_line(guarddogctl: InProcessCli) -> None:
    assert guarddogctl("--version").stdout == f"guarddogctl {__version__}\n"


def test_an_address_that_would_carry_the_secret_in_the_clear_is_refused(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account()

    ran = guarddogctl("refresh", GUARDDOG_API_BASE="http://example.com")

    assert (ran.exit_code, ran.stdout) == (4, "")
    assert "It is “http://example.com”, from GUARDDOG_API_BASE." in ran.stderr


def test_what_needs_no_wechat_needs_no_address(guarddogctl: InProcessCli) -> None:
    guarddogctl.add_account()
    bad = {"GUARDDOG_API_BASE": "ftp://x"}

    for command in ("token", "token --json", "status", "history", "accounts list"):
        ran = guarddogctl(*command.split(), **bad)
        assert (ran.exit_code, ran.stderr) == (0, ""), command
        assert ran.stdout
    guarddogctl.clock.advance(7300)
    for command in ("token", "refresh", "sign https://a.cn/", "watch"):
        assert guarddogctl(*command.split(), **bad).exit_code == 4, command


def test_no_secret_is_asked_for_where_there_is_nobody_to_send_it_to(guarddogctl: InProcessCli) -> None:
    guarddogctl.hidden_input = "x"

    ran = guarddogctl(
        "accounts", "add", "--appid", "wx1", "--name", "Shop", GUARDDOG_API_BASE="https://me:pass@wechat.example"
    )

    assert (ran.exit_code, guarddogctl.hidden_prompt) == (4, "")
    assert "https://…@wechat.example" in ran.stderr
    assert "pass" not in ran.stderr


@pytest.mark.parametrize(
    ("error", "code"), [(UsageError("port 1 is taken"), 2), (LockBusy("wx1"), 5), (InternalError("promise"), 1)]
)
def test_exceptions_of_ours_end_with_their_code_and_without_a_traceback(
    guarddogctl: InProcessCli, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    monkeypatch.setattr(status, "run", failing_with(error))

    ran = guarddogctl("status")

    assert ran.exit_code == code
    assert "Traceback" not in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def failing_with(error: BaseException) -> object:
    def command(*_: object, **__: object) -> ExitCode:
        raise error

    return command


def test_a_mistake_of_ours_is_one_line_that_names_the_report(
    guarddogctl: InProcessCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "0123456789abcdef0123456789abcdef"
    monkeypatch.setattr(status, "run", failing_with(ZeroDivisionError(f"secret={secret}")))

    ran = guarddogctl("status")

    log = (guarddogctl.home / "logs" / "guarddog.log").read_text(encoding="utf-8")
    (report,) = (guarddogctl.home / "logs" / "crashes").glob("crash-*.txt")
    assert ran.exit_code == 1
    assert len(ran.stderr.splitlines()) == 1
    assert str(report) in ran.stderr
    for text in (log, report.read_text(encoding="utf-8")):
        assert "ZeroDivisionError: secret=…\n" in text
        assert "guarddog_gui/cli/main.py:" in text
        assert secret not in text


def test_a_report_that_cannot_be_written_is_no_second_mistake(
    guarddogctl: InProcessCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "run", failing_with(ZeroDivisionError()))
    (guarddogctl.home / "logs").write_text("a file in the place of the folder", encoding="utf-8")

    ran = guarddogctl("status")

    assert ran.exit_code == 1
    assert ran.stderr.startswith("Guard Dog made a mistake of its own.")
    assert len(ran.stderr.splitlines()) == 1


def test_ctrl_c_is_no_crash(guarddogctl: InProcessCli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "run", failing_with(KeyboardInterrupt()))

    ran = guarddogctl("status")

    assert ran.exit_code == 130
    assert ran.stderr.strip() == ""


class FailingOutput(io.StringIO):
    """Standard output that takes nothing."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def flush(self) -> None:
        raise self.error


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (BrokenPipeError(32, "Broken pipe"), 0, ""),
        (OSError(28, "No space left on device"), 7, "The output could not be written: No space left on device."),
    ],
)
def test_a_result_that_nobody_takes_is_no_crash(
    guarddogctl: InProcessCli, error: OSError, code: int, words: str
) -> None:
    err = io.StringIO()
    terminal = Terminal(guarddogctl.environ, io.StringIO(), FailingOutput(error), err, FakeClock())

    with pytest.raises(OutputError) as lost:
        main(["errcode", "40164"], terminal)

    assert lost.value.exit_code == code
    assert err.getvalue().strip() == words


def test_an_installation_without_its_words_says_so(
    guarddogctl: InProcessCli, monkeypatch: pytest.MonkeyPatch, tmp_path: os.PathLike[str]
) -> None:
    monkeypatch.setattr("guarddog_gui.adapters.files.paths.resource_folders", lambda *_: (tmp_path,))

    ran = guarddogctl("status")

    assert ran.exit_code == 7
    assert "missing from this installation" in ran.stderr


def test_a_command_leaves_no_log_handler_behind(guarddogctl: InProcessCli) -> None:
    import logging

    before = list(logging.getLogger().handlers)

    guarddogctl("status")

    assert logging.getLogger().handlers == before


@pytest.mark.only_on("linux", "darwin")
@pytest.mark.parametrize("command", ["status", "token", "history"])
def test_a_home_that_may_not_be_entered_ends_with_seven_and_is_named(
    guarddogctl: InProcessCli, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # user `nobody` may be unable to read the modules and resources of this clone, so all are read before
    guarddogctl(command)
    catalog = catalogues.load_errcode_catalog()
    monkeypatch.setattr(catalogues, "load_errcode_catalog", lambda: catalog)
    with unprivileged_folder() as folder:
        (folder / "closed").mkdir(mode=0o000)
        home = folder / "closed" / "home"

        ran = guarddogctl(command, GUARDDOG_HOME=str(home))

        assert (ran.exit_code, ran.stdout) == (7, "")
        assert f"{home}" in ran.stderr
        assert "permission denied" in ran.stderr


HOSTILE = "x\x1b[2J\u202e\x9by"


@pytest.mark.parametrize(
    "argv",
    [
        ("token", HOSTILE),
        ("token", f"--{HOSTILE}"),
        ("token", "--min-ttl", HOSTILE),
        ("token", "--key", HOSTILE),
        ("token", "Shop", HOSTILE),
        (HOSTILE,),
        (f"--{HOSTILE}=--",),
        ("errcode", HOSTILE),
        ("sign", f"https://a.cn/{HOSTILE}?code=1&state={HOSTILE}"),
        ("sign", f"https://{HOSTILE}/"),
        ("sign", "https://a.cn/", "--nonce", HOSTILE),
        ("diagnose", f"https://a.cn/{HOSTILE}", "--signature", HOSTILE, "--nonce", HOSTILE, "--timestamp", HOSTILE),
        ("history", "--since", HOSTILE),
        ("accounts", "remove", HOSTILE),
        ("accounts", "add", "--appid", HOSTILE, "--name", HOSTILE),
        (
            "accounts",
            "add",
            "--appid",
            "wx1234567890abcdef",
            "--name",
            "A",
            "--dog-dir",
            HOSTILE,
            "--run",
            f"'{HOSTILE}",
        ),
    ],
    ids=lambda argv: " ".join(argv).encode("ascii", "replace").decode().replace("\x1b", "")[:40],
)
def test_hostile_arguments_reach_no_terminal(ctl_with_ticket: InProcessCli, argv: tuple[str, ...]) -> None:
    ctl_with_ticket.hidden_input = "secret"
    ran = ctl_with_ticket(*argv)
    shown = ran.stdout + ran.stderr
    assert shown.replace("\n", "").isprintable(), ascii(shown)


EARLY = """
import sys
from guarddog_gui.cli import main
def broken(*_, **__): raise KeyError("secret=0123456789abcdef0123456789abcdef")
main.Container = broken
sys.exit(main.run_with_sys_streams(["status"]))
"""
WATCH = """
import sys, threading
from PySide6.QtCore import QCoreApplication, QTimer
from guarddog_gui.cli import main
from guarddog_gui.cli.commands import watch
SECRET = "0123456789abcdef0123456789abcdef"
def in_thread(): raise KeyError(SECRET)
class Engine(watch.BackgroundEngine):
    def start(self):
        super().start()
        threading.Thread(target=in_thread).start()
        QTimer.singleShot(1000, QCoreApplication.quit)
        raise ValueError(SECRET)
watch.BackgroundEngine = Engine
sys.exit(main.run_with_sys_streams(["watch"]))
"""


@pytest.mark.parametrize(("code", "exit_code", "reports"), [(EARLY, 1, 1), (WATCH, 0, 2)])
def test_no_mistake_prints_a_traceback(tmp_path: Path, code: str, exit_code: int, reports: int) -> None:
    environ = {**os.environ, "GUARDDOG_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)
    files = sorted((tmp_path / "logs" / "crashes").glob("crash-*.txt"))
    assert (done.returncode, len(files)) == (exit_code, reports)
    assert "Traceback" not in done.stderr
    for file in files:
        assert f"Guard Dog made a mistake of its own. Please report it; what happened is in {file}." in done.stderr
    texts = [done.stderr, *(file.read_text("utf-8") for file in tmp_path.rglob("*") if file.suffix in (".txt", ".log"))]
    assert [text for text in texts if "0123456789" in text] == []
