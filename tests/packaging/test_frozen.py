"""Choice of the files of the frozen build. `packaging/dev.py package` builds it and runs its self-test."""

import ast
from pathlib import Path

import pytest
from child_environment import restore_environment
from contents import EXCLUDED_MODULES, is_kept

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "path",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6/Qt/plugins/tls/libqopensslbackend.so",
        "PySide6/Qt/translations/qtbase_zh_CN.qm",
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "libssl.so.3",
        "guarddog_gui/resources/icons/app.svg",
    ],
)
def test_what_the_program_needs_is_kept(path: str) -> None:
    assert is_kept(path, "linux")


@pytest.mark.parametrize(
    "path",
    [
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/plugins/imageformats/libqpdf.so",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt/translations/qtbase_de.qm",
        "libgtk-3.so.0",
        "libstdc++.so.6",
        "libGL.so.1",
    ],
)
def test_what_it_does_not_need_or_has_to_share_with_the_system_is_not(path: str) -> None:
    assert not is_kept(path, "linux")


def test_the_paths_of_windows_are_understood() -> None:
    assert is_kept(r"PySide6\plugins\platforms\qwindows.dll", "win32")
    assert not is_kept(r"PySide6\plugins\platforms\qdirect2d.dll", "win32")
    assert is_kept(r"libstdc++.so.6", "win32")


def test_no_module_that_the_source_imports_is_excluded() -> None:
    imported = set()
    for file in (ROOT / "guarddog_gui").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    assert imported & set(EXCLUDED_MODULES) == set()


def test_programs_that_are_started_get_the_environment_of_the_user() -> None:
    environ = {
        "LD_LIBRARY_PATH": "/usr/lib/guarddog/_internal",
        "LD_LIBRARY_PATH_ORIG": "/opt/lib",
        "QT_PLUGIN_PATH": "/usr/lib/guarddog/_internal/PySide6/Qt/plugins",
        "HOME": "/home/u",
    }
    restore_environment(environ)
    assert environ == {"LD_LIBRARY_PATH": "/opt/lib", "HOME": "/home/u"}
    environ = {"LD_LIBRARY_PATH": "/usr/lib/guarddog/_internal"}
    restore_environment(environ)
    assert environ == {}
