"""Dialogs that cannot be closed while their jobs write."""

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.transfer.writing_dialog import WritingDialog

QUIT = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from guarddog_gui.ui.transfer.writing_dialog import WritingDialog

application = QApplication([])
dialog = WritingDialog()
dialog.open()
dialog.begin_writing()
QTimer.singleShot(0, application.quit)
QTimer.singleShot(20_000, lambda: application.exit(9))
raise SystemExit(application.exec())
"""


@pytest.fixture
def dialog(qtbot: QtBot) -> WritingDialog:
    dialog = WritingDialog()
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def test_neither_escape_nor_the_close_button_close_it_while_it_writes(dialog: WritingDialog) -> None:
    dialog.begin_writing()

    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.close()
    assert dialog.isVisible()

    dialog.end_writing()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_it_does_not_keep_the_program_from_quitting() -> None:
    assert subprocess.run([sys.executable, "-c", QUIT], check=False, timeout=60).returncode == 0
