"""The list of names: searched, ticked, and ticked still while a search hides it."""

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


def shown(names: SearchableCheckList) -> list[str]:
    items = [names.list_widget.item(row) for row in range(names.list_widget.count())]
    return [item.text() for item in items if not item.isHidden()]


def tick(names: SearchableCheckList, name: str, state: Qt.CheckState = Qt.CheckState.Checked) -> None:
    names.list_widget.item(NAMES.index(name)).setCheckState(state)


def test_it_begins_with_all_names_and_the_usual_ones_ticked(names: SearchableCheckList) -> None:
    assert shown(names) == list(NAMES)
    assert names.checked_names() == DEFAULT_JS_APIS


def test_a_search_leaves_the_names_that_have_every_word(names: SearchableCheckList) -> None:
    names.search_field.setText("CHOOSE")
    assert shown(names) == ["chooseImage", "chooseCard", "chooseWXPay"]
    names.search_field.setText("wx- launch")
    assert shown(names) == ["wx-open-launch-weapp", "wx-open-launch-app"]
    names.search_field.setText("zzz")
    assert shown(names) == []
    names.search_field.clear()
    assert shown(names) == list(NAMES)


def test_what_is_ticked_survives_a_search_that_hides_it(names: SearchableCheckList) -> None:
    tick(names, "scanQRCode")
    names.search_field.setText("choose")
    tick(names, "chooseImage")
    names.search_field.setText("zzz")
    assert names.checked_names() == (
        *DEFAULT_JS_APIS,
        "chooseImage",
        "scanQRCode",
    )  # in the order of the list


def test_a_change_is_told_and_a_search_is_none(names: SearchableCheckList) -> None:
    told: list[None] = []
    names.checked_names_changed.connect(lambda: told.append(None))
    names.search_field.setText("choose")
    assert told == []
    tick(names, "chooseImage")
    tick(names, "chooseImage", Qt.CheckState.Unchecked)
    assert len(told) == 2


def test_a_name_is_found_and_ticked_with_the_keyboard_alone(names: SearchableCheckList, qtbot: QtBot) -> None:
    names.activateWindow()
    names.search_field.setFocus()
    QTest.keyClicks(names.search_field, "scan")
    QTest.keyClick(names.search_field, Qt.Key.Key_Tab)
    qtbot.waitUntil(names.list_widget.hasFocus)
    QTest.keyClick(names.list_widget, Qt.Key.Key_Space)
    assert names.checked_names() == (*DEFAULT_JS_APIS, "scanQRCode")
