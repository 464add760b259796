"""A theme that changes while windows are open: they look as if they had begun with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.settings import Theme
from guarddog_gui.ui.theme import use_theme
from tests.ui.every_window import VIEWS, Programs, busy_programs

WINDOWS = [view for view in VIEWS if view not in ("tray", "context menu")]


@pytest.fixture
def programs(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Programs]:
    with busy_programs(qapp, qtbot, tmp_path) as programs:
        try:
            yield programs
        finally:
            programs.close()
            use_theme(qapp, Theme.SYSTEM)


def opened(view: str, programs: Programs, qtbot: QtBot) -> QWidget:
    program = programs.start("en")
    program.window._sign._nonce.setText("2718281828")  # else each has another one
    window = VIEWS[view](program, qtbot)
    qtbot.waitExposed(window)
    return window


def picture(window: QWidget, qapp: QApplication) -> QImage:
    """In one size, and without the mark of the keyboard, which blinks."""
    window.resize(1200, 800)
    for _ in range(5):
        qapp.sendPostedEvents()
        qapp.processEvents()
    focused = window.focusWidget()
    if focused is not None:
        focused.clearFocus()
    return window.grab().toImage()


@pytest.mark.parametrize(("before", "after"), [(Theme.LIGHT, Theme.DARK), (Theme.DARK, Theme.LIGHT)])
@pytest.mark.parametrize("view", WINDOWS)
def test_after_a_change_of_theme_every_window_looks_as_if_it_had_begun_with_it(
    view: str, before: Theme, after: Theme, programs: Programs, qtbot: QtBot, qapp: QApplication
) -> None:
    use_theme(qapp, after)
    wanted = picture(opened(view, programs, qtbot), qapp)
    use_theme(qapp, before)
    window = opened(view, programs, qtbot)
    assert picture(window, qapp) != wanted
    use_theme(qapp, after)
    changed = picture(window, qapp)
    assert changed == wanted
