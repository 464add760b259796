"""The running tray app while another process holds its locks and a disk hangs: the main thread never waits."""

import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.bootstrap.sandbox_session import to_account
from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.settings import Settings
from guarddog_gui.sandbox.server import SandboxServer
from tests.app.gui_process import SECONDS, environment
from tests.held_lock import held_database, held_file_lock

POSIX = pytest.mark.only_on("linux", "darwin")

PROGRAM = """
import os, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from guarddog_gui.adapters.keyring.memory import MemorySecretStore
from guarddog_gui.app.tray_app import TrayApp
from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.bootstrap.crash_reporter import CrashReporter
from guarddog_gui.domain.accounts.account import Secret
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.runtime.jobs import HistoryPageQuery
from tests.app.heartbeat import Heartbeat
from tests.app.hung_disk import hang_below

home, hung, api_base, appid, secret, mode = sys.argv[1:]
if hung:
    hang_below(hung)
secrets = MemorySecretStore()
secrets.set(appid, Secret(secret))
if mode == "hung keyring":
    secrets.get = lambda _: time.sleep(60)
container = make_container(os.environ, time.time, secrets=secrets, api_base=api_base)
app = TrayApp(container, CrashReporter(container.paths, "test"), ["guarddog-gui"])
assert app.try_acquire_instance()

def at(seconds, action):
    QTimer.singleShot(int(seconds * 1000), lambda: run(action))

def run(action):
    try:
        action()
    except BaseException as error:
        print("failed", action, repr(error), flush=True)

def begin():
    global beat
    beat = Heartbeat()
    controller, settings = app._background_engine.controller, app._settings_controller
    at(0.0, lambda: settings.update_fields(clipboard_s=11))
    at(0.1, lambda: settings.update_fields(clipboard_s=12))
    at(0.2, controller.tick)
    at(0.3, lambda: controller.copies.request(appid, TokenKind.ACCESS_TOKEN))
    at(0.4, lambda: controller.refresh(appid))
    at(0.6, lambda: controller.history_queries.load_calls_today([appid], lambda _: None))
    at(0.7, lambda: app._background_engine.signing_controller.recent_urls(appid))
    at(0.8, lambda: controller.pause(time.time() + 60))
    at(0.9, lambda: controller.pause(None))
    at(1.5, controller.tick)
    at(3.0, end)

def end():
    print("stalls", beat.stalls, flush=True)
    print("accounts", len(app._background_engine.controller.overview().accounts), flush=True)
    print("settings", app._settings_controller.settings.clipboard_s, flush=True)
    print("quit", flush=True)
    QApplication.quit()

QTimer.singleShot(1500, begin)
code = app.run(show=mode == "window")
if app.has_hung_threads:
    sys.stdout.flush()
    os._exit(code)
sys.exit(code)
"""


class RunningApp:
    """Home with one or two accounts, a WeChat, and a tray app in a process of its own."""

    def __init__(self, home: Path, wechat: SandboxServer) -> None:
        self.home = home
        self.wechat = wechat
        self.shop = wechat.accounts[0]
        container = make_container({"GUARDDOG_HOME": str(home)}, time.time, api_base=wechat.base_url)
        container.accounts.update(lambda _: (to_account(self.shop),))
        container.settings.save(Settings())
        entry = HistoryEntry(1.0, self.shop.appid, "ACCESS_TOKEN", Trigger.COMMAND, AttemptResult.NO_ANSWER)
        container.history.append(entry)
        container.history.close()
        self.container = container

    def add_hung_account(self, folder: Path) -> None:
        other = replace(to_account(self.wechat.accounts[1]), dog_dir=str(folder))
        self.container.accounts.update(lambda accounts: (*accounts, other))

    def run(self, *, hung: str = "", mode: str = "") -> tuple[dict[str, str], float, int]:
        """Run the app; return what it printed, the seconds that the quit took, and the exit code."""
        arguments = [str(self.home), hung, self.wechat.base_url, self.shop.appid, self.shop.secret, mode]
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments],
            env=environment(self.home, QT_QPA_PLATFORM="offscreen"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        printed: dict[str, str] = {}
        for line in process.stdout:
            name, _, value = line.strip().partition(" ")
            printed[name] = value
            if name == "quit":
                break
        quit_at = time.monotonic()
        _, errors = process.communicate(timeout=SECONDS)
        took = time.monotonic() - quit_at
        assert "Traceback" not in errors, errors
        assert "failed" not in printed, printed
        return printed, took, process.returncode


@pytest.fixture
def app(tmp_path: Path) -> RunningApp:  # type: ignore[misc]  # a generator
    with SandboxServer(time.time) as wechat:
        yield RunningApp(tmp_path / "home", wechat)


def check(outcome: tuple[dict[str, str], float, int]) -> dict[str, str]:
    printed, took, code = outcome
    assert printed["stalls"] == "[]", printed["stalls"]
    assert code == 0
    assert took < 3, f"the quit took {took:.1f} s"
    return printed


@POSIX
@pytest.mark.parametrize("mode", ["", "window"])
def test_locked_settings_and_a_locked_history_keep_nothing_waiting(app: RunningApp, mode: str) -> None:
    with ExitStack() as held:
        held.enter_context(held_file_lock(app.home / "config" / ".settings.json.lock"))
        history = app.home / "data" / "history.sqlite3"
        held.enter_context(held_database(history))
        printed = check(app.run(mode=mode))
    assert printed["settings"] == "12", "the value is shown at once"
    app.container.history.trim(time.time())
    results = {entry.result for entry in app.container.history.latest(app.shop.appid, "ACCESS_TOKEN", 10)}
    assert AttemptResult.NEW in results, "the attempts are in the history after the next write"
    app.container.history.close()


@POSIX
def test_a_history_that_cannot_even_be_read_keeps_nothing_waiting(app: RunningApp) -> None:
    with held_database(app.home / "data" / "history.sqlite3", also_from_readers=True):
        check(app.run())


@POSIX
def test_a_held_account_lock_keeps_the_quit_from_nothing(app: RunningApp) -> None:
    with held_file_lock(app.home / "data" / "locks" / f"{app.shop.appid}.lock"):
        check(app.run())


@POSIX
def test_a_folder_on_a_disk_that_hangs_keeps_no_other_account_waiting(app: RunningApp, tmp_path: Path) -> None:
    app.add_hung_account(tmp_path / "hung" / "dogs")
    printed = check(app.run(hung=str(tmp_path / "hung")))
    assert printed["accounts"] == "2"


@POSIX
def test_a_keyring_that_hangs_keeps_the_quit_from_nothing(app: RunningApp) -> None:
    check(app.run(mode="hung keyring"))


@POSIX
def test_of_two_changes_the_last_one_is_saved(app: RunningApp) -> None:
    check(app.run())
    assert app.container.settings.load().clipboard_s == 12
