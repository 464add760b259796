"""The tray app in a process of its own, on a screen that is none: windows, a second process, and its end."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.app.gui_process import SECONDS, environment

LINUX = pytest.mark.only_on("linux")  # elsewhere the offscreen platform has a tray

PROGRAM = """
import os, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from guarddog_gui.app.tray_app import TrayApp
from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.bootstrap.crash_reporter import CrashReporter
from guarddog_gui.bootstrap.sandbox_session import sandbox_session

def visible_windows():
    return [type(widget).__name__ for widget in QApplication.topLevelWidgets() if widget.isVisible()]

def run(container, *, show=False, check=lambda: None, seconds=0.5):
    app = TrayApp(container, CrashReporter(container.paths, "test"), ["guarddog-gui"])
    assert app.try_acquire_instance()
    def end():
        check()
        QApplication.quit()
    QTimer.singleShot(int(seconds * 1000), end)
    print("exit code", app.run(show=show), "hung threads", app.has_hung_threads, flush=True)

def print_windows():
    print("windows", visible_windows(), flush=True)
"""
ENDED_WELL = "exit code 0 hung threads False"


def start(home: Path, code: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM + code],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def output_of(home: Path, code: str) -> list[str]:
    """Run the code to its end and return the lines that it printed; it must not have failed."""
    process = start(home, code)
    output, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    return output.splitlines()


# what windows and the first click load: each of them would delay the icon
LATER = (
    *("guarddog_gui.ui.main_window", "guarddog_gui.ui.widgets", "guarddog_gui.ui.tokens", "guarddog_gui.ui.signing"),
    *("guarddog_gui.ui.history", "guarddog_gui.ui.style.proxy_style", "guarddog_gui.ui.tray.popover"),
    *("guarddog_gui.runtime.signing", "guarddog_gui.domain.signing", "guarddog_gui.services.diagnosis"),
    *("guarddog_gui.domain.paste", "dataclasses", "html", "socket"),
    *("guarddog_gui.domain.api", "guarddog_gui.services.api_calls", "guarddog_gui.runtime.window.api_jobs"),
    *("guarddog_gui.ui.api", "guarddog_gui.adapters.http.api_client", "guarddog_gui.adapters.files.api_calls"),
)


def test_the_icon_waits_for_no_module_of_a_window(tmp_path: Path) -> None:
    code = f"""
def print_loaded(app):
    print([name for name in sys.modules if name.startswith({LATER!r})])
TrayApp._start_deferred = print_loaded
with sandbox_session(time.time) as container:
    for name in [name for name in sys.modules if name.startswith({LATER!r})]:
        del sys.modules[name]  # of the embedded WeChat
    run(container)
"""
    assert output_of(tmp_path, code)[0] == "[]"


def test_without_an_account_the_window_is_shown_at_the_start(tmp_path: Path) -> None:
    code = "run(make_container(os.environ, time.time), check=print_windows)"
    assert output_of(tmp_path, code) == ["windows ['MainWindow']", ENDED_WELL]


def test_with_accounts_the_window_is_shown_only_on_request(tmp_path: Path) -> None:
    for show, windows in ((False, []), (True, ["MainWindow"])):
        code = f"with sandbox_session(time.time) as container: run(container, show={show}, check=print_windows)"
        assert output_of(tmp_path, code) == [f"windows {windows}", ENDED_WELL]


def test_a_slow_disk_does_not_open_the_window_of_a_start_with_accounts(tmp_path: Path) -> None:
    code = (
        "from guarddog_gui.runtime.disk.readings import DiskReader\n"
        "read_home = DiskReader.read_home\n"
        "DiskReader.read_home = lambda *arguments: (time.sleep(0.3), read_home(*arguments))[1]\n"
        "with sandbox_session(time.time) as container: run(container, check=print_windows)"
    )
    assert output_of(tmp_path, code) == ["windows []", ENDED_WELL]


@LINUX
def test_without_a_tray_the_window_is_shown_after_some_seconds(tmp_path: Path) -> None:
    code = (
        "import guarddog_gui.app.tray_app\n"
        "guarddog_gui.app.tray_app.TRAY_TIMEOUT_MS = 200\n"
        "with sandbox_session(time.time) as container: run(container, check=print_windows, seconds=1)"
    )
    assert output_of(tmp_path, code) == ["windows ['MainWindow']", ENDED_WELL]


def test_the_running_app_refreshes_its_accounts(tmp_path: Path) -> None:
    code = """
with sandbox_session(time.time) as container:
    account = container.accounts.load()[0]
    def check():
        print([container.dog_files.read(account, kind) is not None for kind in account.token_kinds])
    run(container, check=check, seconds=3)
"""
    assert output_of(tmp_path, code) == ["[True, True]", ENDED_WELL]


def test_a_second_process_opens_the_window_of_the_first_and_ends_it(tmp_path: Path) -> None:
    first = start(tmp_path, "run(make_container(os.environ, time.time), seconds=20)")
    second = """
container = make_container(os.environ, time.time)
app = TrayApp(container, CrashReporter(container.paths, "test"), ["guarddog-gui"])
print(app.try_acquire_instance(), app.send_to_running_instance(should_quit={should_quit}))
"""
    lock_folder = tmp_path / "data"
    deadline = time.monotonic() + SECONDS
    while not (lock_folder.is_dir() and any(lock_folder.iterdir())) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    started = time.monotonic()
    for should_quit in (False, True):
        assert output_of(tmp_path, second.format(should_quit=should_quit)) == ["False 0"]
    output, errors = first.communicate(timeout=SECONDS)
    assert (output.splitlines(), "Traceback" in errors) == ([ENDED_WELL], False)
    assert time.monotonic() - started < 15


def test_a_default_account_that_is_chosen_meanwhile_is_that_of_the_running_app(tmp_path: Path) -> None:
    code = """
from msgspec.structs import replace
with sandbox_session(time.time) as container:
    def choose():  # as guarddogctl use does
        container.settings.update(lambda settings: replace(settings, default_account="wx1"))
    from guarddog_gui.ui.tray.icon import TrayIcon
    show = TrayIcon.set_default_account
    def record(icon, appid):
        print("default", repr(appid))
        show(icon, appid)
    TrayIcon.set_default_account = record
    QTimer.singleShot(0, lambda: QTimer.singleShot(300, choose))  # the application is made by run
    run(container, seconds=1.5)
"""
    lines = output_of(tmp_path, code)
    assert lines[0] == "default ''"
    assert lines[-2:] == ["default 'wx1'", ENDED_WELL]
