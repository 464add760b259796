"""Report for a bug: made by a real process of the command line, and never waited for."""

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.app.crashes import bug_report
from guarddog_gui.app.crashes.bug_report import BugReport, command_line

ENVIRON = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": "disabled:", "GUARDDOG_LANG": "en"}


def test_the_report_is_what_doctor_finds(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:  # noqa: ARG001
    report = BugReport(ENVIRON)
    with qtbot.waitSignal(report.finished, timeout=40_000) as finished:
        report.start(str(tmp_path), "http://127.0.0.1:9")
    (text,) = finished.args
    assert "Guard Dog" in text
    assert "PySide6" in text
    assert not report.is_running


def test_a_report_that_takes_too_long_is_given_up(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:  # noqa: ARG001
    report = BugReport(ENVIRON)
    report._timer.setInterval(1)
    with qtbot.waitSignal(report.failed):
        report.start(str(tmp_path), "http://127.0.0.1:9")
    assert not report.is_running


def test_a_missing_command_line_is_a_failure(
    qapp: QApplication,  # noqa: ARG001 - processes need one
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bug_report, "command_line", lambda *_, **__: [str(tmp_path / "missing")])
    report = BugReport(ENVIRON)
    with qtbot.waitSignal(report.failed):
        report.start(str(tmp_path), "")


def test_a_bundle_has_its_command_line_beside_it() -> None:
    assert command_line("/opt/guarddog/guarddog-gui", is_frozen=True) == ["/opt/guarddog/guarddogctl"]
    assert command_line(sys.executable, is_frozen=False) == [sys.executable, "-m", "guarddog_gui"]
