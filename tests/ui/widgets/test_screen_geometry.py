"""The screen outlives the windows that ask for its size."""

import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.screen_geometry import available_geometry

PACKAGE = Path(__file__).parents[3] / "guarddog_gui"
MANY_DIALOGS = """
import gc
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from guarddog_gui.ui.widgets.screen_geometry import available_geometry

class Dialog(QDialog):
    def __init__(self):
        super().__init__()
        self.itself = self  # only the garbage collector can destroy it
        self.area = available_geometry(self)

app = QApplication([])
for _ in range(100):
    Dialog().show()
    gc.collect()
QWidget()
print("alive")
"""


def test_a_window_on_the_only_screen_gets_that_screens_area(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    assert available_geometry(window) == QGuiApplication.primaryScreen().availableGeometry()


def test_dialogs_that_the_garbage_collector_destroys_leave_the_screen_alone() -> None:
    done = subprocess.run([sys.executable, "-c", MANY_DIALOGS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "alive\n")


def test_nothing_else_asks_a_widget_for_its_screen() -> None:
    assert [path.name for path in PACKAGE.rglob("*.py") if ".screen()." in path.read_text(encoding="utf-8")] == []
