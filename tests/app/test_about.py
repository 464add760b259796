"""About Guard Dog: its texts, and the report that ends on the clipboard."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QTextBrowser
from pytestqt.qtbot import QtBot

from guarddog_gui import __version__
from guarddog_gui.app.about import About
from guarddog_gui.bootstrap.container import make_container
from guarddog_gui.ui.dialogs.about_dialog import AboutDialog
from guarddog_gui.ui.icons import Icons
from tests.ui import find
from tests.ui.conftest import RESOURCES

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def copied() -> list[str]:
    return []


@pytest.fixture
def dialog(qapp: QApplication, qtbot: QtBot, tmp_path: Path, copied: list[str]) -> AboutDialog:
    container = make_container({"GUARDDOG_HOME": str(tmp_path)}, lambda: 1e9)
    about = About(container, {}, copied.append, lambda: copied.append("log folder"), None, qapp)
    about.open(Icons(RESOURCES / "icons"), None)  # type: ignore[arg-type]  # a window is not needed
    dialog = about._dialog
    assert dialog is not None
    qtbot.addWidget(dialog)
    return dialog


def test_version_changes_and_licences_are_shown(dialog: AboutDialog) -> None:
    assert any(__version__ in label.text() for label in dialog.findChildren(type(dialog._version_label)))
    assert "Added" in find.widget(dialog, QTextBrowser, "Changes").toPlainText()
    licences = find.widget(dialog, QTextBrowser, "Licences").toPlainText()
    assert "MIT" in licences
    assert "requests" in licences


def test_the_report_is_copied_when_it_is_ready(
    dialog: AboutDialog, copied: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (about,) = [child for child in QApplication.instance().children() if isinstance(child, About)][-1:]  # type: ignore[union-attr]
    monkeypatch.setattr(about._report, "start", lambda *_: about._report.finished.emit("all is well"))
    find.button(dialog, "Copy a report for a bug").click()
    assert copied == ["all is well"]
    assert "holds no secret" in dialog._status_label.text()


def test_the_log_folder_is_opened(dialog: AboutDialog, copied: list[str]) -> None:
    find.button(dialog, "Open the log folder").click()
    assert copied == ["log folder"]
