"""What PySide reads when modules are imported after it."""

from __future__ import annotations

import subprocess
import sys

COUNT_LINES = """
import linecache, sys
from guarddog_gui.bootstrap.pyside_imports import skip_source_scan
{call}
import guarddog_gui.app.tray_app
print(sum(1 for name in linecache.cache if "guarddog_gui" in name))
"""


def count_read_sources(call: str) -> int:
    command = [sys.executable, "-c", COUNT_LINES.format(call=call)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_the_source_of_no_module_is_read_after_the_call() -> None:
    assert count_read_sources("skip_source_scan()") == 0


def test_pyside_reads_the_sources_without_the_call() -> None:
    """Once this fails, the workaround has become superfluous."""
    assert count_read_sources("import PySide6.QtCore") > 50


def test_the_program_makes_the_call_before_it_imports_the_rest() -> None:
    program = """
import linecache, sys
from guarddog_gui.app import main
from guarddog_gui.bootstrap import container

def stop(*_arguments):
    print(sum(1 for name in linecache.cache if "guarddog_gui" in name))
    raise SystemExit

container.make_container = stop
main.main([])
"""
    environment = {"QT_QPA_PLATFORM": "offscreen", "PATH": ""}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "0\n", done.stderr
