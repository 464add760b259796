"""Qt where it is installed, its replacement where it is not."""

import subprocess
import sys

from PySide6 import QtCore

from guarddog_gui.runtime import qt_core

NAMES = set(qt_core.__all__) - {"HAS_QT"}


def test_with_qt_the_classes_are_those_of_qt() -> None:
    assert qt_core.HAS_QT
    assert [name for name in NAMES if getattr(qt_core, name) is not getattr(QtCore, name)] == []


def test_without_qt_every_class_has_a_replacement() -> None:
    code = (
        "import sys; sys.modules['PySide6'] = None; from guarddog_gui.runtime import qt_core; "
        "print(qt_core.HAS_QT, {getattr(qt_core, name).__module__ for name in qt_core.__all__ if name != 'HAS_QT'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False {'guarddog_gui.runtime.without_qt.core'}\n"
