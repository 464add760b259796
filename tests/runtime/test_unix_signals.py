"""SIGTERM, SIGINT and SIGHUP end a program that sleeps in Qt."""

import signal
import subprocess
import sys
import time

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.runtime.unix_signals import UnixSignals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows ends programs in other ways")

IDLE = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from guarddog_gui.runtime.unix_signals import UnixSignals

app = QCoreApplication(sys.argv)
signals = UnixSignals()
signals.quit_requested.connect(app.quit)
asked = []
signals.quit_requested.connect(lambda: asked.append(1))
signals.start()
QTimer.singleShot(0, lambda: print("idle", flush=True))
code = app.exec()
signals.stop()
print("asked", len(asked), flush=True)
sys.exit(code)
"""


def idle_program(*prefix: str) -> "subprocess.Popen[str]":
    program = subprocess.Popen(
        [*prefix, sys.executable, "-c", IDLE], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "idle\n"
    return program


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_program_with_an_idle_event_loop_ends_at_once_and_in_order(number: signal.Signals) -> None:
    program = idle_program()
    time.sleep(0.1)  # now it sleeps in poll()
    program.send_signal(number)
    begin = time.monotonic()
    out, _ = program.communicate(timeout=10)
    assert time.monotonic() - begin < 1
    assert (program.returncode, out) == (0, "asked 1\n")


def test_a_program_that_is_started_with_nohup_outlives_its_terminal() -> None:
    program = idle_program("nohup")
    program.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    assert program.poll() is None
    program.send_signal(signal.SIGTERM)
    out, _ = program.communicate(timeout=10)
    assert (program.returncode, out) == (0, "asked 1\n")


@pytest.mark.usefixtures("qapp")
def test_stopping_gives_the_signals_back(qtbot: QtBot) -> None:
    before = signal.getsignal(signal.SIGINT)
    signals = UnixSignals()
    asked: list[int] = []
    signals.quit_requested.connect(lambda: asked.append(1))
    signals.start()
    signal.raise_signal(signal.SIGINT)
    qtbot.waitUntil(lambda: asked == [1])
    signals.stop()
    assert signal.getsignal(signal.SIGINT) is before is signal.default_int_handler
    assert signal.getsignal(signal.SIGTERM) is signal.getsignal(signal.SIGHUP) is signal.SIG_DFL
    assert signal.set_wakeup_fd(-1) == -1
