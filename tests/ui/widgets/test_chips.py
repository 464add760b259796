"""Row of buttons of which one is chosen: by click, by arrow keys, and with names for screen readers."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.chips import ChipBar
from tests.ui import find


@pytest.fixture
def chips(qtbot: QtBot) -> ChipBar:
    chips = ChipBar(("none", "test", "production"))
    chips.set_texts(("None", "Test", "Production"))
    chips.set_accessible_name("Environment")
    qtbot.addWidget(chips)
    chips.show()
    return chips


def test_arrow_keys_choose_the_next_value(chips: ChipBar, qtbot: QtBot) -> None:
    chosen: list[str] = []
    chips.value_changed.connect(chosen.append)
    first = find.button(chips, "Environment: None")
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: chips.value == "test")
    assert chosen == ["test"]


def test_a_value_that_is_set_is_not_emitted(chips: ChipBar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(chips.value_changed):
        chips.set_value("production")
        chips.set_value("unknown")
    assert chips.value == "production"
