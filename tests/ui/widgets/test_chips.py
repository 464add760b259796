"""Exclusive buttons in a row."""

from pytestqt.qtbot import QtBot

from guarddog_gui.ui.widgets.chips import ChipBar
from tests.ui import find


def test_one_chip_is_chosen_and_reported_once(qtbot: QtBot) -> None:
    chips = ChipBar(("all", "test"))
    qtbot.addWidget(chips)
    chips.set_texts(("All", "Test"))
    assert chips.value == "all"
    with qtbot.waitSignal(chips.value_changed) as changed:
        find.button(chips, "Test").click()
    assert changed.args == ["test"]
    with qtbot.assertNotEmitted(chips.value_changed):
        chips.set_value("all")
        chips.set_value("unknown")
    assert chips.value == "all"
    chips.set_value_visible("test", visible=False)
    assert find.button(chips, "Test").isHidden()
