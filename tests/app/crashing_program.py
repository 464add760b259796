"""The whole tray app with an embedded WeChat, in a process of its own and a home that stays, for crashes on purpose."""

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.app.gui_process import environment

SECONDS = 60

_PROGRAM = """
import base64, contextlib, json, os, sys, threading, time
from urllib.parse import quote
from PySide6.QtCore import QEvent, QObject, QTimer, qCritical, qFatal
from PySide6.QtWidgets import QApplication, QLabel, QWidget
import guarddog_gui.bootstrap.sandbox_session as session
from guarddog_gui.app.tray_app import TrayApp
from guarddog_gui.domain.refresh.status import KeyState

session.tempfile.TemporaryDirectory = lambda **_: contextlib.nullcontext(os.environ["GUARDDOG_HOME"])
known = {"secrets": [], "tokens": []}
results = []

class Server(session.SandboxServer):
    def __enter__(self):
        server = super().__enter__()
        known["secrets"] = [account.secret for account in server.accounts]
        return server
session.SandboxServer = Server

real_run = TrayApp.run
def run(app, **keywords):
    global tray_app
    tray_app = app
    QTimer.singleShot(0, when_fresh)
    return real_run(app, **keywords)
TrayApp.run = run

def controller():
    return tray_app._background_engine.controller

def when_fresh():
    if not controller().is_running or controller().overview().state is not KeyState.FRESH:
        return QTimer.singleShot(100, when_fresh)
    for status in controller().overview().accounts:
        known["tokens"] += [key.record.value for key in status.keys]
    controller().refresh_attempted.connect(lambda result: results.append(result.entry.result.value))
    QTimer.singleShot(500, lambda: begin())

def secret_text():
    # what an exception of foreign code may quote
    parts = []
    for value in (known["secrets"][0], known["tokens"][0]):
        parts += [f"https://api/?access_token={value}&x", json.dumps({"secret": value}), repr((value,)), value,
                  quote(value, safe=""), base64.b64encode(value.encode()).decode(), value.encode().hex(),
                  "\\n".join(value[i:i + 16] for i in range(0, len(value), 16))]
    return "  ".join(parts)

def banner():
    window = tray_app.windows.existing_main_window
    label = window and window.findChild(QLabel, "crash-text")
    return label.text() if label is not None and not window.crash_banner.isHidden() else ""

def in_turn(*steps, ms=400):
    if steps:
        QTimer.singleShot(0, steps[0])  # an exception in it does not end the turn
        QTimer.singleShot(ms, lambda: in_turn(*steps[1:], ms=ms))

def finish():
    print(json.dumps({**known, "results": results, "banner": banner()}), flush=True)
    QApplication.quit()

def begin():
    finish()
"""
_START = """
from guarddog_gui.app.main import main
sys.exit(main(["--sandbox", *sys.argv[1:]]))
"""


class CrashedProgram:
    """A program that has ended, and the files that it left behind."""

    def __init__(self, home: Path, code: str, *arguments: str) -> None:
        command = [sys.executable, "-c", _PROGRAM + code + _START, *arguments]
        self._home = home
        process = subprocess.run(
            command, env=environment(home), capture_output=True, text=True, timeout=SECONDS, check=False
        )
        self.exit_code, self.stderr = process.returncode, process.stderr
        lines = process.stdout.splitlines()
        self.known: dict[str, Any] = json.loads(lines[-1]) if lines else {}

    @property
    def reports(self) -> list[str]:
        """The reports, the oldest first."""
        files = sorted((self._home / "logs" / "crashes").glob("crash-*.txt"), key=lambda file: file.stat().st_mtime_ns)
        return [file.read_text("utf-8") for file in files]

    @property
    def log(self) -> str:
        return (self._home / "logs" / "guarddog.log").read_text("utf-8")

    def leaks(self) -> list[str]:
        """Return the forms of secrets that are in stderr or a file, and those of tokens outside of `.dog` files."""
        files = [path for path in self._home.rglob("*") if path.is_file()]
        texts = {path.name: path.read_bytes() for path in files} | {"stderr": self.stderr.encode()}
        dogs = {name for name in texts if name.endswith(".dog")}
        found = []
        for value in self.known["secrets"]:
            found += [f"{form} in {name}" for form in forms(value) for name in texts if form.encode() in texts[name]]
        for value in self.known["tokens"]:
            names = texts.keys() - dogs
            found += [f"{form} in {name}" for form in forms(value) for name in names if form.encode() in texts[name]]
        return found


def forms(value: str) -> tuple[str, ...]:
    """Return parts of a value that must not be found: of itself, of its base64 form and its hexadecimal form."""
    encoded = base64.b64encode(value.encode()).decode()
    return value[6:22], value[-18:-6], quote(value, safe=""), encoded[6:24], value.encode().hex()[8:40]
