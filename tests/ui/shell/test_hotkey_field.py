"""The field of the global hotkey: keys, what they open, and the line about their state."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.hotkeys import HotkeyAction, HotkeyState, HotkeyStatus, parse_hotkey
from guarddog_gui.ui.shell.hotkey_field import HotkeyField
from tests.ui import find

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def field(qtbot: QtBot) -> HotkeyField:
    field = HotkeyField("", HotkeyAction.SEARCH)
    qtbot.addWidget(field)
    field.show()
    return field


def test_pressed_keys_are_chosen_and_backspace_removes_them(field: HotkeyField, qtbot: QtBot) -> None:
    assert field.keys == ""
    with qtbot.waitSignal(field.changed):
        QTest.keyClick(field.keys_edit, Key.Key_G, Modifier.ControlModifier | Modifier.AltModifier)
    assert field.keys == "Ctrl+Alt+G"
    assert parse_hotkey(field.keys) is not None
    with qtbot.waitSignal(field.changed):
        QTest.keyClick(field.keys_edit, Key.Key_Backspace)
    assert field.keys == ""


def test_our_own_words_stand_in_the_empty_field_whatever_was_pressed(field: HotkeyField, qtbot: QtBot) -> None:
    def placeholders() -> set[str]:
        return {line_edit.placeholderText() for line_edit in field.keys_edit.findChildren(QLineEdit)}

    words = {"off · press the keys here"}
    QTest.keyClick(field.keys_edit, Key.Key_G, Modifier.ControlModifier | Modifier.AltModifier)
    QTest.keyClick(field.keys_edit, Key.Key_Backspace)
    assert placeholders() == words
    QTest.keyClick(field.keys_edit, Key.Key_G, Modifier.ControlModifier | Modifier.AltModifier)
    (clear,) = (button for button in field.keys_edit.findChildren(QToolButton) if button.isVisible())
    clear.click()
    qtbot.wait(20)
    assert (field.keys, placeholders()) == ("", words)
    field.keys_edit.clearFocus()
    assert placeholders() == words


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Key.Key_V, Modifier.ControlModifier),
        (Key.Key_K, Modifier.ControlModifier),
        (Key.Key_F5, Modifier.NoModifier),
        (Key.Key_V, Modifier.ControlModifier | Modifier.ShiftModifier),
    ],
)
def test_a_refused_combination_is_explained_and_leaves_the_old_one(
    field: HotkeyField, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    old_keys = Modifier.ControlModifier | Modifier.AltModifier
    QTest.keyClick(field.keys_edit, Key.Key_G, old_keys)
    field.show_state(HotkeyState(HotkeyStatus.ACTIVE, "Ctrl+Alt+G"))
    with qtbot.assertNotEmitted(field.changed):
        QTest.keyClick(field.keys_edit, Key.Key_Control, Modifier.ControlModifier)
        QTest.keyClick(field.keys_edit, key, modifier)
    assert field.keys == field.keys_edit.keySequence().toString() == "Ctrl+Alt+G"
    assert "cannot be the hotkey: other programs need it" in find.label(field, "hotkey-state").text()
    with qtbot.waitSignal(field.changed):
        QTest.keyClick(field.keys_edit, Key.Key_H, old_keys)
    assert field.keys == "Ctrl+Alt+H"
    assert "cannot be the hotkey" not in find.label(field, "hotkey-state").text()


@pytest.mark.parametrize("key", [Key.Key_Escape, Key.Key_Return, Key.Key_Tab])
def test_the_keys_of_the_dialog_are_not_taken(field: HotkeyField, key: Qt.Key) -> None:
    QTest.keyClick(field.keys_edit, key)
    assert field.keys == ""


def test_what_it_opens_can_be_chosen(field: HotkeyField, qtbot: QtBot) -> None:
    with qtbot.waitSignal(field.changed):
        find.combo(field, "The global hotkey opens").setCurrentIndex(1)
    assert field.action is HotkeyAction.POPOVER


@pytest.mark.parametrize("status", [status for status in HotkeyStatus if status is not HotkeyStatus.OFF])
def test_each_state_is_explained(field: HotkeyField, status: HotkeyStatus) -> None:
    field.show_state(HotkeyState(status, "Ctrl+Alt+G"))
    label = find.label(field, "hotkey-state")
    assert label.isVisible()
    assert label.text().endswith(".")
    field.show_state(HotkeyState())
    assert not label.isVisible()
