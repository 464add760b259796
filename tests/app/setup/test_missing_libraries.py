"""Starts on a system that lacks what Qt needs, with a dynamic linker that finds nothing."""

from pathlib import Path

import pytest

from tests.app.gui_process import environment, gui

pytestmark = pytest.mark.only_on("linux")

_LINKER = """
import guarddog_gui.adapters.health.system_libraries as s
s._COMMAND = ("printf", "\\tlibxcb-cursor.so.0 => not found\\n")
s._OS_RELEASE = ()
"""
_NO_OPENGL = f"""{_LINKER}
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "PySide6.QtGui":
            raise ImportError("libGL.so.1: cannot open shared object file: No such file or directory")
sys.meta_path.insert(0, Finder())
"""


def test_a_plugin_that_cannot_be_loaded_is_a_sentence_and_no_abort(tmp_path: Path) -> None:
    done = gui(environment(tmp_path, QT_QPA_PLATFORM="unheard-of"), before=_LINKER)
    assert done.returncode == 4
    assert "this system lacks libxcb-cursor.so.0, which Qt needs. Install the packages" in done.stderr


def test_a_library_that_a_module_needs_is_a_sentence_and_no_mistake_of_ours(tmp_path: Path) -> None:
    done = gui(environment(tmp_path), before=_NO_OPENGL)
    assert done.returncode == 4
    assert done.stderr.startswith("The window cannot be shown: this system lacks libxcb-cursor.so.0")
    assert "Traceback" not in done.stderr


def test_where_nothing_is_missing_the_words_of_qt_stay(tmp_path: Path) -> None:
    done = gui(environment(tmp_path, QT_QPA_PLATFORM="unheard-of"))
    assert done.returncode < 0
    assert "no Qt platform plugin could be initialized" in done.stderr
