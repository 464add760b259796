"""Starting `guarddog-gui`: what it says and how it ends when there is nothing to run, and how it runs."""

from pathlib import Path

import pytest

from guarddog_gui import __version__
from tests.app.gui_process import environment, gui

LINUX = pytest.mark.only_on("linux")


def test_the_version_is_said_without_loading_qt(tmp_path: Path) -> None:
    done = gui(environment(tmp_path), "--version", before="sys.modules['PySide6'] = None")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"guarddog-gui {__version__}\n", "")


def test_an_argument_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    done = gui(environment(tmp_path), "--frobnicate")
    assert done.returncode == 2
    assert "--frobnicate" in done.stderr


@LINUX
@pytest.mark.parametrize(("language", "word"), [("en", "There is no display"), ("zh_CN", "没有可用的显示环境")])
def test_without_a_display_one_sentence_names_what_works_in_a_terminal(
    tmp_path: Path, language: str, word: str
) -> None:
    environ = environment(tmp_path, GUARDDOG_LANG=language, PYTHONIOENCODING="utf-8")
    environ.pop("QT_QPA_PLATFORM")
    done = gui(environ, before="sys.modules['PySide6'] = None")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert word in done.stderr
    assert "guarddogctl watch" in done.stderr
    assert list(tmp_path.iterdir()) == []  # nothing was begun


@pytest.mark.parametrize(
    "base", ["http://api.weixin.qq.com", "ftp://127.0.0.1", "nonsense", "https://user:pass@example.org"]
)
def test_an_api_base_that_cannot_be_used_is_a_sentence(tmp_path: Path, base: str) -> None:
    done = gui(environment(tmp_path, GUARDDOG_API_BASE=base))
    assert done.returncode == 4
    assert done.stderr.startswith("This address of the WeChat API cannot be used.")
    assert "Traceback" not in done.stderr


def test_a_home_that_is_a_file_is_a_sentence(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("not a folder")
    done = gui(environment(home))
    assert done.returncode == 7
    assert done.stderr.startswith(str(home))
    assert "Traceback" not in done.stderr


@LINUX
def test_a_home_in_which_nothing_can_be_made_is_a_sentence() -> None:
    done = gui(environment(Path("/proc/guarddog")))  # there not even root can make a folder
    assert done.returncode == 7
    assert done.stderr.startswith("/proc/guarddog")
    assert "could not be read or written" in done.stderr
    assert "Traceback" not in done.stderr


_DIALOG = (
    "from PySide6.QtWidgets import QApplication\n"
    "from guarddog_gui.ui.dialogs.confirm_dialog import ConfirmDialog\n"
    "QApplication.platformName = staticmethod(lambda: 'xcb')\n"
    "ConfirmDialog.exec = lambda box: print('dialog:', box.accessibleName(), box.accessibleDescription())"
)


@LINUX
@pytest.mark.parametrize(
    ("environ", "word"), [({}, "/proc/guarddog"), ({"GUARDDOG_API_BASE": "nonsense"}, "https://api.weixin.qq.com")]
)
def test_a_failed_start_is_shown_where_a_desktop_user_sees_it(environ: dict[str, str], word: str) -> None:
    done = gui(environment(Path("/proc/guarddog"), **environ), before=_DIALOG)
    assert done.stdout.startswith("dialog: ")
    assert word in done.stdout
    assert done.returncode in (4, 7)


@LINUX
def test_a_quit_from_a_terminal_shows_no_dialog() -> None:
    done = gui(environment(Path("/proc/guarddog")), "--quit", before=_DIALOG)
    assert (done.returncode, done.stdout) == (7, "")


def test_a_mistake_of_ours_is_a_sentence_and_the_log_has_the_rest(tmp_path: Path) -> None:
    broken = "import guarddog_gui.app.tray_app as t\nt.TrayApp.run = lambda *_, **__: 1 / 0"
    done = gui(environment(tmp_path), before=broken)
    assert done.returncode == 1
    assert done.stderr.startswith("Guard Dog made a mistake of its own.")
    assert "Traceback" not in done.stderr
    assert "ZeroDivisionError" in (tmp_path / "logs" / "guarddog.log").read_text("utf-8")


def test_quit_of_nothing_is_done_already(tmp_path: Path) -> None:
    done = gui(environment(tmp_path / "home"), "--quit")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_main_thread_waits_half_a_millisecond_at_most_for_a_worker_that_computes(tmp_path: Path) -> None:
    interval = "import atexit\natexit.register(lambda: print(sys.getswitchinterval()))"
    done = gui(environment(tmp_path / "home"), "--quit", before=interval)
    assert float(done.stdout) <= 0.0005


@LINUX
def test_a_run_in_the_sandbox_ends_in_order_and_leaves_nothing(tmp_path: Path) -> None:
    """The whole program, on a screen that is none: it fetches, shows and is asked to end."""
    end = (
        "import os, signal, threading, time\n"
        "def end():\n"
        "    while signal.getsignal(signal.SIGTERM) is signal.SIG_DFL: time.sleep(0.05)\n"
        "    time.sleep(1)\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "threading.Thread(target=end, daemon=True).start()\n"
    )
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    environ = environment(tmp_path / "home", TMPDIR=str(temporary))
    done = gui(environ, "--sandbox", "--show", before=end)
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if "does not support" not in line] == []
    assert list(temporary.glob("guarddog-sandbox-*")) == []
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("other", ["--show", "--sandbox"])
def test_an_option_without_effect_beside_quit_is_refused(tmp_path: Path, other: str) -> None:
    done = gui(environment(tmp_path), "--quit", other)
    assert done.returncode == 2
    assert f"{other} has no effect beside --quit." in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_help_is_in_the_language_of_the_user(tmp_path: Path) -> None:
    done = gui(environment(tmp_path, GUARDDOG_LANG="zh_CN", PYTHONIOENCODING="utf-8"), "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("用法：guarddog-gui")
    assert "结束正在运行的程序" in done.stdout
    assert "the running one" not in done.stdout
