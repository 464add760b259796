"""Tests of the searchable list in which the user checks APIs and open tags."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.signing.js_apis import DEFAULT_JS_APIS, JS_APIS, OPEN_TAGS
from guarddog_gui.ui.signing.api_list import SearchableCheckList

NAMES = (*JS_APIS, *OPEN_TAGS)


@pytest.fixture
def names(qtbot: QtBot) -> SearchableCheckList:
    names = SearchableCheckList(NAMES, DEFAULT_JS_APIS)
    qtbot.addWidget(names)
    names.show()
    return names


def visible_names(names: SearchableCheckList) -> list[str]:
    items = [names.list_widget.item(row) for row in range(names.list_widget.count())]
    return [item.text() for item in items if not item.isHidden()]


def set_checked(names: SearchableCheckList, name: str, state: Qt.CheckState = Qt.CheckState.Checked) -> None:
    names.list_widget.item(NAMES.index(name)).setCheckState(state)


def test_it_starts_with_all_names_and_the_default_ones_checked(names: SearchableCheckList) -> None:
    assert visible_names(names) == list(NAMES)
    assert names.checked_names() == DEFAULT_JS_APIS


def test_a_search_shows_the_names_that_contain_every_word(names: SearchableCheckList) -> None:
    names.search_field.setText("CHOOSE")
    assert visible_names(names) == ["chooseImage", "chooseCard", "chooseWXPay"]
    names.search_field.setText("wx- launch")
    assert visible_names(names) == ["wx-open-launch-weapp", "wx-open-launch-app"]
    names.search_field.setText("zzz")
    assert visible_names(names) == []
    names.search_field.clear()
    assert visible_names(names) == list(NAMES)


def test_a_checked_name_stays_checked_while_hidden(names: SearchableCheckList) -> None:
    set_checked(names, "scanQRCode")
    names.search_field.setText("choose")
    set_checked(names, "chooseImage")
    names.search_field.setText("zzz")
    assert names.checked_names() == (*DEFAULT_JS_APIS, "chooseImage", "scanQRCode")  # in the order of the list


def test_checking_emits_a_change_and_searching_does_not(names: SearchableCheckList) -> None:
    changes: list[None] = []
    names.checked_names_changed.connect(lambda: changes.append(None))
    names.search_field.setText("choose")
    assert changes == []
    set_checked(names, "chooseImage")
    set_checked(names, "chooseImage", Qt.CheckState.Unchecked)
    assert len(changes) == 2


def test_a_name_is_found_and_checked_with_the_keyboard_alone(names: SearchableCheckList, qtbot: QtBot) -> None:
    names.activateWindow()
    names.search_field.setFocus()
    QTest.keyClicks(names.search_field, "scan")
    QTest.keyClick(names.search_field, Qt.Key.Key_Tab)
    qtbot.waitUntil(names.list_widget.hasFocus)
    QTest.keyClick(names.list_widget, Qt.Key.Key_Space)
    assert names.checked_names() == (*DEFAULT_JS_APIS, "scanQRCode")
