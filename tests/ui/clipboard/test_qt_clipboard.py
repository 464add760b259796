"""Qt's clipboard never reports a failure; what the desktop has not accepted is not reported as copied."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.clipboard.qt_clipboard import QtClipboard


@pytest.fixture(autouse=True)
def cleared(qapp: QApplication) -> Iterator[None]:  # noqa: ARG001 - the clipboard needs one
    yield
    QGuiApplication.clipboard().clear()


def test_a_text_is_copied_with_its_other_formats() -> None:
    results: list[bool] = []
    clipboard = QtClipboard(is_wayland=False)
    clipboard.copy("91_token", {"x-hint": b"secret"}, results.append)
    assert results == [True]
    assert clipboard.text() == "91_token"
    assert bytes(QGuiApplication.clipboard().mimeData().data("x-hint").data()) == b"secret"


def test_a_clipboard_that_did_not_change_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QClipboard, "setMimeData", lambda *_: None)
    results: list[bool] = []
    QtClipboard(is_wayland=False).copy("91_token", {}, results.append)
    assert results == [False]


def test_on_wayland_a_value_that_is_not_announced_is_a_failure(qtbot: QtBot) -> None:
    results: list[bool] = []
    clipboard = QtClipboard(is_wayland=True)
    clipboard.copy("91_token", {}, results.append)
    assert results == []
    qtbot.waitUntil(lambda: results == [False])


def test_on_wayland_an_announced_value_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda _: True)  # always False on this platform
    results: list[bool] = []
    clipboard = QtClipboard(is_wayland=True)
    clipboard.copy("91_token", {}, results.append)
    QGuiApplication.clipboard().dataChanged.emit()
    assert results == [True]
    QGuiApplication.clipboard().dataChanged.emit()  # of another program, later
    assert results == [True]
