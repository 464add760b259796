"""Chips, of which one is chosen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.controls.chips import ChipBar
from tests.ui import find


@pytest.fixture
def chips(qtbot: QtBot) -> ChipBar:
    chips = ChipBar(("all", "test"))
    qtbot.addWidget(chips)
    chips.set_texts(("All", "Test"))
    chips.show()
    return chips


def test_the_first_chip_is_chosen_at_first_and_always_one_is(chips: ChipBar) -> None:
    assert chips.value == "all"
    find.button(chips, "All").click()
    assert chips.value == "all"


def test_a_click_chooses_a_chip(chips: ChipBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(chips.value_changed) as changed:
        find.button(chips, "Test").click()
    assert changed.args == ["test"]
    assert chips.value == "test"
    assert not find.button(chips, "All").isChecked()


def test_a_value_is_set_without_a_signal_and_an_unknown_one_is_ignored(chips: ChipBar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(chips.value_changed):
        chips.set_value("test")
        chips.set_value("nothing")
    assert chips.value == "test"


def test_the_keyboard_reaches_every_chip(chips: ChipBar) -> None:
    for chip in (find.button(chips, "All"), find.button(chips, "Test")):
        assert chip.focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.keyClick(find.button(chips, "Test"), Qt.Key.Key_Space)
    assert chips.value == "test"


@pytest.fixture
def environments(qtbot: QtBot) -> ChipBar:
    environments = ChipBar(("none", "test", "production"))
    environments.set_texts(("None", "Test", "Production"))
    environments.set_accessible_name("Environment")
    qtbot.addWidget(environments)
    environments.show()
    return environments


def test_a_value_that_is_set_is_not_emitted(environments: ChipBar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(environments.value_changed):
        environments.set_value("production")
        environments.set_value("unknown")
    assert environments.value == "production"
