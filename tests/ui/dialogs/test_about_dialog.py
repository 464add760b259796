"""About dialog: what it shows while a report is made, and names for screen readers."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabWidget, QTextBrowser
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.library import Library
from guarddog_gui.ui.dialogs.about_dialog import AboutDialog, translate_headings
from guarddog_gui.ui.icons import Icons
from tests.ui import find
from tests.ui.conftest import RESOURCES


@pytest.fixture
def dialog(qtbot: QtBot) -> AboutDialog:
    libraries = (Library("requests", "2.32.3", "Apache-2.0"), Library("odd", "1", ""))
    dialog = AboutDialog("1.2.3", "MIT License", "# Changes", libraries, Icons(RESOURCES / "icons"))
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_each_library_stands_with_version_and_licence(dialog: AboutDialog) -> None:
    lines = find.widget(dialog, QTextBrowser, "Licences").toPlainText().splitlines()
    assert lines[0] == "MIT License"
    assert lines[-2:] == ["requests · 2.32.3 · Apache-2.0", "odd · 1"]


def test_enter_presses_the_focused_button_and_elsewhere_close(dialog: AboutDialog, qtbot: QtBot) -> None:
    dialog.activateWindow()
    qtbot.waitActive(dialog)
    button = find.button(dialog, "Open the log folder")
    button.setFocus()
    with qtbot.waitSignal(dialog.log_folder_requested):
        QTest.keyClick(button, Qt.Key.Key_Return)
    assert dialog.isVisible()
    find.widget(dialog, QTabWidget).tabBar().setFocus()
    QTest.keyClick(find.widget(dialog, QTabWidget).tabBar(), Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_a_report_is_asked_for_and_its_end_is_shown(dialog: AboutDialog, qtbot: QtBot) -> None:
    button = find.button(dialog, "Copy a report for a bug")
    with qtbot.waitSignal(dialog.report_requested):
        button.click()
    assert not button.isEnabled()
    dialog.show_report_failed()
    assert button.isEnabled()
    assert "guarddogctl doctor" in dialog._status_label.text()


CHANGELOG = """# Changelog

Everything that a user can notice.

## [Unreleased]

### Added
- A tray.

### Fixed
- [Unreleased] things.
"""


def test_headings_of_the_changelog_are_translated_and_it_says_that_the_rest_is_not() -> None:
    headings = {"[Unreleased]": "尚未发布", "Added": "新增", "Fixed": "修复"}
    assert translate_headings(CHANGELOG, headings, "更新日志为英文。").splitlines() == [
        *("更新日志为英文。", "", "## 尚未发布", "", "### 新增", "- A tray.", "", "### 修复", "- [Unreleased] things.")
    ]
    assert translate_headings("", headings, "") == ""
    empty = "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-11-29\n\n### Added\n- A tray.\n"
    assert translate_headings(empty, headings, "").splitlines()[0] == "## [0.1.0] - 2026-11-29"


def test_a_licence_is_wrapped_by_the_view_and_not_in_the_middle_of_a_line(qtbot: QtBot) -> None:
    licence = "MIT License\n\nPermission is hereby granted, free of charge,\nto any person\n\nTHE SOFTWARE\n"
    dialog = AboutDialog("1", licence, CHANGELOG, (), Icons(RESOURCES / "icons"))
    qtbot.addWidget(dialog)
    lines = find.widget(dialog, QTextBrowser, "Licences").toPlainText().splitlines()
    assert lines[2] == "Permission is hereby granted, free of charge, to any person"
    changes = find.widget(dialog, QTextBrowser, "Changes").toPlainText()
    assert changes.startswith("Not released yet\nAdded\nA tray.")
